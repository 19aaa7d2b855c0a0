"""Simulating one action: its condition, its config, its type, and what a failure of it means."""

from collections.abc import Awaitable, Coroutine, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from pydantic import ValidationError

from gorax.core.actions.declaration import ActionType, Config, FlowAction, StopExecution
from gorax.core.definition import Problem, render_config, without_actions
from gorax.core.definition.config import config_problems
from gorax.core.definition.names import HANDLER_ROOT
from gorax.core.definition.outline import ActionNode
from gorax.core.definition.problems import join
from gorax.core.dry_run.failure import Failed
from gorax.core.dry_run.flow import DryStep, truth
from gorax.core.dry_run.knowledge import (
    BYTES_PER_FUEL,
    MAX_VALUE_BYTES,
    STEP_PRICE,
    DefectError,
    Knowledge,
    Unknown,
    UnknownText,
)
from gorax.core.dry_run.paths import inside
from gorax.core.dry_run.result import Result
from gorax.core.errors import ErrorType, StepError
from gorax.core.weight import TooHeavyError, weigh

if TYPE_CHECKING:
    from gorax.core.dry_run.simulation import Simulation


class StepWalk:
    """One action on its way through the simulation."""

    def __init__(
        self, simulation: "Simulation", node: ActionNode, scope: Knowledge, parent: str, supposed: str | None
    ) -> None:
        self.simulation = simulation
        self.node = node
        self.scope = scope
        self.supposed = supposed
        """Why it is not known whether the action runs at all."""
        self.record = simulation.open(node, f"{parent}{node.action.id}")
        self.output: Any = UnknownText(f"{{{{steps.{node.action.id}.output}}}}")
        """What the list has as its output if nothing else runs in it."""

    def skip(self, message: str) -> None:
        """Note that the action does not run."""
        self._settle("skipped", message, {"status": "skipped", "attempts": 0})
        self._pass_over_rest(message)

    def run(self) -> bool:
        """Simulate the action; false when its condition is. Raises `Failed` and `StopExecution`."""
        try:
            self.scope.allowance.spend(STEP_PRICE)
            if not self._condition():
                self.skip("its condition is false")
                return False
            self._perform()
        except Unknown as unknown:
            self._leave_open(str(unknown))
        except (StepError, Failed) as error:
            self._handle(error)
        finally:
            self._pass_over_rest("this list does not run")
            if self.node.action.sensitive:
                self.record.input = self.record.output = None
        return True

    def _condition(self) -> bool:
        when = self.node.action.when
        if when is None:
            return True
        try:
            self.record.condition = truth(self.scope.evaluate(when))
        except Unknown as unknown:
            self.supposed = self.supposed or f"whether it runs is not known: {unknown}"
            return True
        except DefectError as defect:
            defect.pointer = "/when"
            raise
        return self.record.condition

    def _perform(self) -> None:
        action_type = self.node.type
        assert action_type
        config, unknown = self._rendered(action_type)
        self.record.input = without_actions(action_type, config)
        for problem in config_problems(action_type, config):
            pointer = f"/config{problem.pointer}"
            raise DefectError(problem.message, kind=ErrorType.VALIDATION, pointer=pointer)
        reads = f"not known before a real run: {', '.join(unknown)}" if unknown else None
        if not isinstance(action_type, FlowAction):
            self._settle("would_run", reads)
            return
        try:
            checked = action_type.config.model_validate(config)
        except ValidationError:
            # Authored, it was accepted: it is up to what is not known.
            self._leave_open(reads or "")
            return
        self._flow(action_type, checked, reads)

    def _rendered(self, action_type: ActionType[Any]) -> tuple[dict[str, Any], list[str]]:
        unknown: list[str] = []
        config: dict[str, Any] = {}
        for name, value in self.node.action.config.items():
            render = partial(self.scope.render, unknown, join("/config", name))
            config |= render_config(action_type, {name: value}, render)
        return config, sorted(set(unknown))

    def _flow(self, action_type: FlowAction[Any], config: Config, reads: str | None) -> None:
        if reads and self.node.nested:
            # Which of the actions in it run may be up to what is not known.
            self._leave_open(reads)
            return
        begun = self.scope.clock.now
        try:
            output = self._driven(action_type, config)
        except StopExecution as stop:
            self._settle("success", "ends the execution")
            if self.supposed is None:
                raise StopExecution(stop.output) from stop
            return
        except (DefectError, Failed):
            raise
        except StepError as error:
            if action_type.ends:
                raise
            details = error.details
            raise DefectError(error.message, kind=error.type, pointer="/config", details=details) from error
        if self.scope.clock.over(limit := self.node.action.timeout, begun):
            message = f"{self.record.path} takes longer than {limit:g} s"
            raise DefectError(message, kind=ErrorType.TIMEOUT, pointer="/timeout")
        self._complete(output, reads)

    def _driven(self, action_type: FlowAction[Any], config: Config) -> Any:
        step = DryStep(self)
        try:
            output = _driven(action_type.run(config, step))
        except Exception as leaving:
            step.close(leaving)
            raise
        step.close(None)
        return output

    def _complete(self, output: Any, reads: str | None) -> None:
        try:
            size = weigh(output, MAX_VALUE_BYTES)
        except TooHeavyError as heavy:
            raise DefectError(f"its output {heavy}", kind=ErrorType.OUTPUT_TOO_LARGE) from heavy
        self.scope.allowance.spend(size // BYTES_PER_FUEL)
        if reads:
            self._settle("would_run", reads)
            return
        self.record.output = output
        if not self.scope.is_known(output):
            self._settle("would_run", "some of what it gives is not known before a real run")
            return
        self._settle("success", None, {"status": "completed", "output": output})
        if self.supposed is None:
            self.output = output

    def _settle(self, result: Result, message: str | None, shown: Mapping[str, Any] | None = None) -> None:
        """Note how the action ends; `shown` is what later actions see of it, None where that is not known."""
        record, action_id = self.record, self.node.action.id
        record.message = record.message or message
        if self.supposed is not None:
            record.result = result if result == "skipped" else "unknown"
            record.message = f"{self.supposed}; {message}" if message else self.supposed
            self.scope.forget("steps", action_id)
            return
        record.result = result
        if shown is None:
            self.scope.forget("steps", action_id)
        else:
            whole = {"status": None, "output": None, "error": None, "attempts": 1, **shown}
            self.scope.learn("steps", action_id, whole)

    def _leave_open(self, reason: str) -> None:
        """The action runs, and what it does is not known: what is inside it may run."""
        self._settle("unknown" if self.scope.allowance.spent else "would_run", reason)
        for inner in self.node.nested:
            parent = inside(self.record.path, inner)
            actions = [node.action for node in self.simulation.unseen(inner, parent)]
            # Of a list that was left in the middle, the rest is told as it stands.
            if len(actions) == len(inner.nodes) and inner.outer:
                repeated = inner.mark and inner.mark.runs == "repeatedly"
                what = "how often it runs" if repeated else "whether it runs"
                scope = self.scope.with_names({}, inner.outer.names)
                supposed = self.supposed or f"{what} is not known: {reason}"
                if repeated:
                    scope = scope.iteration({}, scope.parts["steps"].copy(), own=False)
                self.simulation.run_list(actions, scope, parent, supposed)

    def _handle(self, error: StepError | Failed) -> None:
        action = self.node.action
        info = error.error if isinstance(error, Failed) else error.info(action.id, 1)
        problem = error.problem if isinstance(error, Failed) else None
        if isinstance(error, DefectError):
            pointer = self.node.pointer + error.pointer
            problem = Problem(pointer=pointer, message=error.message, column=error.column)
        shown = info.model_dump(mode="json")
        self._settle("error", info.message, {"status": "failed", "error": shown})
        if problem:
            # It fails whenever it runs.
            self.record.result = "error"
        if action.on_error == "fail" and self.supposed is None:
            raise Failed(info, problem)
        if problem:
            self.simulation.warnings.append(problem)
        if self.supposed is None:
            self.output = None
        if action.handlers:
            scope = self.scope.with_names({"error": shown})
            parent = f"{self.record.path}."
            self.output = self.simulation.run_list(action.handlers, scope, parent, self.supposed)

    def _pass_over_rest(self, message: str) -> None:
        path = self.record.path
        for inner in self.node.nested:
            of_error = inner.scope and HANDLER_ROOT in inner.scope.names
            why = "runs only when an action fails" if of_error else message
            self.simulation.pass_over_list(inner, inside(path, inner), why)
        if handlers := self.node.handlers:
            fails = f"runs only when '{self.node.action.id}' fails"
            self.simulation.pass_over_list(handlers, f"{path}.", fails)


def _driven(running: Awaitable[Any]) -> Any:
    """The result of a flow type, none of whose waits is a real one here."""
    coroutine = cast(Coroutine[Any, Any, Any], running)
    try:
        coroutine.send(None)
    except StopIteration as done:
        return done.value
    coroutine.close()
    raise Unknown("it waits for something that only a real run has")
