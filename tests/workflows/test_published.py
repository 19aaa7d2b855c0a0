"""What Conductor and Step Functions document of their operators, said in our language: it must come out the same.

The files under `published/` hold definitions whose semantics those products describe in public, and for some inputs the
outcome that they describe. `probe` stands for their tasks.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.interpreter import Finished, Interpreter

_FILES = sorted((Path(__file__).parent / "published").glob("*.json"))
_ENTRIES = {file.stem: json.loads(file.read_text()) for file in _FILES}
_CASES = [
    pytest.param(entry["definition"], case, id=f"{product}-{entry['name']}-{number}")
    for product, entries in _ENTRIES.items()
    for entry in entries
    for number, case in enumerate(entry["cases"])
]
_FIELDS = {"body", "status", "output", "error", "statuses", "outputs", "attempts", "order", "absent"}


@pytest.mark.parametrize(("definition", "case"), _CASES)
async def test_comes_out_as_documented(
    interpreter: Interpreter, definition: dict[str, Any], case: dict[str, Any]
) -> None:
    finished = await interpreter.run(definition, case.get("body"))
    assert finished.status == case.get("status", "completed"), finished.error
    if "output" in case:
        assert finished.output == case["output"]
    if "error" in case:
        assert finished.error is not None
        assert finished.error.model_dump(include=set(case["error"])) == case["error"]
    _check_steps(finished, case)


def _check_steps(finished: Finished, case: dict[str, Any]) -> None:
    told = {
        "statuses": {path: step.status for path, step in finished.steps.items()},
        "outputs": {path: step.output for path, step in finished.steps.items()},
        "attempts": {path: step.attempts for path, step in finished.steps.items()},
    }
    for what, steps in told.items():
        expected = case.get(what, {})
        assert {path: steps.get(path) for path in expected} == expected
    assert not finished.steps.keys() & set(case.get("absent", ()))
    if "order" in case:
        assert finished.order == case["order"]


def test_nothing_in_the_files_is_overlooked() -> None:
    for entries in _ENTRIES.values():
        assert len({entry["name"] for entry in entries}) == len(entries)
        for entry in entries:
            assert entry["documents"]
            assert entry["cases"]
            for case in entry["cases"]:
                assert case.keys() <= _FIELDS
                assert case.keys() - {"body"}
