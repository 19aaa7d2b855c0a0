"""Where a config names credentials."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from gorax.core.expressions import TemplateError, templates_in

FIELDS = (("credential",), ("auth", "credential"))
"""Where a config holds the name of a credential itself: what action types call such a field."""


@dataclass(frozen=True, slots=True)
class Use:
    """One place that names a credential."""

    pointer: str
    """Into the config."""
    name: str


def uses_in(config: Mapping[str, Any]) -> Iterator[Use]:
    """Every credential that an authored config names, by a reference in a text or in a field of its own.

    A name that a template gives is only known when it runs.
    """
    try:
        for pointer, template in templates_in(config):
            yield from (Use(pointer, path[0]) for path in sorted(template.credentials))
    except TemplateError:
        pass  # saved under older rules: what does not compile names nothing
    for keys in FIELDS:
        value: Any = config
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        if isinstance(value, str) and "{{" not in value:
            yield Use("".join(f"/{key}" for key in keys), value)
