"""Executions that were accepted while Temporal was away."""

import asyncio

from tests.api.test_executions import create
from tests.support.executions import until
from tests.support.parts import Parts

WAITING = 24
"""Executions that wait: several times as many as are started at a time."""


async def test_what_is_started_ends_while_others_wait_to_be_started(parts: Parts) -> None:
    """No row is locked while Temporal is called: a run that ends meanwhile would wait to write so."""
    quick = await create(
        parts.client, {"actions": [{"id": "one", "type": "formula", "config": {"expression": "1"}}]}
    )
    parts.relay.cut()
    path = f"/api/v1/workflows/{quick}/execute"
    answers = await asyncio.gather(*(parts.client.post(path) for _ in range(WAITING)))
    assert {answer.json()["data"]["status"] for answer in answers} == {"pending"}

    async def counts() -> dict[str, int]:
        answer = await parts.client.get("/api/v1/executions", params={"limit": WAITING})
        statuses = [row["status"] for row in answer.json()["data"]]
        return {status: statuses.count(status) for status in statuses}

    async def any_ended() -> bool:
        return "completed" in await counts()

    async def all_ended() -> bool:
        return await counts() == {"completed": WAITING}

    parts.relay.delay = 0.2
    parts.relay.mend()
    await until(any_ended, 30)
    assert (await counts()).get("pending", 0) > 0
    await until(all_ended, 30)
