"""What docs/steps.md says is so."""

import json
import re
from pathlib import Path
from typing import get_args

from api.schemas.steps import StepsQuery, StepsView
from gorax.core.contracts import StepStatus
from gorax.engine.history import MAX_STEPS, Progress, Step
from gorax.engine.history.paging import MAX_BYTES
from tests.docs.fences import fences

FILE = Path(__file__).parents[2] / "docs" / "steps.md"
TEXT = FILE.read_text()


def rows(heading: str) -> set[str]:
    """The names in the first column of the table under a heading."""
    table = TEXT.split(f"| {heading} | meaning |")[-1].split("\n\n")[0]
    first = (line.split("|")[1] for line in table.splitlines() if line.startswith("| `"))
    return set(re.findall(r"`(\w+)`", " ".join(first)))


def test_every_field_is_explained() -> None:
    step = TEXT.split("## Pages")[0].split("| field | meaning |")[-1]
    first = (line.split("|")[1] for line in step.splitlines() if line.startswith("| `"))
    assert set(re.findall(r"`(\w+)`", " ".join(first))) == set(Step.model_fields)
    assert rows("parameter") == set(StepsQuery.model_fields)
    assert rows("field") == set(Progress.model_fields)
    beside = re.search(r"Beside `steps` stand (.*?)\.", TEXT)
    assert beside
    assert set(re.findall(r"`(\w+)`", beside[1])) == StepsView.__annotations__.keys() - {
        "execution_id",
        "steps",
    }


def test_every_status_is_explained() -> None:
    [line] = [line for line in TEXT.splitlines() if line.startswith("| `status` | `pending`")]
    assert set(re.findall(r"`(\w+)`", line)) == {"status", *get_args(StepStatus)}


def test_figures_are_those_of_the_code() -> None:
    assert f"at most {MAX_STEPS:,} steps" in TEXT
    assert f"after {MAX_BYTES // 1_000_000} MB" in TEXT
    [totals] = fences(FILE, "json")
    Progress.model_validate(json.loads(totals.text), extra="forbid")
