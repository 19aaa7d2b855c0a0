"""The whole worker on the real Temporal server, and a reader that counts the histories it fetches."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from temporalio.client import (
    Client,
    FetchWorkflowHistoryEventsInput,
    Interceptor,
    OutboundInterceptor,
    WorkflowHistoryEventAsyncIterator,
)

from dev.temporal import Temporal
from gorax.engine.converter import data_converter
from gorax.engine.runs import Runs
from gorax.settings import Settings, TemporalSettings
from tests.support.interpreter import Interpreter, running_interpreter


class Reads(Interceptor):
    """Notes of which workflows the history was fetched."""

    def __init__(self) -> None:
        self.workflows: list[str] = []

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - the SDK's name
        """Stand in the way of a client's calls."""
        return _Counting(next, self.workflows)


class _Counting(OutboundInterceptor):
    def __init__(self, inner: OutboundInterceptor, workflows: list[str]) -> None:
        super().__init__(inner)
        self._workflows = workflows

    def fetch_workflow_history_events(
        self,
        input: FetchWorkflowHistoryEventsInput,  # noqa: A002 - the SDK's name
    ) -> WorkflowHistoryEventAsyncIterator:
        self._workflows.append(input.id)
        return super().fetch_workflow_history_events(input)


@pytest.fixture(scope="session")
async def interpreter(temporal: Temporal, settings: Settings) -> AsyncIterator[Interpreter]:
    """A worker that starts what the tests ask for."""
    own = settings.model_copy(
        update={"temporal": TemporalSettings(address=temporal.address, task_queue="histories")}
    )
    client = await Client.connect(temporal.address, data_converter=data_converter())
    async with running_interpreter(client, own) as interpreter:
        yield interpreter


@pytest.fixture
def reads() -> Reads:
    """What `runs` has fetched."""
    return Reads()


@pytest.fixture
def runs(interpreter: Interpreter, reads: Reads) -> Runs:
    """A reader with nothing cached yet."""
    config: Any = interpreter.client.config()
    config["interceptors"] = [reads]
    return Runs(Client(**config))
