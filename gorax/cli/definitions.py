"""Definitions, checked without a server: all that a save looks at but credentials, which only a server knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gorax.core.actions.catalogue import Catalogue
from gorax.core.builder import CompiledBuilder, is_builder_definition, parse_builder
from gorax.core.definition import Definition, InvalidDefinition, Problem, parse_definition, warnings_of
from gorax.core.dry_run import DryRun, dry_run


@dataclass(frozen=True)
class Checked:
    """A definition in either form, as far as it can be checked."""

    errors: list[Problem]
    warnings: list[Problem]
    definition: Definition | None
    """None where there are errors."""
    builder: CompiledBuilder | None

    def authored(self, problem: Problem) -> Problem:
        """A problem of the action form as one of what was authored."""
        return self.builder.authored(problem) if self.builder else problem


def check(authored: Any, catalogue: Catalogue) -> Checked:
    """What is wrong with a definition, and what is suspicious."""
    builder: CompiledBuilder | None = None
    try:
        if isinstance(authored, Mapping) and is_builder_definition(authored):
            definition, builder = parse_builder(authored, catalogue)
        else:
            definition = parse_definition(authored, catalogue)
    except InvalidDefinition as invalid:
        return Checked(list(invalid.problems), [], None, None)
    checked = Checked([], [], definition, builder)
    checked.warnings.extend(checked.authored(one) for one in warnings_of(definition, catalogue))
    return checked


def rehearse(checked: Checked, catalogue: Catalogue, test_data: Any) -> DryRun:
    """What would happen if it were started. Of a definition without errors."""
    assert checked.definition is not None
    told = dry_run(checked.definition, catalogue, test_data, context={})
    return told.model_copy(
        update={
            "warnings": [checked.authored(one) for one in told.warnings],
            "errors": [checked.authored(one) for one in told.errors],
        }
    )
