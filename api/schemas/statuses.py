"""Query parameters that name one status or several: `status=failed,cancelled`, or `status=failed&status=cancelled`."""

from typing import Any, get_args

from pydantic import BeforeValidator


def one_or_several(statuses: Any) -> BeforeValidator:
    """Reads names of a `Literal` of statuses; each once, whatever way they were given."""
    known: tuple[str, ...] = get_args(statuses)

    def split(value: object) -> object:
        if isinstance(value, str):
            value = [value]
        if not isinstance(value, list):
            return value
        names = [name.strip() for item in value for name in str(item)[:1000].split(",")]
        for name in names:
            if name not in known:
                raise ValueError(f"{name[:40]!r} is not a status, known are {', '.join(known)}")
        return sorted(set(names))

    return BeforeValidator(split)
