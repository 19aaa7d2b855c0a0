"""The running stack on which end-to-end tests rely."""

from pathlib import Path

import httpx
import pytest

from dev.guard import Guard
from gorax.settings import Settings
from tests.support.processes import Stack


async def test_each_test_speaks_as_a_tenant_of_its_own(api: httpx.AsyncClient, tenant: str) -> None:
    response = await api.get("/api/v1/workflows")
    assert (response.status_code, response.json()["total"]) == (200, 0)
    assert api.headers["X-Tenant-ID"] == tenant


async def test_processes_can_be_killed_and_started_again(
    settings: Settings, tmp_path: Path, guard: Guard, tenant: str
) -> None:
    with Stack(settings, tmp_path, guard) as stack:
        first = stack.api.pid
        stack.api.kill()
        async with stack.client(tenant) as client:
            with pytest.raises(httpx.ConnectError):
                await client.get("/health")
            stack.api.start()
            assert stack.api.pid != first
            assert (await client.get("/ready")).json()["checks"]["temporal"] == "healthy"
    assert stack.worker.process.poll() == 0
