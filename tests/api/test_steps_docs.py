"""What docs/steps.md says is so."""

import asyncio
import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import get_args

import httpx

from api.schemas.steps import StepsQuery, StepsView
from gorax.core.contracts import StepStatus
from gorax.engine.history import MAX_STEPS, Progress, Step
from gorax.engine.history.paging import MAX_BYTES
from tests.api.test_executions import create, execute, finished
from tests.support.processes import Stack

TEXT = (Path(__file__).parents[2] / "docs" / "steps.md").read_text()


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
    [totals] = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    Progress.model_validate(json.loads(totals), extra="forbid")


def run(words: list[str]) -> bytes:
    """What a command prints."""
    return subprocess.run(words, capture_output=True, check=True, timeout=20).stdout


async def test_the_commands_work(stack: Stack, tenant: str, api: httpx.AsyncClient) -> None:
    loop = {
        "id": "each_order",
        "type": "for_each",
        "config": {"items": 3, "actions": [{"id": "note", "type": "log", "config": {"message": "{{item}}"}}]},
    }
    execution_id = (await execute(api, await create(api, {"actions": [loop]})))["execution_id"]
    await finished(api, execution_id)
    totals = []
    for block in re.findall(r"```bash\n(.*?)```", TEXT, re.DOTALL):
        command = block.replace("\\\n", " ").replace("$EXECUTION_ID", execution_id)
        command = command.replace("http://127.0.0.1:8080", stack.url).replace("acme", tenant)
        answer = await asyncio.to_thread(run, [*shlex.split(command), "--noproxy", "*"])
        totals.append(json.loads(answer)["data"]["total"])
    assert totals == [4, 3]
