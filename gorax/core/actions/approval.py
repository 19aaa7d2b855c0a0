"""`approval`: wait until somebody approves or rejects."""

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from gorax.core.actions.constructs import Answer, Wait
from gorax.core.actions.declaration import Config, FlowAction, FlowStep, Text
from gorax.core.actions.wait_for_signal import MAX_TIMEOUT, small
from gorax.core.durations import Duration
from gorax.core.errors import ErrorType, StepError
from gorax.core.forms import load_form
from gorax.core.json_schema import SchemaError

MAX_ASSIGNEES = 100

Assignees = list[Annotated[str, Field(min_length=1, max_length=200)]]


def _form(value: Any) -> Any:
    if value is not None:
        try:
            load_form(value)
        except SchemaError as error:
            raise ValueError(f"{error.pointer or 'the form'}: {error.message}") from error
    return small(value)


class ApprovalConfig(Config):
    """What is asked, of whom, and for how long."""

    title: Text = Field(min_length=1, max_length=500)
    description: Text = Field(default="", max_length=20_000)
    assignees: Assignees = Field(default_factory=list, max_length=MAX_ASSIGNEES)
    """Users who may answer; nobody in particular: whoever may execute the workflow."""
    form: Annotated[Any, AfterValidator(_form)] = None
    """What to fill in: a JSON Schema, or a list of fields `{name, label, type, required, options}`. 64 KB."""
    timeout: Annotated[Duration, Field(gt=0, le=MAX_TIMEOUT)] | None = None
    """Left out: as long as the execution may last."""
    on_timeout: Literal["approve", "reject", "fail", "escalate"] = "fail"
    """`escalate` asks `escalate_to` for as long again, and then fails."""
    escalate_to: Assignees = Field(default_factory=list, max_length=MAX_ASSIGNEES)
    on_reject: Literal["continue", "fail"] = "continue"
    """Whether a rejection is an output like any other, or fails the step with `rejected`."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.on_timeout == "escalate") != bool(self.escalate_to):
            raise ValueError('on_timeout "escalate" and escalate_to, whom to ask then, belong together')
        if self.timeout is None and "on_timeout" in self.model_fields_set:
            raise ValueError("give timeout, after which on_timeout applies")
        return self


async def run(config: ApprovalConfig, step: FlowStep) -> Any:
    """`{decision, by, at, form, comment}`; decision is `approved` or `rejected`, and `by` is null for a timeout's."""
    answer = await _ask(config, step, config.assignees)
    if answer is None and config.on_timeout == "escalate":
        answer = await _ask(config, step, config.escalate_to)
    if answer is None and config.on_timeout in ("approve", "reject"):
        decided: Literal["approved", "rejected"] = (
            "approved" if config.on_timeout == "approve" else "rejected"
        )
        answer = Answer(decision=decided, at=step.now())
    if answer is None:
        raise StepError(ErrorType.TIMEOUT, f"nobody answered {config.title!r} in time")
    if answer.decision == "rejected" and config.on_reject == "fail":
        by = f" by {answer.by}" if answer.by else ""
        raise StepError(
            ErrorType.REJECTED,
            f"{config.title!r} was rejected{by}",
            details={"by": answer.by, "comment": answer.comment},
        )
    shown = answer.model_dump(mode="json")
    return {name: shown[key] for name, key in _OUTPUT.items()}


_OUTPUT = {"decision": "decision", "by": "by", "at": "at", "form": "payload", "comment": "comment"}


async def _ask(config: ApprovalConfig, step: FlowStep, assignees: Assignees) -> Answer | None:
    return await step.wait(
        Wait(
            kind="approval",
            name=step.path.rpartition(".")[2],
            timeout=config.timeout,
            title=config.title,
            description=config.description or None,
            assignees=assignees,
            form=config.form,
        )
    )


ACTION = FlowAction(
    name="approval",
    aliases=("human_task",),
    config=ApprovalConfig,
    summary="Wait until somebody approves or rejects",
    example={"title": "Refund {{trigger.body.amount}}?", "assignees": ["user_123"], "timeout": "48h"},
    run=run,
)
