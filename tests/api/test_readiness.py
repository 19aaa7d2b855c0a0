"""Health, readiness, and what the API does while a part it depends on is down or hangs."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from dev.guard import Guard
from dev.ports import free_port
from dev.stack import api_part, base_url
from gorax.settings import ApiSettings, DatabaseSettings, Settings, TemporalSettings
from tests.api.conftest import ORIGIN, Production
from tests.support.executions import until
from tests.support.http import client_of
from tests.support.kratos import FakeKratos
from tests.support.processes import Server


class Api:
    """Starts API processes of the test's own."""

    def __init__(self, directory: Path, guard: Guard) -> None:
        self._directory = directory
        self._guard = guard
        self.servers: list[Server] = []

    def start(self, settings: Settings) -> httpx.AsyncClient:
        """A client of a new API process with these settings."""
        settings = settings.model_copy(update={"port": free_port()})
        self.servers.append(Server(api_part(settings), self._directory, self._guard))
        headers = {"X-Tenant-ID": "tenant_down"}
        return client_of(base_url(settings), headers, 10)


@pytest.fixture
def processes(tmp_path: Path, guard: Guard) -> Iterator[Api]:
    """API processes that end with the test."""
    api = Api(tmp_path, guard)
    yield api
    for server in api.servers:
        server.stop()


@asynccontextmanager
async def _silent() -> AsyncIterator[int]:
    """The port of a server that accepts and never says a word."""

    async def accept(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def _settings(database_port: int, temporal_port: int, directory: Path) -> Settings:
    return Settings(
        data_dir=directory,
        database=DatabaseSettings(url=f"postgresql://nobody@127.0.0.1:{database_port}/none"),
        temporal=TemporalSettings(address=f"127.0.0.1:{temporal_port}"),
    )


async def test_all_is_well(api: httpx.AsyncClient) -> None:
    health = (await api.get("/health")).json()
    assert health["status"] == "ok"
    assert health["timestamp"].endswith("Z")
    ready = await api.get("/ready")
    assert ready.status_code == 200
    body = ready.json()
    assert body["status"] == "ok"
    assert body["checks"] == {"database": "healthy", "temporal": "healthy"}
    assert body["timestamp"].endswith("Z")


async def test_probes_need_no_tenant(api: httpx.AsyncClient) -> None:
    async with httpx.AsyncClient(base_url=api.base_url, trust_env=False) as client:
        assert (await client.get("/health")).status_code == 200
        assert (await client.get("/ready")).status_code == 200


async def test_without_its_parts_the_api_says_so_at_once(processes: Api, tmp_path: Path) -> None:
    settings = _settings(free_port(), free_port(), tmp_path).model_copy(
        update={"redis_url": f"redis://127.0.0.1:{free_port()}"}
    )
    async with processes.start(settings) as client:
        assert (await client.get("/health")).status_code == 200
        started = time.perf_counter()
        ready = await client.get("/ready")
        assert time.perf_counter() - started < 2
        assert ready.status_code == 503
        body = ready.json()
        assert body["status"] == "degraded"
        assert body["checks"].keys() == {"database", "temporal", "redis"}
        assert all(verdict.startswith("unhealthy: ") for verdict in body["checks"].values()), body
        for method, path in [
            ("GET", "/api/v1/workflows"),
            ("GET", "/api/v1/executions/exec_1"),
            ("POST", "/api/v1/workflows/wf_1/execute"),
        ]:
            started = time.perf_counter()
            response = await client.request(method, path)
            assert time.perf_counter() - started < 2
            assert response.status_code == 503
            assert response.headers["retry-after"] == "1"
            assert response.json().keys() == {"error"}


async def test_parts_that_hang_do_not_hold_the_answer(processes: Api, tmp_path: Path) -> None:
    async with _silent() as first, _silent() as second, _silent() as third:
        settings = _settings(first, second, tmp_path).model_copy(
            update={"redis_url": f"redis://127.0.0.1:{third}"}
        )
        async with processes.start(settings) as client:
            for _ in range(2):
                started = time.perf_counter()
                ready = await client.get("/ready")
                assert time.perf_counter() - started < 2
                assert ready.status_code == 503
                verdicts = ready.json()["checks"]
                assert all(verdict.startswith("unhealthy: ") for verdict in verdicts.values()), verdicts
            started = time.perf_counter()
            assert (await client.get("/api/v1/workflows")).status_code == 503
            assert time.perf_counter() - started < 3
            started = time.perf_counter()
            assert (await client.get("/health")).status_code == 200
            assert time.perf_counter() - started < 0.5


async def test_production_believes_no_headers(production: Production, kratos: FakeKratos) -> None:
    async with production.client(tenant="tenant_down") as client:
        for method, path in [
            ("GET", "/api/v1/workflows"),
            ("POST", "/api/v1/workflows"),
            ("GET", "/api/v1/executions/exec_1"),
            ("GET", "/api/v1/admin/tenants"),
        ]:
            headers = {"X-User-ID": "root", "X-User-Role": "admin", "X-Request-ID": f"headers-{method}"}
            response = await client.request(method, path, headers=headers)
            assert response.status_code == 401
            assert response.json()["error"] == "authentication required: send a session or an API key"
        assert (await client.get("/ready")).status_code == 200
        allowed = await client.get("/health", headers={"Origin": ORIGIN})
        assert allowed.headers["access-control-allow-origin"] == ORIGIN
        assert allowed.headers["access-control-allow-credentials"] == "true"
        refused = await client.get("/health", headers={"Origin": "https://evil.example"})
        assert "access-control-allow-origin" not in refused.headers
        lines = production.server.log.read_text().splitlines()
        logged = [httpx.Response(200, text=line).json() for line in lines if '"headers-' in line]
        assert [line["status"] for line in logged] == [401] * 4


async def test_a_process_that_is_told_to_stop_finishes_what_it_has_begun(
    processes: Api, settings: Settings
) -> None:
    async with processes.start(settings) as client:
        assert (await client.get("/ready")).status_code == 200
        started = time.perf_counter()
        await asyncio.to_thread(processes.servers[0].stop)
        assert time.perf_counter() - started < 5
        assert processes.servers[0].process.poll() in {0, -signal.SIGTERM}


async def test_a_process_that_is_about_to_end_says_so_and_still_takes_requests(
    processes: Api, settings: Settings
) -> None:
    settings = settings.model_copy(update={"api": ApiSettings(drain_seconds=30)})
    async with processes.start(settings) as client:
        assert (await client.get("/health")).headers.get("connection") is None
        [server] = processes.servers
        server.process.send(signal.SIGTERM)

        async def stopping() -> bool:
            return (await client.get("/health")).status_code == 503

        await until(stopping, 5)
        for path in ("/health", "/ready"):
            answer = await client.get(path)
            assert (answer.status_code, answer.json()["status"]) == (503, "stopping")
        answer = await client.get("/api/v1/workflows")
        assert (answer.status_code, answer.headers["connection"]) == (200, "close")
        server.process.send(signal.SIGTERM)
        assert await asyncio.to_thread(server.process.wait, 4.0)
