"""Definitions as they are authored, in either form, and the action form that runs."""

from collections.abc import Mapping
from typing import Any

from gorax.core.actions.catalogue import Catalogue
from gorax.core.builder import CompiledBuilder, is_builder_definition, parse_builder
from gorax.core.definition import (
    Definition,
    Problem,
    missing_credentials,
    parse_definition,
    warnings_of,
)


class Checked:
    """A definition that may be saved and run."""

    def __init__(self, definition: Definition, builder: CompiledBuilder | None) -> None:
        self.definition = definition
        self._builder = builder

    def authored(self, problem: Problem) -> Problem:
        """A problem of the action form as one of what was authored."""
        return self._builder.authored(problem) if self._builder else problem

    def warnings(self, catalogue: Catalogue, credentials: Mapping[str, str]) -> list[Problem]:
        """Its suspicious parts, where they were authored; `credentials` has the names of those there are, by id."""
        return [
            self.authored(warning)
            for warning in (
                *warnings_of(self.definition, catalogue),
                *missing_credentials(self.definition, catalogue, credentials),
            )
        ]


def check_definition(authored: Any, catalogue: Catalogue) -> Checked:
    """Check a definition in either form. Raises `InvalidDefinition` that points into what was authored."""
    if not isinstance(authored, Mapping) or not is_builder_definition(authored):
        return Checked(parse_definition(authored, catalogue), None)
    return Checked(*parse_builder(authored, catalogue))
