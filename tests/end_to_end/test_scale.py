"""A loop of many items: nothing is lost or done twice by a dead worker, and nothing grows with the loop."""

import asyncio
from collections import Counter
from pathlib import Path

import httpx
import psutil
import pytest
from temporalio.client import Client

from tests.support.executions import begin, ended
from tests.support.instance import PARTS, Instance, command_of
from tests.support.receiver import Receiver

pytestmark = pytest.mark.soak

ITEMS = 750
CONCURRENCY = 10
MODES = ("fast", "durable")
UNRECORDED = 4 * 10
"""Of four batches beside each other: fast steps that are done and not yet in the history."""


def _worker_bytes() -> int:
    [worker] = [process for process in psutil.process_iter() if PARTS["worker"](command_of(process))][-1:]
    size: int = worker.memory_info().rss
    return size


async def _begin(client: httpx.AsyncClient, receiver: Receiver, mode: str) -> str:
    call = {
        "id": "call",
        "type": "http",
        "mode": mode,
        "config": {"url": f"{receiver.url}/{mode}", "query": {"number": "{{item}}"}},
    }
    loop = {"items": ITEMS, "concurrency": CONCURRENCY, "actions": [call]}
    output = {
        "count": "{{steps.each.output.count}}",
        "last": f"{{{{steps.each.output.results[{ITEMS - 1}].status}}}}",
    }
    return await begin(client, {"id": "each", "type": "for_each", "config": loop}, output=output)


async def test_large_loops_outlive_their_worker(tmp_path: Path, receiver: Receiver) -> None:
    tmp_path.chmod(0o755)
    with Instance(tmp_path) as instance:
        async with instance.client("tenant_scale") as client:
            executions = {mode: await _begin(client, receiver, mode) for mode in MODES}
            while min(len(receiver.received(f"/{mode}")) for mode in MODES) < ITEMS // 4:
                await asyncio.sleep(0.05)
            before = _worker_bytes()
            instance.kill("worker")
            for mode, execution_id in executions.items():
                execution = await ended(client, execution_id, 120)
                assert execution["status"] == "completed", execution["error"]
                assert execution["output"] == {"count": ITEMS, "last": 200}
                asked = Counter(request.query["number"][0] for request in receiver.received(f"/{mode}"))
                assert len(asked) == ITEMS
                repeated = sum(asked.values()) - ITEMS
                assert repeated <= CONCURRENCY + (UNRECORDED if mode == "fast" else 0)
            temporal = await Client.connect(f"127.0.0.1:{instance.temporal_port}")
            lengths = [run.history_length async for run in temporal.list_workflows("WorkflowType = 'Loop'")]
            assert len(lengths) == len(MODES) * (1 + ITEMS // 250)
            assert max(lengths) < 3_000
            assert _worker_bytes() < before + 64_000_000
