"""The interpreter as a flow type sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from temporalio import workflow

from gorax.core.actions.constructs import Answer, Fork, Loop, LoopResult, SubWorkflow, Wait
from gorax.core.errors import ErrorInfo
from workflows.calls import run_sub_workflow
from workflows.forks import run_fork
from workflows.loops import run_loop
from workflows.tasks import whole
from workflows.waits import run_wait

if TYPE_CHECKING:
    from workflows.scope import Evaluation, Scope
    from workflows.walk import Place, Walker


class InterpretedStep:
    """One step of a flow type; what it asks for happens in the execution."""

    def __init__(self, walker: Walker, scope: Scope, place: Place, evaluation: Evaluation) -> None:
        self._walker = walker
        self._scope = scope
        self._place = place
        self._evaluation = evaluation

    @property
    def path(self) -> str:
        """Where the step stands."""
        return self._place.path

    def now(self) -> datetime:
        """The run's clock."""
        return workflow.now()

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, within the step's allowance."""
        return self._evaluation.expression(expression)

    def condition(self, expression: str) -> bool:
        """The value of an expression that must be true or false."""
        return self._evaluation.condition(expression)

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Make these visible as `vars.*`."""
        self._scope.state.set_variables(variables)

    async def sleep(self, seconds: float) -> None:
        """Wait on a durable timer."""
        self._walker.journal.flush()
        await workflow.sleep(timedelta(seconds=seconds), summary=self.path)

    async def run(self, actions: Sequence[Mapping[str, Any]], *, error: ErrorInfo | None = None) -> Any:
        """Run nested actions to their end."""
        scope = self._scope if error is None else self._scope.with_error(error)
        return await self._walker.run_list(self._walker.lists.load(actions), scope, f"{self.path}.")

    async def tidy_up(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Run nested actions to their end, whatever is cancelled meanwhile."""
        if actions:
            await whole(self.run(actions))

    async def loop(self, loop: Loop) -> LoopResult:
        """Run nested actions again and again."""
        return await run_loop(self._walker, loop, self._scope, self.path)

    async def fork(self, fork: Fork) -> Mapping[str, Any]:
        """Run branches beside each other."""
        return await run_fork(self._walker, fork, self._scope, self.path)

    async def call(self, call: SubWorkflow) -> Mapping[str, Any]:
        """Run another workflow."""
        return await run_sub_workflow(self._walker, call, self._place)

    async def wait(self, wait: Wait) -> Answer | None:
        """Wait for somebody's answer."""
        return await run_wait(self._walker, wait, self._place)
