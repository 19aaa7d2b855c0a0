"""What docs/executions.md shows works."""

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.contracts import ExecutionStatus
from gorax.core.definition import parse_definition
from tests.support.executions import begin, is_waiting, until
from tests.support.processes import Stack

TEXT = (Path(__file__).parents[2] / "docs" / "executions.md").read_text()
COMMANDS = {
    match[2]: match[0]
    for match in re.finditer(r"curl [^`]*?/executions/(\$EXECUTION_ID)/(\w+)[^`]*?(?=\ncurl|\n```)", TEXT)
}


def test_every_status_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    assert sorted(rows) == sorted(get_args(ExecutionStatus))


@pytest.mark.parametrize("block", re.findall(r"```json\n(.*?)```", TEXT, re.DOTALL))
def test_a_definition_is_valid(block: str) -> None:
    parse_definition(json.loads(block), full_catalogue())


async def test_the_commands_work(stack: Stack, tenant: str, api: httpx.AsyncClient) -> None:
    def run(what: str, execution_id: str) -> Any:
        command = COMMANDS[what].replace("\\\n", " ").replace("$EXECUTION_ID", execution_id)
        command = command.replace("http://127.0.0.1:8080", stack.url).replace("acme", tenant)
        words = [*shlex.split(command), "--noproxy", "*"]
        done = subprocess.run(words, capture_output=True, check=True, timeout=20)
        return json.loads(done.stdout)["data"]

    assert set(COMMANDS) == {"cancel", "terminate", "pause", "resume", "retry", "rerun"}
    execution_id = await begin(api)
    await is_waiting(api, execution_id)
    assert run("pause", execution_id)["paused"] is True
    assert run("resume", execution_id)["paused"] is False
    assert run("cancel", execution_id)["stop"]["kind"] == "cancel"

    async def cancelled() -> bool:
        shown = await api.get(f"/api/v1/executions/{execution_id}")
        return bool(shown.json()["data"]["status"] == "cancelled")

    await until(cancelled)
    retried = run("retry", execution_id)["execution_id"]
    assert run("terminate", retried)["status"] == "terminated"
    rerun = run("rerun", execution_id)["execution_id"]
    assert run("terminate", rerun)["stop"]["reason"] == "it calls a customer again and again"
