"""What Gorax is compared with: the same five calls as a workflow written by hand for the Temporal SDK.

`python -m bench.handwritten ADDRESS` runs its worker. It is what a good engineer writes: no interpreter, no
validation, no database, one pooled HTTP client, and the worker settings that anybody who measures arrives at
(uvloop, no sandbox, autoscaled pollers), so that nothing is won by comparing with something slow.
"""

import asyncio
import signal
import sys
from datetime import timedelta
from typing import Any

import httpx
import uvloop
from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker

from bench.stub import CALLS

TASK_QUEUE = "handwritten"


class Http:
    """The activities."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    @activity.defn
    async def get(self, url: str) -> dict[str, Any]:
        """Fetch a JSON document."""
        response = await self._client.get(url)
        response.raise_for_status()
        return {"status": response.status_code, "body": response.json()}


@workflow.defn
class FiveCalls:
    """Five calls, one after the other."""

    @workflow.run
    async def run(self, base: str) -> dict[str, Any]:
        """The answer to the last call."""
        answer: dict[str, Any] = {}
        for number in range(1, CALLS + 1):
            answer = await workflow.execute_activity_method(
                Http.get, f"{base}/{number}", start_to_close_timeout=timedelta(seconds=30)
            )
        return answer


async def main(address: str) -> None:
    """Run the worker until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    client = await Client.connect(address)
    async with httpx.AsyncClient(trust_env=False, timeout=30) as http:
        worker = Worker(
            client,
            task_queue=TASK_QUEUE,
            workflows=[FiveCalls],
            activities=[Http(http).get],
            workflow_runner=UnsandboxedWorkflowRunner(),
            workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
            activity_task_poller_behavior=PollerBehaviorAutoscaling(),
            sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        )
        async with worker:
            await stop.wait()


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1]))
