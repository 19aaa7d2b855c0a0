"""What follows from a saved definition for every execution of it, worked out once.

Versions never change, so whoever begins executions keeps this by version.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import EffectTraits
from gorax.core.builder import compile_with_sources, is_builder_definition
from gorax.core.cache import Cache
from gorax.core.definition import Problem, all_actions, load_definition
from gorax.core.definition.inputs import schema_problems
from gorax.core.encoding import dumps
from gorax.core.json_schema import Schema, compile_schema

KEPT_BYTES: Final = 32_000_000
"""Of definitions, as JSON. A limit on their number alone would not bound the memory."""


@dataclass(frozen=True, slots=True)
class Steering:
    """What an execution of one version is begun with."""

    definition: dict[str, Any]
    """In the action form."""
    timeout: float
    """Seconds that an execution may take."""
    traits: Mapping[str, EffectTraits]
    """By type name, as the definition writes it, for the effect types that it uses."""
    input_schema: Schema | None

    def input_problems(self, body: Any) -> list[Problem]:
        """Where the body does not have the form that `input_schema` asks for, with pointers into the body.

        Bounded in time, whatever the schema and the body are.
        """
        return [] if self.input_schema is None else schema_problems(self.input_schema, body)


class Steerings:
    """Works them out and keeps those that were used last; for any number of threads."""

    def __init__(self, catalogue: Catalogue, kept_bytes: int = KEPT_BYTES) -> None:
        self._catalogue = catalogue
        self._kept: Cache[Steering] = Cache(kept_bytes, largest=kept_bytes)
        self._lock = Lock()

    def of(self, workflow_id: str, version: int, authored: dict[str, Any]) -> Steering:
        """The steering of a version whose definition was saved as `authored`, in either form.

        Raises `InvalidDefinition` or `pydantic.ValidationError` when the definition was saved under other rules.
        """
        key = (workflow_id, version)
        with self._lock:
            if (known := self._kept.get(key)) is not None:
                return known
        steering, size = self._work_out(authored), len(dumps(authored))
        with self._lock:
            self._kept.keep(key, steering, size)
        return steering

    def _work_out(self, authored: dict[str, Any]) -> Steering:
        actions = action_form(authored)
        definition = load_definition(actions)
        types = {action.type for _, action in all_actions(definition, self._catalogue)}
        schema = definition.input_schema
        return Steering(
            definition=actions,
            timeout=definition.timeout,
            traits=dict(self._catalogue.traits(types)),
            input_schema=None if schema is None else compile_schema(schema),
        )


def action_form(authored: dict[str, Any]) -> dict[str, Any]:
    """What runs of a definition that was saved: itself, or what its nodes and edges compile to.

    The same nodes and edges always compile to the same actions. Raises `InvalidDefinition`.
    """
    return compile_with_sources(authored).definition if is_builder_definition(authored) else authored
