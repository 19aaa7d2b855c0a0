"""Schedules outlive whatever dies: no run is lost, none is doubled, and Temporal learns what was accepted."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio.client import Client

from dev.guard import Guard
from dev.ports import free_port
from gorax.settings import DatabaseSettings, Settings, TemporalSettings
from tests.support.executions import until
from tests.support.processes import Stack
from tests.support.schedules import add_schedule, add_workflow, executions_of, get_schedule
from tests.support.servers import running_temporal

pytestmark = pytest.mark.soak

TENANT = "tenant_schedule_faults"


class World:
    """A stack with a Temporal of its own that can be killed, started again, and robbed of its state."""

    def __init__(self, directory: Path, database_url: str, guard: Guard) -> None:
        self.port = free_port()
        self.settings = Settings(
            data_dir=directory,
            database=DatabaseSettings(url=database_url),
            temporal=TemporalSettings(address=f"127.0.0.1:{self.port}"),
        )
        self._directory = directory
        self._guard = guard
        self._running = ExitStack()

    def start(self) -> None:
        """Start everything."""
        self.start_temporal()
        self.stack = self._running.enter_context(Stack(self.settings, self._directory, self._guard))

    def stop(self) -> None:
        """Stop everything."""
        self._running.close()

    def start_temporal(self) -> None:
        """Start Temporal with the state that it left."""
        _, self.temporal = self._running.enter_context(
            running_temporal(self._directory, self._guard, port=self.port)
        )

    def forget(self) -> None:
        """Take away the state of a Temporal that does not run."""
        for file in self._directory.glob("temporal.db*"):
            file.unlink()

    async def client(self) -> Client:
        """A client of Temporal, as an operator has one."""
        return await Client.connect(f"127.0.0.1:{self.port}")

    async def twins(self) -> set[str]:
        """The ids of the schedules that Temporal has for the tenant."""
        listed = await (await self.client()).list_schedules(f"GoraxTenant = '{TENANT}'")
        return {one.id.partition(":")[2] async for one in listed}


@pytest.fixture
async def world(tmp_path: Path, fresh_database_url: str, guard: Guard) -> AsyncIterator[World]:
    """A world of the test's own."""
    tmp_path.chmod(0o755)
    world = World(tmp_path, fresh_database_url, guard)
    await asyncio.to_thread(world.start)
    yield world
    await asyncio.to_thread(world.stop)


async def test_schedules_survive_everything(world: World) -> None:
    async with world.stack.client(TENANT) as api:
        workflow_id = await add_workflow(api, trigger={"type": "schedule"}, output="{{trigger.scheduled_at}}")
        beat = await add_schedule(api, workflow_id, every="1s", overlap="allow_all")
        doomed = await add_schedule(api, workflow_id, every="1d")

        # Every part is killed while runs are due each second.
        await asyncio.sleep(2.5)
        world.stack.worker.kill()
        await asyncio.sleep(2)
        world.stack.worker.start()
        world.temporal.kill()
        await asyncio.sleep(2.5)
        await asyncio.to_thread(world.start_temporal)
        world.stack.api.kill()
        await asyncio.sleep(1)
        world.stack.api.start()
        await asyncio.sleep(2)
        paused = await api.put(f"/api/v1/schedules/{beat['id']}", json={"enabled": False})
        assert paused.status_code == 200, paused.text

        async def settled() -> bool:
            return all(row["status"] == "completed" for row in await executions_of(api, beat["id"]))

        await asyncio.sleep(1)
        await until(settled, 40)
        rows = await executions_of(api, beat["id"])
        times = sorted(datetime.fromisoformat(row["id"].partition("-")[2]) for row in rows)
        assert len(times) >= 9
        assert times == [times[0] + timedelta(seconds=number) for number in range(len(times))]
        last = (await api.get(f"/api/v1/executions/{rows[0]['id']}")).json()["data"]
        assert datetime.fromisoformat(last["output"]) == times[-1]
        client = await world.client()
        runs = [run.id async for run in client.list_workflows("GoraxTrigger = 'schedule'")]
        assert sorted(runs) == sorted(f"{TENANT}:{row['id']}" for row in rows)

        # What is accepted while Temporal is away comes to it, also when it has lost its state and the API died.
        world.temporal.kill()
        accepted = await add_schedule(api, workflow_id, every="1d")
        assert accepted["synced"] is False
        assert accepted["next_run"] is not None
        assert (await api.delete(f"/api/v1/schedules/{doomed['id']}")).status_code == 204
        world.stack.api.kill()
        world.forget()
        await asyncio.to_thread(world.start_temporal)
        world.stack.api.start()

        async def agree() -> bool:
            return await world.twins() == {beat["id"], accepted["id"]}

        assert await until(agree, 60) < 40
        assert (await get_schedule(api, accepted["id"]))["synced"] is True
        described = await client.get_schedule_handle(f"{TENANT}:{beat['id']}").describe()
        assert described.schedule.state.paused
