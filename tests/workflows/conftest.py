"""Interpreters on Temporal's time-skipping server, and on the real one."""

from collections.abc import AsyncIterator

import pytest
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment

from dev.temporal import Temporal
from gorax.engine.converter import data_converter
from gorax.settings import DatabaseSettings, Settings, TemporalSettings, WorkerSettings
from tests.support import probe
from tests.support.interpreter import Interpreter, running_interpreter


@pytest.fixture(scope="session")
async def interpreter(time_skipping: WorkflowEnvironment, database_url: str) -> AsyncIterator[Interpreter]:
    """The whole worker, sandboxed, where a 30-day delay takes a moment."""
    settings = Settings(database=DatabaseSettings(url=database_url), worker=WorkerSettings(sandbox=True))
    config = time_skipping.client.config()
    config["data_converter"] = data_converter()
    async with running_interpreter(Client(**config), settings) as interpreter:
        yield interpreter


@pytest.fixture(scope="session")
async def real_interpreter(temporal: Temporal, settings: Settings) -> AsyncIterator[Interpreter]:
    """The same on the real server, for what the other one cannot do: it stops skipping time for good after an
    activity was left behind by a cancelled workflow."""
    own = settings.model_copy(
        update={"temporal": TemporalSettings(address=temporal.address, task_queue="interpreter")}
    )
    client = await Client.connect(temporal.address, data_converter=data_converter())
    async with running_interpreter(client, own) as interpreter:
        yield interpreter


@pytest.fixture(autouse=True)
def _fresh_probe() -> None:
    probe.calls.clear()
    probe.together.clear()
