"""An answer that was accepted reaches its run, whatever is killed on the way, and counts once."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from tests.api.test_approvals import waiting
from tests.api.test_executions import create, execute, finished
from tests.support.parts import Parts

ASKING = {
    "actions": [
        {"id": "ask", "type": "approval", "config": {"title": "Go on?"}},
        {"id": "paid", "type": "wait_for_signal", "config": {"name": "paid"}},
    ],
    "output": {"by": "{{steps.ask.output.by}}", "paid": "{{steps.paid.output}}"},
}


async def _approval(parts: Parts) -> dict[str, Any]:
    execution = await execute(parts.client, await create(parts.client, ASKING))
    return await waiting(parts.client, execution["execution_id"])


async def test_the_api_dies_between_the_commit_and_the_word_to_the_run(parts: Parts) -> None:
    approval = await _approval(parts)
    execution_id = approval["execution_id"]
    for path, query in (
        (f"/api/v1/approvals/{approval['id']}/approve", "SELECT 1 FROM waits WHERE status = 'approved'"),
        (f"/api/v1/executions/{execution_id}/signals/paid", "SELECT 1 FROM waits WHERE status = 'answered'"),
    ):
        parts.relay.cut()
        asking = asyncio.create_task(parts.client.post(path))
        await parts.committed(query)
        parts.api.kill()
        with pytest.raises(httpx.TransportError):
            await asking
        parts.relay.mend()
        await asyncio.to_thread(parts.api.start)
        if path.endswith("approve"):
            async with asyncio.timeout(20):
                while not (await parts.client.get(f"/api/v1/executions/{execution_id}/waits")).json()["data"]:
                    await asyncio.sleep(0.05)
    ended = await finished(parts.client, execution_id)
    assert (ended["status"], ended["output"]) == ("completed", {"by": "ann", "paid": {}}), ended
    # The first answer to a repeated request is the one that holds.
    again = await parts.client.post(f"/api/v1/approvals/{approval['id']}/reject")
    assert again.status_code == 409


async def test_temporal_is_away_when_the_answer_comes(parts: Parts) -> None:
    approval = await _approval(parts)
    parts.relay.cut()
    began = time.monotonic()
    decided = await parts.client.post(f"/api/v1/approvals/{approval['id']}/approve")
    assert (decided.status_code, decided.json()["data"]["status"]) == (200, "approved")
    early = await parts.client.post(f"/api/v1/executions/{approval['execution_id']}/signals/paid", json=1)
    assert (early.status_code, early.json()["data"]["status"]) == (202, "queued")
    assert time.monotonic() - began < 6
    parts.relay.mend()
    ended = await finished(parts.client, approval["execution_id"])
    assert (ended["status"], ended["output"]) == ("completed", {"by": "ann", "paid": 1})


async def test_a_worker_that_comes_back_finds_one_answer_told_twice(parts: Parts) -> None:
    approval = await _approval(parts)
    execution_id = approval["execution_id"]
    parts.worker.kill()
    assert (await parts.client.post(f"/api/v1/approvals/{approval['id']}/approve")).status_code == 200
    async with asyncio.timeout(20):
        while await parts.signals(execution_id) < 2:
            await asyncio.sleep(0.2)
    await parts.client.post(f"/api/v1/executions/{execution_id}/signals/paid", json=1)
    await asyncio.to_thread(parts.worker.start)
    ended = await finished(parts.client, execution_id)
    assert (ended["status"], ended["output"]) == ("completed", {"by": "ann", "paid": 1})
    steps = (await parts.client.get(f"/api/v1/executions/{execution_id}/steps")).json()["data"]["steps"]
    assert [(step["id"], step["status"]) for step in steps] == [("ask", "completed"), ("paid", "completed")]
