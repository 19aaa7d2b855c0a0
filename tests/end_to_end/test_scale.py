"""A loop of thousands of items: nothing is lost or done twice by a dead worker, and nothing grows with the loop."""

import asyncio
from collections import Counter
from pathlib import Path

import psutil
import pytest
from temporalio.client import Client

from tests.support.instance import PARTS, Instance, command_of
from tests.support.receiver import Receiver

ITEMS = 1_500
CONCURRENCY = 10
UNRECORDED = 4 * 10
"""Of four batches beside each other: fast steps that are done and not yet in the history."""


def _worker_bytes() -> int:
    [worker] = [process for process in psutil.process_iter() if PARTS["worker"](command_of(process))][-1:]
    size: int = worker.memory_info().rss
    return size


@pytest.mark.parametrize("mode", ["fast", "durable"])
async def test_a_large_loop_outlives_its_worker(tmp_path: Path, receiver: Receiver, mode: str) -> None:
    tmp_path.chmod(0o755)
    call = {
        "id": "call",
        "type": "http",
        "mode": mode,
        "config": {"url": f"{receiver.url}/item", "query": {"number": "{{item}}"}},
    }
    loop = {"items": ITEMS, "concurrency": CONCURRENCY, "actions": [call]}
    definition = {
        "actions": [{"id": "each", "type": "for_each", "config": loop}],
        "output": {
            "count": "{{steps.each.output.count}}",
            "last": f"{{{{steps.each.output.results[{ITEMS - 1}].status}}}}",
        },
    }
    with Instance(tmp_path) as instance:
        async with instance.client("tenant_scale") as client:
            created = await client.post("/api/v1/workflows", json={"name": "scale", "definition": definition})
            workflow_id = created.json()["data"]["id"]
            accepted = await client.post(f"/api/v1/workflows/{workflow_id}/execute", json={})
            execution_id = accepted.json()["data"]["execution_id"]
            while len(receiver.received("/item")) < ITEMS // 3:
                await asyncio.sleep(0.05)
            before = _worker_bytes()
            instance.kill("worker")
            async with asyncio.timeout(120):
                while True:
                    answer = await client.get(f"/api/v1/executions/{execution_id}")
                    execution = answer.json()["data"]
                    if execution["status"] not in ("pending", "running"):
                        break
                    await asyncio.sleep(0.3)
            assert execution["status"] == "completed", execution["error"]
            assert execution["output"] == {"count": ITEMS, "last": 200}

            asked = Counter(request.query["number"][0] for request in receiver.received("/item"))
            assert len(asked) == ITEMS
            repeated = sum(asked.values()) - ITEMS
            assert repeated <= CONCURRENCY + (UNRECORDED if mode == "fast" else 0)

            temporal = await Client.connect(f"127.0.0.1:{instance.temporal_port}")
            lengths = [run.history_length async for run in temporal.list_workflows("WorkflowType = 'Loop'")]
            assert len(lengths) == 1 + ITEMS // 250
            assert max(lengths) < 3_000
            assert _worker_bytes() < before + 64_000_000
