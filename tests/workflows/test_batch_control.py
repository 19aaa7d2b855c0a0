"""How a run steers the batches of its loops, seen from a batch that notes what it is told."""

import asyncio
import uuid

from temporalio import workflow
from temporalio.client import Client
from temporalio.exceptions import ChildWorkflowError
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from dev.temporal import Temporal
from gorax.core.contracts import SIGNAL_PAUSE, SIGNAL_RESUME
from workflows.control import Control
from workflows.tasks import cancellations, raise_if_cancelled


@workflow.defn
class Noting:
    """A batch that ends when it was told to end, with the signals before."""

    def __init__(self) -> None:
        self._told: list[str] = []
        self._over = False

    @workflow.run
    async def run(self) -> list[str]:
        await workflow.wait_condition(lambda: self._over)
        return self._told

    @workflow.signal(name=SIGNAL_PAUSE)
    def pause(self) -> None:
        self._told.append("pause")

    @workflow.signal(name=SIGNAL_RESUME)
    def resume(self) -> None:
        self._told.append("resume")

    @workflow.signal
    def end(self) -> None:
        self._over = True


@workflow.defn
class Switching:
    """A run whose pauses come faster than its batches are told of them."""

    @workflow.run
    async def run(self, switches: int) -> list[list[str]]:
        control = Control()
        batches = [await workflow.start_child_workflow(Noting.run) for _ in range(3)]
        for batch in batches:
            control.began(batch, told_paused=False)
        for number in range(switches):
            (control.resume if number % 2 else control.pause)()
        await workflow.sleep(0.5)
        for batch in batches:
            await batch.signal(Noting.end)
        return [await batch for batch in batches]


@workflow.defn
class Cancelling:
    """A run that gives up a batch while that is told of a pause."""

    @workflow.run
    async def run(self) -> str:
        control = Control()
        control.paused = True
        task = asyncio.create_task(self._batch(control))
        # The signal is on its way when the next task begins.
        await workflow.wait_condition(lambda: self._began)
        await asyncio.sleep(0)
        task.cancel()
        try:
            await workflow.wait([task], timeout=5)
            return "is cancelled" if task.cancelled() else "goes on"
        finally:
            task.cancel()

    def __init__(self) -> None:
        self._began = False

    async def _batch(self, control: Control) -> None:
        before = cancellations()
        batch = await workflow.start_child_workflow(
            Noting.run,
            cancellation_type=workflow.ChildWorkflowCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        self._began = True
        control.began(batch, told_paused=False)
        try:
            await batch
        except ChildWorkflowError:
            raise_if_cancelled(before)
            raise


async def _ran(temporal: Temporal, kind: type, *args: object) -> object:
    client = await Client.connect(temporal.address)
    queue = uuid.uuid4().hex
    async with Worker(
        client,
        task_queue=queue,
        workflows=[Noting, Switching, Cancelling],
        workflow_runner=UnsandboxedWorkflowRunner(),
    ):
        return await asyncio.wait_for(
            client.execute_workflow(kind.__name__, args=list(args), id=queue, task_queue=queue), 20
        )


async def test_a_batch_is_told_one_thing_after_the_other(temporal: Temporal) -> None:
    told = await _ran(temporal, Switching, 7)
    # All came at once: what held in the end was told, and what had been before was not.
    assert told == [["pause"]] * 3
    assert await _ran(temporal, Switching, 8) == [[]] * 3


async def test_a_cancellation_is_not_lost_while_a_batch_is_told(temporal: Temporal) -> None:
    assert await _ran(temporal, Cancelling) == "is cancelled"
