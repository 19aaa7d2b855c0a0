"""Dry runs as the tests of them read them."""

from typing import Any

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import parse_definition
from gorax.core.dry_run import DryRun, dry_run

CATALOGUE = full_catalogue()


def run(raw: dict[str, Any], test_data: Any = None) -> DryRun:
    """Dry-run a definition, checked as at save."""
    return dry_run(parse_definition(raw, CATALOGUE), CATALOGUE, test_data, context={})


def results(done: DryRun) -> dict[str, str]:
    """Result by path."""
    return {step.path: step.result for step in done.steps}
