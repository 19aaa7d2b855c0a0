"""`sub_workflow`: run another workflow as an execution of its own."""

from typing import Annotated, Any, Literal

from pydantic import Field

from gorax.core.actions.constructs import SubWorkflow
from gorax.core.actions.declaration import Config, FlowAction, FlowStep
from gorax.core.durations import Duration

MAX_TIMEOUT = 365 * 86_400


class SubWorkflowConfig(Config):
    """Which workflow, and how."""

    workflow_id: str = Field(min_length=1, max_length=64)
    version: Annotated[int, Field(ge=1, le=2**31 - 1)] | Literal["current", "latest"] = "current"
    """A version stays what it is; `current` is the one that is saved when the step begins."""
    input: Any = None
    """What the other workflow finds in `trigger.body`."""
    wait: bool = True
    """Whether this execution goes on only when that one has ended."""
    timeout: Annotated[Duration, Field(gt=0, le=MAX_TIMEOUT)] | None = None
    """The other execution is cancelled after this, and the step fails with `timeout`."""
    on_parent_cancel: Literal["cancel", "abandon"] = "cancel"
    """What happens to an execution that is waited for when this one is cancelled."""


async def run(config: SubWorkflowConfig, step: FlowStep) -> Any:
    """`{execution_id, status, output}`; without waiting, status is `running` and output null."""
    return await step.call(
        SubWorkflow(
            workflow_id=config.workflow_id,
            version=config.version if isinstance(config.version, int) else None,
            input=config.input,
            wait=config.wait,
            timeout=config.timeout if config.wait else None,
            cancel_with_parent=config.on_parent_cancel == "cancel",
        )
    )


ACTION = FlowAction(
    name="sub_workflow",
    aliases=("subworkflow", "execute_workflow"),
    config=SubWorkflowConfig,
    summary="Run another workflow",
    example={"workflow_id": "wf_06b8s5k0000000000000000000", "input": {"order": "{{trigger.body.order}}"}},
    run=run,
)
