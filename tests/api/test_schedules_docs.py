"""What docs/schedules.md shows works."""

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any, get_args

import httpx

from api.schemas.schedules import CreateSchedule
from gorax.core.schedule_options import Overlap, ScheduleOptions
from tests.support.processes import Stack
from tests.support.schedules import add_workflow

TEXT = (Path(__file__).parents[2] / "docs" / "schedules.md").read_text()
COMMANDS = re.findall(r"```bash\n(.*?)\n```", TEXT, re.DOTALL)


def rows_after(heading: str) -> list[str]:
    """The first cells of the table with this heading."""
    _, _, table = TEXT.partition(heading)
    lines = table.split("\n\n", 1)[0].splitlines()[2:]
    return re.findall(r"^\| `(\w+)` \|", "\n".join(lines), re.MULTILINE)


def test_every_option_is_explained() -> None:
    assert set(rows_after("| field | meaning | default |")) == {*ScheduleOptions.model_fields, "enabled"}
    assert tuple(rows_after("| `overlap` | |")) == get_args(Overlap)


def test_the_defaults_are_as_told() -> None:
    defaults = CreateSchedule.model_validate({"every": "1h"})
    assert (defaults.overlap, defaults.catchup_window, defaults.enabled) == ("skip", 600, True)
    assert (defaults.payload, defaults.pause_on_failure, defaults.remaining_runs) == ({}, False, None)


async def test_the_definition_has_its_schedule(api: httpx.AsyncClient) -> None:
    [definition] = re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL)
    created = await api.post("/api/v1/workflows", json={"name": "n", "definition": json.loads(definition)})
    assert (created.status_code, created.json()["data"]["warnings"]) == (201, [])
    [schedule] = (await api.get("/api/v1/schedules")).json()["data"]
    assert schedule["managed_by"] == "definition"


async def test_the_commands_work(stack: Stack, tenant: str, api: httpx.AsyncClient) -> None:
    def run(command: str, **ids: str) -> Any:
        for name, value in ids.items():
            command = command.replace(f"${name}", value)
        command = command.replace("\\\n", " ").replace("http://127.0.0.1:8080", stack.url)
        words = [*shlex.split(command.replace("acme", tenant)), "--noproxy", "*"]
        done = subprocess.run(words, capture_output=True, check=True, timeout=20)
        return json.loads(done.stdout)["data"]

    create, trigger, backfill = COMMANDS
    schedule = run(create, WORKFLOW_ID=await add_workflow(api))
    assert schedule["payload"] == {"report": "daily"}
    begun = run(trigger, SCHEDULE_ID=schedule["id"])
    assert begun["execution_id"].startswith("exec_")
    changed = await api.put(f"/api/v1/schedules/{schedule['id']}", json={"cron_expression": "@daily"})
    assert changed.status_code == 200
    assert run(backfill, SCHEDULE_ID=schedule["id"])["count"] == 2
