"""Every type of the definition language: the real ones, and the declarations of those that are not there yet.

Only forms are checked here, so a declaration is all that is needed of a type.
"""

from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field

from gorax.core.actions.catalogue import Catalogue, full_catalogue
from gorax.core.actions.declaration import (
    ActionType,
    Config,
    EffectAction,
    Expr,
    FlowAction,
    NestedActions,
    Scope,
)

Body = Annotated[list[dict[str, Any]], NestedActions(runs="repeatedly"), Scope(names=("item", "index"))]
InLoop = Annotated[Expr, Scope(names=("item", "index"), sees=("actions",))]
Branch = Annotated[list[dict[str, Any]], NestedActions(runs="once")]
Handler = Annotated[list[dict[str, Any]], NestedActions(), Scope(names=("error",))]


class ForEach(Config):
    items: Expr
    item: str = "item"
    index: str = "index"
    actions: Body
    max_iterations: int = Field(default=10_000, ge=1, le=1_000_000)
    on_error: Literal["stop", "continue"] = "stop"
    break_when: InLoop | None = None


class OneBranch(Config):
    name: str
    actions: Branch


class Parallel(Config):
    branches: list[OneBranch] = Field(min_length=1)
    wait: Literal["all", "first"] | int = "all"
    on_error: Literal["fail_fast", "wait_all"] = "fail_fast"
    max_concurrency: int | None = Field(default=None, ge=1)


class Catch(Config):
    errors: list[str] | None = None
    actions: Handler


class Try(Config):
    actions: Branch
    catch: list[Catch] = Field(default_factory=list)
    finally_: Branch = Field(default_factory=list, alias="finally")


class SubWorkflow(Config):
    workflow_id: str
    input: Any = None
    wait: bool = True
    timeout: Any = None


class Approval(Config):
    title: str
    description: str | None = None
    assignees: list[str] = Field(default_factory=list)
    form: Any = None
    timeout: str | None = None
    on_timeout: Literal["approve", "reject", "fail", "escalate"] | None = None
    escalate_to: list[str] | None = None


class Code(Config):
    script: str
    input: Any = None
    timeout: float = 10
    memory_limit_mb: int = 32


class Email(Config):
    from_: str | None = Field(default=None, alias="from")
    to: str | list[str]
    subject: str
    text: str | None = None
    html: str | None = None
    attachments: Any = None
    credential: str | None = None


class Slack(Config):
    channel: str | None = None
    text: str | None = None
    blocks: list[Any] | None = None
    thread_ts: str | None = None
    credential: str | None = None
    user: str | None = None
    ts: str | None = None
    timestamp: str | None = None
    emoji: str | None = None
    username: str | None = None
    icon_emoji: str | None = None


async def never(config: Any, step: Any) -> Any:
    """Definitions are only checked here."""
    raise AssertionError


_FLOW = {
    "for_each": ForEach,
    "parallel": Parallel,
    "try": Try,
    "sub_workflow": SubWorkflow,
    "approval": Approval,
}
_EFFECTS = {
    "code": Code,
    "email": Email,
    "slack": Slack,
    "slack:send_dm": Slack,
    "slack:update_message": Slack,
    "slack:add_reaction": Slack,
}


@cache
def whole_language() -> Catalogue:
    """All types that a compiled definition can hold."""
    real = full_catalogue()
    types: list[ActionType[Any]] = list(real)
    for kind, declared in ((FlowAction, _FLOW), (EffectAction, _EFFECTS)):
        types += [
            kind(name=name, config=config, summary="", example={}, run=never)
            for name, config in declared.items()
            if real.get(name) is None
        ]
    return Catalogue(types)
