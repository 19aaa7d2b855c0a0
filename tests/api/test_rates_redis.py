"""Processes that count together in Redis, and go on when it does not answer."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
import pytest

from api.services.rates.rates import Rates
from dev.guard import Guard
from dev.ports import free_port
from dev.stack import api_part, base_url
from gorax.settings import RateSettings, Settings
from tests.api.test_rates import WORKFLOWS, set_limit, told
from tests.support.executions import until
from tests.support.processes import Server
from tests.support.redis import RedisServer


@pytest.fixture
def redis(tmp_path: Path, guard: Guard) -> Iterator[RedisServer]:
    """A Redis of the test's own."""
    server = RedisServer(tmp_path, guard)
    yield server
    server.go_on()
    server.stop()


async def test_two_processes_count_together_whatever_becomes_of_redis(
    settings: Settings, redis: RedisServer, tmp_path: Path, guard: Guard, tenant: str
) -> None:
    servers: list[Server] = []
    async with AsyncExitStack() as opened:
        clients = []
        for name in ("one", "two"):
            directory = tmp_path / name
            directory.mkdir()
            own = settings.model_copy(
                update={"port": free_port(), "redis_url": redis.url, "rates": RateSettings(redis_timeout=0.5)}
            )
            servers.append(Server(api_part(own), directory, guard))
            opened.callback(servers[-1].stop)
            headers = {"X-Tenant-ID": tenant}
            client = httpx.AsyncClient(base_url=base_url(own), headers=headers, timeout=10, trust_env=False)
            clients.append(await opened.enter_async_context(client))
        one, two = clients

        await set_limit(one, tenant, 21)
        await asyncio.sleep(2.1)  # after which the other one knows, too
        both = [client.get(WORKFLOWS) for _ in range(20) for client in clients]
        responses = await asyncio.gather(*both)
        assert Counter(response.status_code for response in responses) == {200: 20, 429: 20}
        assert sorted(told(r)[1] for r in responses if r.status_code == 200) == list(range(20))

        await set_limit(one, tenant, -1)
        await set_limit(one, tenant, 10_000)
        await asyncio.sleep(2.1)
        redis.pause()
        began = time.monotonic()
        responses = await asyncio.gather(*(client.get(WORKFLOWS) for _ in range(10) for client in clients))
        assert {response.status_code for response in responses} == {200}
        assert time.monotonic() - began < 3, "those that were on their way wait for half a second at most"
        for client in clients:
            ready = await client.get("/ready")
            assert (ready.status_code, ready.json()["status"]) == (200, "degraded")
            assert ready.json()["checks"]["redis"].startswith(
                "unhealthy: no answer within 0.5 s; each process"
            )
        began = time.monotonic()
        for _ in range(20):
            told(await one.get(WORKFLOWS))
        assert time.monotonic() - began < 2, "nobody waits for it any more"

        redis.go_on()
        await until(lambda: _all_healthy(clients))
        remaining = told(await one.get(WORKFLOWS))[1]
        assert told(await two.get(WORKFLOWS))[1] == remaining - 1

        # Killed while requests are on their way.
        flood = [asyncio.create_task(client.get(WORKFLOWS)) for _ in range(100) for client in clients]
        await asyncio.sleep(0.05)
        redis.kill()
        assert {response.status_code for response in await asyncio.gather(*flood)} == {200}
        assert "redis" in (await one.get("/ready")).json()["checks"]
        redis.start()
        await until(lambda: _all_healthy(clients))
        assert told(await one.get(WORKFLOWS)) == (10_000, 9_999), "it has forgotten, as it was told to"
        assert told(await two.get(WORKFLOWS)) == (10_000, 9_998)


async def _all_healthy(clients: list[httpx.AsyncClient]) -> bool:
    answers = [await client.get("/ready") for client in clients]
    return all(answer.json()["checks"]["redis"] == "healthy" for answer in answers)


async def test_one_round_trip_a_request_and_none_in_a_flood(redis: RedisServer) -> None:
    rates = Rates(Settings(redis_url=redis.url, rates=RateSettings(redis_timeout=2)))
    try:
        await rates.tenant("a", 5)  # connects, and brings the script
        before = await _evaluated(redis)
        verdicts = [await rates.tenant("a", 5) for _ in range(20)]
        assert [verdict.remaining for verdict in verdicts[:5]] == [3, 2, 1, 0, 0]
        assert [verdict.allowed for verdict in verdicts] == [True] * 4 + [False] * 16
        assert await _evaluated(redis) - before == 5, "the first refusal is remembered"
        assert 58 <= verdicts[-1].wait <= 60
        assert (await rates.tenant("a", 6)).allowed, "a higher limit counts at once"
    finally:
        await rates.close()


async def test_a_restart_that_nobody_noticed_is_none(redis: RedisServer) -> None:
    rates = Rates(Settings(redis_url=redis.url, rates=RateSettings(redis_timeout=2)))
    try:
        await asyncio.gather(*(rates.tenant("a", 100) for _ in range(20)))  # has several connections by now
        redis.kill()
        redis.start()
        verdicts = [await rates.tenant("a", 10) for _ in range(20)]
        await rates.check()
        assert [verdict.allowed for verdict in verdicts] == [True] * 10 + [False] * 10
    finally:
        await rates.close()


async def _evaluated(redis: RedisServer) -> int:
    """How many scripts the server has run."""
    reader, writer = await asyncio.open_connection("127.0.0.1", redis.port)
    writer.write(b"INFO commandstats\r\n")
    length = int((await reader.readline())[1:])
    text = (await reader.readexactly(length)).decode()
    writer.close()
    [line] = [line for line in text.splitlines() if line.startswith("cmdstat_evalsha:")]
    return int(line.split("calls=")[1].split(",")[0])
