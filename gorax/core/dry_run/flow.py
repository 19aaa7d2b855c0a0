"""The simulation as a flow type sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gorax.core.actions.constructs import (
    MAX_ERRORS,
    Answer,
    Fork,
    IterationError,
    Loop,
    LoopResult,
    Span,
    SubWorkflow,
    Wait,
)
from gorax.core.actions.declaration import ActionFailed
from gorax.core.definition import load_actions
from gorax.core.definition.shape import parts, shape_of
from gorax.core.dry_run.knowledge import DefectError, Knowledge, Unknown, UnknownText
from gorax.core.errors import ErrorInfo

if TYPE_CHECKING:
    from gorax.core.dry_run.step import StepWalk

MAX_ITERATIONS = 5
"""Iterations of a loop that are simulated; what the others do is told as not known."""


class DryStep:
    """One step of a flow type; what it asks for is simulated."""

    def __init__(self, walk: StepWalk) -> None:
        self._walk = walk

    @property
    def path(self) -> str:
        """Where the step stands."""
        return self._walk.record.path

    def now(self) -> datetime:
        """The time that a run would see."""
        return self._walk.scope.clock.now

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, as far as what it reads is known."""
        return self._evaluate(self._walk.scope, expression)

    def condition(self, expression: str) -> bool:
        """The value of a condition, which the step's record tells."""
        self._walk.record.condition = self._truth(self._walk.scope, expression)
        return self._walk.record.condition

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Make these known as `vars.*`, if it is known that the step runs."""
        scope = self._walk.scope
        for name, value in variables.items():
            if self._walk.supposed is None:
                scope.learn("vars", name, value)
            else:
                scope.forget("vars", name)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass that a run would wait."""
        self._walk.record.message = f"waits {timedelta(seconds=seconds)}"
        self._walk.scope.clock.wait(seconds)

    async def run(self, actions: Sequence[Mapping[str, Any]], *, error: ErrorInfo | None = None) -> Any:
        """Simulate nested actions."""
        scope = self._walk.scope
        if error is not None:
            scope = scope.with_names({"error": error.model_dump(mode="json")})
        return self._run(actions, scope, self._walk.inside)

    async def loop(self, loop: Loop) -> LoopResult:
        """Simulate the first iterations. Raises `Unknown` where there would be more, or what they give is open."""
        walk, result = self._walk, LoopResult()
        count, open_results = _count(loop), False
        for index in range(min(count, MAX_ITERATIONS)):
            names: dict[str, Any] = {loop.index: index}
            if loop.items is not None:
                names[loop.item] = _item(loop.items, index)
            if index and loop.interval:
                walk.scope.clock.wait(loop.interval)
            scope = walk.scope.with_names(names)
            if loop.condition is not None and not self._truth(scope, loop.condition):
                result.ended = True
                break
            try:
                open_results |= not self._iterate(loop, scope, index, result)
            except ActionFailed as failed:
                if loop.on_error == "stop":
                    raise
                result.errors = [*result.errors, IterationError(index=index, error=failed.error)][:MAX_ERRORS]
                result.failed += 1
                assert result.results is not None
                result.results.append(None)
            result.count += 1
            if result.ended:
                break
        if result.count < count and not result.ended:
            rest = "more would follow" if loop.items is None else f"{count - result.count} more would follow"
            raise Unknown(f"{result.count} iterations were tried, and {rest}")
        if open_results:
            raise Unknown("what its iterations give is not known before a real run")
        return result

    def _iterate(self, loop: Loop, scope: Knowledge, index: int, result: LoopResult) -> bool:
        """Simulate one iteration; whether its result is known. Raises `ActionFailed`."""
        last = self._run(loop.actions, scope, f"{self.path}[{index}].")
        known = not isinstance(last, UnknownText)
        if loop.has_output:
            unknown: list[str] = []
            last = scope.render(unknown, "/config/output", loop.output)
            known = not unknown
        assert result.results is not None
        result.results.append(last)
        result.last = last
        result.succeeded += 1
        if (end := loop.break_when or loop.until) is not None:
            result.ended = self._truth(scope, end)
        return known

    async def fork(self, fork: Fork) -> Mapping[str, Any]:
        """Simulate the branches, one after the other."""
        scope = self._walk.scope
        done: dict[str, Any] = {}
        failures: list[ActionFailed] = []
        open_results = fork.wait < len(fork.branches)
        for branch in fork.branches:
            try:
                done[branch.name] = self._run(branch.actions, scope, self._walk.inside)
            except ActionFailed as failed:
                failures.append(failed)
                if len(failures) > len(fork.branches) - fork.wait:
                    raise
            else:
                open_results |= isinstance(done[branch.name], UnknownText)
        if open_results:
            raise Unknown("what its branches give is not known before a real run")
        return done

    async def call(self, call: SubWorkflow) -> Mapping[str, Any]:
        """Another workflow is not simulated."""
        raise Unknown(f"it runs workflow {call.workflow_id}")

    async def wait(self, wait: Wait) -> Answer | None:
        """Nobody answers a simulation."""
        what = "an approval" if wait.kind == "approval" else f"the signal {wait.name!r}"
        raise Unknown(f"it waits for {what}")

    def _run(self, actions: Sequence[Mapping[str, Any]], scope: Knowledge, parent: str) -> Any:
        walk = self._walk
        output = walk.simulation.run_list(load_actions(actions), scope, parent, walk.supposed)
        if actions and (last := actions[-1]["id"]) in scope.unknown["steps"]:
            return UnknownText(f"{{{{steps.{last}.output}}}}")
        return output

    def _evaluate(self, scope: Knowledge, expression: str) -> Any:
        try:
            return scope.evaluate(expression)
        except DefectError as defect:
            defect.pointer = self._pointer(expression)
            raise

    def _truth(self, scope: Knowledge, expression: str) -> bool:
        try:
            return truth(self._evaluate(scope, expression))
        except DefectError as defect:
            defect.pointer = self._pointer(expression)
            raise

    def _pointer(self, expression: str) -> str:
        node = self._walk.node
        assert node.type
        for part in parts(shape_of(node.type.config), node.action.config, "/config"):
            if part.value == expression and part.leaf.kind == "expression":
                return part.pointer
        return "/config"


def truth(value: Any) -> bool:
    """The value of a condition. Raises `DefectError` when it is neither true nor false."""
    if not isinstance(value, bool):
        raise DefectError(f"must give true or false, not {type(value).__name__}")
    return value


def _count(loop: Loop) -> int:
    match loop.items:
        case None:
            return loop.max_iterations
        case Span(count=count):
            return count
        case items:
            return len(items)


def _item(items: list[Any] | Span, index: int) -> Any:
    return items.start + index * items.step if isinstance(items, Span) else items[index]
