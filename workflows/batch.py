"""The workflow behind a batch of a loop's iterations."""

import asyncio

from temporalio import workflow

from gorax.core.actions.declaration import ActionFailed
from gorax.core.contracts import (
    LOOP,
    SIGNAL_ANSWER,
    SIGNAL_PAUSE,
    SIGNAL_RESUME,
    BatchResult,
    LoopBatch,
    LoopFrame,
    WaitAnswered,
)
from gorax.core.errors import ErrorInfo, ErrorType, StepError
from workflows.batches import Batches
from workflows.budget import TaskBudget
from workflows.control import Control
from workflows.iterations import Iterations
from workflows.scope import Scope
from workflows.walk import Walker


@workflow.defn(name=LOOP)
class LoopRun:
    """Iterations of a loop in a run of their own, itself or as smaller batches."""

    def __init__(self) -> None:
        self._control = Control()

    @workflow.run
    async def run(self, frame: LoopFrame, batch: LoopBatch) -> BatchResult:
        """Run the batch; how it went is told, not raised, but for a cancellation."""
        self._control.paused = self._control.paused or batch.paused
        budget = TaskBudget()
        request = frame.request.model_copy(update={"reuse": batch.reuse})
        walker = Walker(request, budget, self._control)
        scope = Scope.of_batch(frame, batch, budget)
        try:
            result = await _run(walker, frame, batch, scope)
        except asyncio.CancelledError:
            walker.journal.flush()
            await walker.journal.settle()
            raise
        except ActionFailed as failed:
            result = BatchResult(failure=failed.error)
        except StepError as error:
            result = BatchResult(failure=error.info(frame.path.rpartition(".")[2], 1))
        except Exception as problem:
            # A defect of the interpreter must not leave the run retrying its task for ever.
            workflow.logger.exception("a loop failed")
            reason = f"the interpreter failed: {type(problem).__name__}"
            result = BatchResult(failure=ErrorInfo(type=ErrorType.INTERNAL, message=reason))
        walker.journal.flush()
        await walker.journal.settle()
        if frame.loop.concurrency == 1:
            # Only what changed here: what runs beside the loop may have set others meanwhile.
            before = batch.variables
            result.variables = {
                name: value
                for name, value in scope.state.variables.values.items()
                if name not in before or value is not before[name]
            }
        walker.progress.fill(result)
        return result

    @workflow.signal(name=SIGNAL_ANSWER)
    def answer(self, answered: WaitAnswered) -> None:
        """Somebody answered a wait."""
        self._control.answer(answered)

    @workflow.signal(name=SIGNAL_PAUSE)
    def pause(self) -> None:
        """Begin no further step."""
        self._control.pause()

    @workflow.signal(name=SIGNAL_RESUME)
    def resume(self) -> None:
        """Go on."""
        self._control.resume()


async def _run(walker: Walker, frame: LoopFrame, batch: LoopBatch, scope: Scope) -> BatchResult:
    batches = Batches(walker, frame, scope)
    if batch.count > batches.size:
        return await batches.split(batch)
    return await Iterations(walker, frame.loop, scope, frame.path, batch.steps).run(batch)
