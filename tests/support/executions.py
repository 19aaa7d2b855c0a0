"""Executions over REST, as tests begin them, watch them and ask things of them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

WAIT = {"id": "wait", "type": "delay", "config": {"duration": "1h"}}
"""An action that does not end by itself."""


async def begin(api: httpx.AsyncClient, *actions: dict[str, Any], **frame: Any) -> str:
    """The id of a new execution of a workflow with these actions."""
    definition = {"actions": list(actions) or [WAIT], **frame}
    created = await api.post("/api/v1/workflows", json={"name": "Waits", "definition": definition})
    assert created.status_code == 201, created.text
    started = await api.post(f"/api/v1/workflows/{created.json()['data']['id']}/execute")
    assert started.status_code == 202, started.text
    execution_id: str = started.json()["data"]["execution_id"]
    return execution_id


async def get(api: httpx.AsyncClient, execution_id: str) -> dict[str, Any]:
    """The execution as the API shows it."""
    execution: dict[str, Any] = (await api.get(f"/api/v1/executions/{execution_id}")).json()["data"]
    return execution


async def listed(api: httpx.AsyncClient, execution_id: str) -> dict[str, Any]:
    """The execution as the list shows it."""
    rows = (await api.get("/api/v1/executions?limit=100")).json()["data"]
    return next(row for row in rows if row["id"] == execution_id)


async def statuses(api: httpx.AsyncClient, execution_id: str) -> dict[str, str]:
    """The status of each step."""
    steps = (await api.get(f"/api/v1/executions/{execution_id}/steps")).json()["data"]["steps"]
    return {step["id"]: step["status"] for step in steps}


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 10) -> float:
    """Wait until the coroutine function gives true; how long that took."""
    began = time.monotonic()
    pause = 0.02
    async with asyncio.timeout(seconds):
        while not await condition():
            # What takes long is asked about less often: asking takes a processor, too.
            await asyncio.sleep(pause)
            pause = min(pause * 1.4, 0.25)
    return time.monotonic() - began


async def ended(api: httpx.AsyncClient, execution_id: str, seconds: float = 10) -> dict[str, Any]:
    """The execution, once it has ended."""
    execution: dict[str, Any] = {}

    async def is_over() -> bool:
        execution.update(await get(api, execution_id))
        return execution["status"] not in {"pending", "running"}

    await until(is_over, seconds)
    return execution


async def becomes(api: httpx.AsyncClient, execution_id: str, status: str, seconds: float = 10) -> float:
    """How long it takes until the list shows that status."""

    async def is_so() -> bool:
        return bool((await listed(api, execution_id))["status"] == status)

    return await until(is_so, seconds)


async def is_waiting(
    api: httpx.AsyncClient, execution_id: str, step: str = "wait", seconds: float = 10
) -> None:
    """Wait until the step runs."""

    async def runs() -> bool:
        return (await statuses(api, execution_id)).get(step) == "running"

    await until(runs, seconds)


async def ask(api: httpx.AsyncClient, execution_id: str, what: str, status: int = 202, **body: Any) -> Any:
    """What the API answers to being asked that of the execution."""
    answer = await api.post(f"/api/v1/executions/{execution_id}/{what}", **body)
    assert answer.status_code == status, answer.text
    return answer.json()["data"] if status == 202 else answer.json()["error"]
