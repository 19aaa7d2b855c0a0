"""Nothing accepted is lost: every part is killed while executions are accepted and run."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from tests.support.instance import Instance
from tests.support.receiver import Receiver

pytestmark = pytest.mark.soak

EXECUTIONS = 100
TENANT = "tenant_faults"
TERMINAL = {"completed", "failed", "cancelled", "terminated", "timed_out"}


def _definition(receiver: Receiver) -> dict[str, Any]:
    return {
        "actions": [
            {"id": "look", "type": "http", "config": {"url": f"{receiver.url}/look"}},
            {"id": "rest", "type": "delay", "config": {"duration": "700ms"}},
            {
                "id": "act",
                "type": "http",
                "config": {
                    "method": "POST",
                    "url": f"{receiver.url}/act",
                    "body": {"number": "{{trigger.body.number}}", "run": "{{env.execution_id}}"},
                },
                "retry": {"max_attempts": 10, "initial_interval": "200ms"},
                "timeout": "5s",
            },
        ],
        "output": "{{trigger.body.number}}",
    }


async def _accept(client: httpx.AsyncClient, workflow_id: str, number: int) -> str:
    """Execute, and repeat under the same key until the answer is a 202, as a careful client does."""
    while True:
        try:
            answer = await client.post(
                f"/api/v1/workflows/{workflow_id}/execute",
                json={"number": number},
                headers={"Idempotency-Key": f"number-{number}"},
            )
        except httpx.TransportError:
            pass
        else:
            if answer.status_code == 202:
                execution_id: str = answer.json()["data"]["execution_id"]
                return execution_id
            assert answer.status_code == 503, answer.text
        await asyncio.sleep(0.2)


async def _ended(client: httpx.AsyncClient, execution_id: str) -> dict[str, Any]:
    async with asyncio.timeout(120):
        while True:
            try:
                answer = await client.get(f"/api/v1/executions/{execution_id}")
            except httpx.TransportError:
                await asyncio.sleep(0.2)
                continue
            if answer.status_code == 200 and answer.json()["data"]["status"] in TERMINAL:
                data: dict[str, Any] = answer.json()["data"]
                return data
            await asyncio.sleep(0.3)


async def _kill_everything(instance: Instance) -> None:
    for part in ("worker", "api", "temporal", "postgres", "worker"):
        await asyncio.sleep(1.5)
        instance.kill(part)
    await asyncio.sleep(1)
    await instance.wait_until_ready()


async def test_all_that_is_accepted_completes_and_nothing_twice(tmp_path: Path, receiver: Receiver) -> None:
    tmp_path.chmod(0o755)
    with Instance(tmp_path) as instance:
        async with instance.client(TENANT) as client:
            created = await client.post(
                "/api/v1/workflows", json={"name": "faults", "definition": _definition(receiver)}
            )
            workflow_id = created.json()["data"]["id"]
            killing = asyncio.create_task(_kill_everything(instance))
            accepted: list[asyncio.Task[str]] = []
            for number in range(EXECUTIONS):
                accepted.append(asyncio.create_task(_accept(client, workflow_id, number)))
                await asyncio.sleep(0.08)
            execution_ids = await asyncio.gather(*accepted)
            await killing
            assert len(set(execution_ids)) == EXECUTIONS

            ended = await asyncio.gather(*(_ended(client, execution_id) for execution_id in execution_ids))
            errors = [execution["error"] for execution in ended if execution["error"]]
            assert Counter(execution["status"] for execution in ended) == {"completed": EXECUTIONS}, errors[
                :3
            ]
            assert [execution["output"] for execution in ended] == list(range(EXECUTIONS))

            # None twice: one run in Temporal for each, one row in the list, and one key for all attempts of a step.
            listed = await client.get(
                "/api/v1/executions", params={"workflow_id": workflow_id, "limit": 1, "status": "completed"}
            )
            assert listed.json()["total"] == EXECUTIONS
            temporal = await Client.connect(f"127.0.0.1:{instance.temporal_port}")
            runs = [run async for run in temporal.list_workflows("WorkflowType = 'Execution'")]
            assert {run.id for run in runs} == {f"{TENANT}:{execution_id}" for execution_id in execution_ids}
            assert len(runs) == EXECUTIONS
            keys = {
                (request.json()["number"], request.headers["idempotency-key"])
                for request in receiver.received("/act")
            }
            assert len(keys) == EXECUTIONS
