"""Definitions as they are authored, in either form, and the action form that runs."""

from collections.abc import Mapping
from typing import Any

from gorax.core.actions.catalogue import Catalogue
from gorax.core.builder import CompiledBuilder, compile_with_sources, is_builder_definition
from gorax.core.definition import Definition, InvalidDefinition, Problem, parse_definition, warnings_of


class Checked:
    """A definition that may be saved and run."""

    def __init__(self, definition: Definition, builder: CompiledBuilder | None) -> None:
        self.definition = definition
        self._builder = builder

    def authored(self, problem: Problem) -> Problem:
        """A problem of the action form as one of what was authored."""
        return self._builder.authored(problem) if self._builder else problem

    def warnings(self, catalogue: Catalogue) -> list[Problem]:
        """Its suspicious parts, where they were authored."""
        return [self.authored(warning) for warning in warnings_of(self.definition, catalogue)]


def action_form(authored: dict[str, Any]) -> dict[str, Any]:
    """What runs of a definition that was saved: itself, or what its nodes and edges compile to.

    The same nodes and edges always compile to the same actions. Raises `InvalidDefinition`.
    """
    return compile_with_sources(authored).definition if is_builder_definition(authored) else authored


def check_definition(authored: Any, catalogue: Catalogue) -> Checked:
    """Check a definition in either form. Raises `InvalidDefinition` that points into what was authored."""
    if not isinstance(authored, Mapping) or not is_builder_definition(authored):
        return Checked(parse_definition(authored, catalogue), None)
    builder = compile_with_sources(authored)
    try:
        return Checked(parse_definition(builder.definition, catalogue), builder)
    except InvalidDefinition as error:
        raise builder.refused(error) from error
