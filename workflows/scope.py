"""The names that expressions see while an execution runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from temporalio import workflow

from gorax.core.contracts import ExecutionRequest, LoopBatch, LoopFrame
from gorax.core.errors import ErrorInfo, ErrorType, StepError
from gorax.core.expressions import (
    Environment,
    ExpressionError,
    Meter,
    compile_expression,
    render,
)
from gorax.core.times import rfc3339
from workflows.budget import TaskBudget


class Variables:
    """`vars.*`, for all scopes that share them."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        self.values: Mapping[str, Any] = dict(values)


class State:
    """What changes while an execution runs, for all scopes of one list of actions and those inside it.

    A change makes a new map: what an expression took as a value, such as all of `steps`, stays as it was then.
    """

    def __init__(self, variables: Variables, steps: Mapping[str, Any]) -> None:
        self.steps = steps
        self.variables = variables

    def finish(self, action_id: str, shown: Mapping[str, Any]) -> None:
        """Show a step under `steps.*`."""
        self.steps = {**self.steps, action_id: shown}

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Make these visible as `vars.*` from now on."""
        self.variables.values = {**self.variables.values, **variables}


@dataclass(frozen=True, slots=True)
class Scope:
    """Names, and the evaluation of what refers to them. A handler's scope adds `error`, a loop's its item."""

    fixed: Mapping[str, Any]
    """`trigger`, `env`, and what handlers and loops add."""
    state: State
    budget: TaskBudget

    @classmethod
    def of(cls, request: ExecutionRequest, variables: Mapping[str, Any], budget: TaskBudget) -> "Scope":
        """The outermost scope of an execution."""
        env = {
            "tenant_id": request.tenant_id,
            "workflow_id": request.workflow_id,
            "workflow_name": request.workflow_name,
            "version": request.version,
            "execution_id": request.execution_id,
            "trigger_type": request.trigger["type"],
            "started_at": rfc3339(workflow.info().start_time),
        }
        return cls({"trigger": request.trigger, "env": env}, State(Variables(variables), {}), budget)

    @classmethod
    def of_batch(cls, frame: LoopFrame, batch: LoopBatch, budget: TaskBudget) -> "Scope":
        """The scope around a loop, in the batch's own run."""
        fixed = {"trigger": frame.request.trigger, **frame.names}
        return cls(fixed, State(Variables(batch.variables), frame.steps), budget)

    def with_names(self, names: Mapping[str, Any]) -> "Scope":
        """This scope with more names."""
        return Scope({**self.fixed, **names}, self.state, self.budget)

    def with_error(self, error: ErrorInfo) -> "Scope":
        """The scope of a handler."""
        return self.with_names({"error": error.model_dump(mode="json")})

    def iteration(self, names: Mapping[str, Any], steps: Mapping[str, Any], *, own: bool) -> "Scope":
        """The scope of one iteration: `steps` and what it adds to them; `own` variables end with it."""
        variables = Variables(self.state.variables.values) if own else self.state.variables
        return Scope({**self.fixed, **names}, State(variables, steps), self.budget)

    @property
    def names(self) -> dict[str, Any]:
        """All names, as they are now."""
        return {**self.fixed, "steps": self.state.steps, "vars": self.state.variables.values}

    def evaluation(self) -> "Evaluation":
        """Evaluates for one step, within that step's budget."""
        return Evaluation(self)


class Evaluation:
    """Evaluates expressions and templates in a scope; all of them share one default allowance of steps."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope
        self._meter = Meter()
        self._budget = scope.budget

    def _environment(self) -> Environment:
        return Environment(names=self._scope.names, now=workflow.now, uuid=_uuid)

    def expression(self, source: str) -> Any:
        """The value of an expression. Raises `StepError` of type `expression`."""
        before = self._meter.spent
        try:
            return compile_expression(source).evaluate(self._environment(), self._meter)
        except ExpressionError as error:
            raise StepError(
                ErrorType.EXPRESSION, f"{error} in `{source[:200]}`", details={"expression": source[:1000]}
            ) from error
        finally:
            self._budget.burn(self._meter.spent - before)

    def condition(self, source: str) -> bool:
        """The value of an expression that must be true or false."""
        value = self.expression(source)
        if not isinstance(value, bool):
            raise StepError(
                ErrorType.EXPRESSION,
                f"must give true or false, not {type(value).__name__}: `{source[:200]}`",
                details={"expression": source[:1000]},
            )
        return value

    def render(self, value: Any) -> Any:
        """`value` with every template in it rendered. Raises `StepError` of type `expression`."""
        before = self._meter.spent
        try:
            return render(value, self._environment(), self._meter)
        except ExpressionError as error:
            raise StepError(ErrorType.EXPRESSION, str(error)) from error
        finally:
            self._budget.burn(self._meter.spent - before)


def _uuid() -> str:
    return str(workflow.uuid4())
