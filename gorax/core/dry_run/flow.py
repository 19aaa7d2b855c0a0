"""The simulation as a flow type sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from gorax.core.actions.constructs import Answer, Fork, Loop, LoopResult, SubWorkflow, Wait
from gorax.core.definition import load_actions
from gorax.core.definition.outline import ActionNode
from gorax.core.definition.shape import parts, shape_of, variable_fields
from gorax.core.dry_run.failure import Failed
from gorax.core.dry_run.knowledge import DefectError, Knowledge, Unknown
from gorax.core.dry_run.loops import LoopWalk
from gorax.core.errors import ErrorInfo

if TYPE_CHECKING:
    from gorax.core.dry_run.step import StepWalk


class DryStep:
    """One step of a flow type; what it asks for is simulated."""

    def __init__(self, walk: StepWalk) -> None:
        self._walk = walk
        self._failures: list[Failed] = []

    @property
    def path(self) -> str:
        """Where the step stands."""
        return self._walk.record.path

    @property
    def scope(self) -> Knowledge:
        """What is known where the step stands."""
        return self._walk.scope

    @property
    def supposed(self) -> bool:
        """Whether it is not even known that the step runs."""
        return self._walk.supposed is not None

    def now(self) -> datetime:
        """The time that a run would see."""
        return self.scope.clock.now

    def evaluate(self, expression: str) -> Any:
        """The value of an expression. Raises `Unknown` where that is not known, `DefectError` where it fails."""
        return self.value(self.scope, expression)

    def condition(self, expression: str) -> bool:
        """The value of a condition, which the step's record tells."""
        self._walk.record.condition = self.truth(self.scope, expression)
        return self._walk.record.condition

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Make these known as `vars.*`, if it is known that the step runs."""
        for name, value in variables.items():
            if self.supposed:
                self.scope.forget("vars", name)
            else:
                self.scope.learn("vars", name, value)

    async def sleep(self, seconds: float) -> None:
        """Let the time pass that a run would wait."""
        self._walk.record.message = f"waits {timedelta(seconds=seconds)}"
        self.scope.clock.wait(seconds)

    async def run(self, actions: Sequence[Mapping[str, Any]], *, error: ErrorInfo | None = None) -> Any:
        """Simulate nested actions. Raises `ActionFailed`."""
        scope = self.scope
        if error is not None:
            scope = scope.with_names({"error": error.model_dump(mode="json")})
        return self.run_list(actions, scope, f"{self.path}.")

    async def tidy_up(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Simulate nested actions; nothing is cancelled in a simulation. Raises `ActionFailed`."""
        await self.run(actions)

    async def loop(self, loop: Loop) -> LoopResult:
        """Simulate the first iterations. Raises `Unknown` where there may be more, and `ActionFailed`."""
        walk = LoopWalk(self, loop)
        try:
            return walk.run()
        except Unknown:
            if loop.concurrency == 1:
                self._forget_variables(inside_of(self._walk.node))
            raise
        finally:
            if walk.note:
                self._walk.record.message = walk.note

    async def fork(self, fork: Fork) -> Mapping[str, Any]:
        """Simulate all branches, one after the other. Raises `Unknown` where only some are waited for."""
        clock, begun = self.scope.clock, self.scope.clock.now
        done: dict[str, Any] = {}
        failures: list[Failed] = []
        ends = [begun]
        for branch in fork.branches:
            clock.now = begun
            try:
                done[branch.name] = self.run_list(branch.actions, self.scope, f"{self.path}.")
            except Failed as failed:
                failures.append(failed)
            ends.append(clock.now)
        clock.now = max(ends)
        if len(done) < fork.wait:
            raise failures[0]
        if fork.wait < len(fork.branches):
            self._forget_variables(inside_of(self._walk.node))
            for node in inside_of(self._walk.node):
                self.scope.forget("steps", node.action.id)
            raise Unknown("which branches complete first is not known before a real run")
        return done

    async def call(self, call: SubWorkflow) -> Mapping[str, Any]:
        """Another workflow is not simulated."""
        raise Unknown(f"what workflow {call.workflow_id} gives is not known before a real run")

    async def wait(self, wait: Wait) -> Answer | None:
        """Nobody answers a simulation."""
        what = "an approval" if wait.kind == "approval" else f"the signal {wait.name!r}"
        raise Unknown(f"it waits for {what}")

    def run_list(self, actions: Sequence[Mapping[str, Any]], scope: Knowledge, parent: str) -> Any:
        """Simulate a list of the step's config. Raises `Failed`."""
        walk = self._walk
        try:
            return walk.simulation.run_list(load_actions(actions), scope, parent, walk.supposed)
        except Failed as failed:
            self._failures.append(failed)
            raise

    def close(self, leaving: BaseException | None) -> None:
        """The type has run: what failed inside it, but for what leaves it now, was taken care of."""
        for failed in self._failures:
            if failed.problem and failed is not leaving:
                self._walk.simulation.warnings.append(failed.problem)

    def value(self, scope: Knowledge, expression: str) -> Any:
        """The value of an expression of the step's config in a scope inside the step."""
        try:
            return scope.evaluate(expression)
        except DefectError as defect:
            defect.pointer = self._pointer(expression)
            raise

    def truth(self, scope: Knowledge, expression: str) -> bool:
        """The value of a condition there."""
        try:
            return truth(scope.evaluate(expression))
        except DefectError as defect:
            defect.pointer = self._pointer(expression)
            raise

    def _forget_variables(self, nodes: Sequence[ActionNode]) -> None:
        for node in nodes:
            for field in variable_fields(node.type.config) if node.type else ():
                for name in node.action.config.get(field, ()):
                    self.scope.forget("vars", name)

    def _pointer(self, expression: str) -> str:
        node = self._walk.node
        assert node.type
        for part in parts(shape_of(node.type.config), node.action.config, "/config"):
            if part.value == expression and part.leaf.kind == "expression":
                return part.pointer
        return "/config"


def inside_of(node: ActionNode) -> list[ActionNode]:
    """All actions inside an action."""
    direct = [inner for listed in node.lists for inner in listed.nodes]
    return [found for inner in direct for found in (inner, *inside_of(inner))]


def truth(value: Any) -> bool:
    """The value of a condition. Raises `DefectError` when it is neither true nor false."""
    if not isinstance(value, bool):
        raise DefectError(f"must give true or false, not {type(value).__name__}")
    return value
