"""Every webhook that is answered 2xx is one execution, whatever is killed while it is sent."""

import asyncio
import random
import signal
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import psutil
from temporalio.client import Client

from tests.support.instance import PARTS, Instance, command_of
from tests.support.webhooks import create

EVENTS = 250
SENDINGS = 8
"""Of each event: 2,000 requests in all."""
SENDERS = 16
PAUSE_SECONDS = 0.05
"""Between two requests of one sender, so that they last as long as the killing."""
WHILE_AWAY = 200
TENANT = "tenant_webhooks"


async def _send(client: httpx.AsyncClient, url: str, number: int) -> str:
    """Send until the answer is 2xx, as the services do that send webhooks; the execution that it names."""
    while True:
        try:
            answer = await client.post(url, json={"number": number}, headers={"webhook-id": f"msg_{number}"})
        except httpx.TransportError:
            pass
        else:
            if answer.status_code == 202:
                execution_id: str = answer.json()["execution_id"]
                return execution_id
            assert answer.status_code == 503, answer.text
        await asyncio.sleep(0.1)


async def _kill_each_in_turn(instance: Instance) -> None:
    for part in ("api", "worker", "temporal", "postgres", "api"):
        await asyncio.sleep(1.5)
        instance.kill(part)
    await asyncio.sleep(1)
    await instance.wait_until_ready()


async def _executions(client: httpx.AsyncClient, **query: Any) -> int:
    answer = await client.get("/api/v1/executions", params={"limit": 1, **query})
    total: int = answer.json()["total"]
    return total


async def _completed(client: httpx.AsyncClient, count: int, seconds: float) -> None:
    async with asyncio.timeout(seconds):
        while await _executions(client, status="completed") < count:
            await asyncio.sleep(0.3)


async def test_two_thousand_webhooks_while_each_process_is_killed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with Instance(tmp_path) as instance:
        async with instance.client(TENANT) as client:
            webhook = await create(client, auth_type="none")
            numbers = [*range(EVENTS)] * SENDINGS
            random.Random(7).shuffle(numbers)
            sent = iter(numbers)
            accepted: dict[int, set[str]] = {number: set() for number in numbers}

            async def sender() -> None:
                for number in sent:
                    accepted[number].add(await _send(client, webhook["url"], number))
                    await asyncio.sleep(PAUSE_SECONDS)

            killing = asyncio.create_task(_kill_each_in_turn(instance))
            await asyncio.gather(*(sender() for _ in range(SENDERS)))
            await killing

            # One execution for each event, however often it was sent, and none that nobody was told of.
            assert {len(ids) for ids in accepted.values()} == {1}
            promised = set[str]().union(*accepted.values())
            assert len(promised) == EVENTS
            await _completed(client, EVENTS, 60)
            assert await _executions(client) == EVENTS
            temporal = await Client.connect(f"127.0.0.1:{instance.temporal_port}")
            runs = [run.id async for run in temporal.list_workflows("WorkflowType = 'Execution'")]
            assert Counter(runs) == Counter(f"{TENANT}:{execution_id}" for execution_id in promised)

            await _while_temporal_is_away(instance, client, webhook)


async def _while_temporal_is_away(
    instance: Instance, client: httpx.AsyncClient, webhook: dict[str, Any]
) -> None:
    """Stopped is worse than dead: it takes connections, and answers none."""
    before = await _executions(client)
    children = psutil.Process(instance.pid).children(recursive=True)
    temporal = next(child for child in children if PARTS["temporal"](command_of(child)))
    temporal.send_signal(signal.SIGSTOP)
    try:
        began = time.monotonic()
        answers = await asyncio.gather(
            *(client.post(webhook["url"], json={"number": number}) for number in range(WHILE_AWAY))
        )
        took = time.monotonic() - began
    finally:
        temporal.send_signal(signal.SIGCONT)
    assert Counter(answer.status_code for answer in answers) == {202: WHILE_AWAY}
    assert took < 10
    assert len({answer.json()["execution_id"] for answer in answers}) == WHILE_AWAY
    await _completed(client, before + WHILE_AWAY, 60)
    assert await _executions(client) == before + WHILE_AWAY
