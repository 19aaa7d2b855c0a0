"""Dry runs of all the definitions that the tests have: they tell every action, and nothing but what a run then does."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gorax.core.actions.catalogue import Catalogue, full_catalogue
from gorax.core.definition import all_actions, parse_definition
from gorax.core.dry_run import DryRun, dry_run
from tests.support.probe import ACTION as PROBE

CATALOGUE = Catalogue([*full_catalogue(), PROBE])
_ROOT = Path(__file__).parents[3]


def _published() -> Iterator[Any]:
    for file in sorted((_ROOT / "tests/workflows/published").glob("*.json")):
        for entry in json.loads(file.read_text()):
            for number, case in enumerate(entry["cases"]):
                yield pytest.param(entry["definition"], case, id=f"{file.stem}-{entry['name']}-{number}")


def _examples() -> Iterator[Any]:
    for page in ("definitions", "control-flow", "approvals"):
        text = (_ROOT / f"docs/{page}.md").read_text()
        for number, block in enumerate(re.findall(r"^```json\n(.*?)^```", text, re.DOTALL | re.MULTILINE)):
            example = json.loads(block)
            if "actions" in example or "type" in example:
                raw = example if "actions" in example else {"actions": [example]}
                yield pytest.param(raw, id=f"{page}-{number}")


def run(raw: dict[str, Any], test_data: Any) -> DryRun:
    definition = parse_definition(raw, CATALOGUE)
    done = dry_run(definition, CATALOGUE, test_data, context={})
    told = {step.action_id for step in done.steps}
    assert told == {action.id for _, action in all_actions(definition, CATALOGUE)}
    paths = [step.path for step in done.steps]
    assert len(set(paths)) == len(paths)
    return done


@pytest.mark.parametrize("raw", list(_examples()))
def test_every_example_of_the_docs_is_told(raw: dict[str, Any]) -> None:
    run(raw, {})


@pytest.mark.parametrize(("raw", "case"), list(_published()))
def test_what_is_known_is_what_a_run_gives(raw: dict[str, Any], case: dict[str, Any]) -> None:
    done = run(raw, case.get("body", {}))
    results = {step.path: step.result for step in done.steps}
    known = results.keys() - {path for path, result in results.items() if result in ("would_run", "unknown")}
    statuses = case.get("statuses", {})
    ran = {path for path in known if results[path] == "success"}
    assert not ran & set(case.get("absent", ()))
    assert not {path for path in ran if statuses.get(path, "completed") not in ("completed", "cancelled")}
    if known == results.keys() and "output" in case:
        assert done.output == case["output"]
    if known == results.keys() and "error" in case:
        message = case["error"].get("message")
        assert message in (None, *(step.message for step in done.steps if step.result == "error"))
