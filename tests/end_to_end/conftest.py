"""Processes of a test's own."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dev.guard import Guard
from dev.ports import free_port
from dev.temporal import Temporal
from gorax.settings import DatabaseSettings, Settings, TemporalSettings, WorkerSettings
from tests.support.parts import Parts
from tests.support.relay import Relay


@pytest.fixture
async def parts(
    fresh_database_url: str, temporal: Temporal, tmp_path: Path, guard: Guard
) -> AsyncIterator[Parts]:
    """An API and a worker that no other test uses."""
    host, _, port = temporal.address.partition(":")
    async with Relay(host, int(port)) as relay:
        settings = Settings(
            data_dir=tmp_path,
            port=free_port(),
            database=DatabaseSettings(url=fresh_database_url),
            temporal=TemporalSettings(address=temporal.address, task_queue=f"parts-{relay.port}"),
            worker=WorkerSettings(shutdown_grace=1),
        )
        parts = await asyncio.to_thread(Parts, settings, relay, tmp_path, guard)
        yield parts
        await parts.close()
