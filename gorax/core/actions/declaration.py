"""What an action type declares about itself: its config, its defaults, and how it runs.

A type is one module with an `ACTION`. There are two kinds:

* a **flow** type (`FlowAction`) runs inside the interpreter, deterministic and without effects: it evaluates,
  branches, waits. Its module lies beside this one.
* an **effect** type (`EffectAction`) runs in a Temporal activity. Its module lies in `activities/connectors/`
  or in any installed package that names it under the entry point `gorax.actions`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, Protocol, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, GetJsonSchemaHandler
from pydantic_core import CoreSchema

from gorax.core.actions.constructs import Answer, Fork, Loop, LoopResult, SubWorkflow, Wait
from gorax.core.encoding import dumps
from gorax.core.errors import ErrorInfo

Mode = Literal["durable", "fast"]


class BareExpression:
    """Marks a config field that is an expression itself, not a text with `{{ }}` in it."""


@dataclass(frozen=True)
class NestedActions:
    """Marks a config field that holds a list of actions."""

    runs: Literal["maybe", "once", "repeatedly"] = "maybe"
    """What is certain of them when the action itself has completed: nothing; that all of them ran, as in a
    branch of `parallel`; or that there is no telling which time is meant, as in a loop. Of a list that runs
    repeatedly nothing can be read from outside."""
    unless: tuple[str, ...] = ()
    """Fields of the config that make `once` a `maybe` where they have another value than their default."""


@dataclass(frozen=True)
class Scope:
    """Marks a config field whose expressions, templates or nested actions see more than the action itself.

    Such a field is evaluated by the type, so a template in it is not rendered before the type runs.
    """

    names: tuple[str, ...] = ()
    """Names that exist there, such as `item`. Where the config has a field of that name, as a loop has, its
    value is the name."""
    sees: tuple[str, ...] = ()
    """Fields of the config, holding nested actions, whose steps can be read there."""
    certain: bool = True
    """Whether all actions of those fields have run there; otherwise any of them may be missing."""


class Program:
    """Marks a config field that is a text in another language: nothing in it is a template."""


class WebAddress:
    """Marks a field of a config itself that is a URL: a credential in its path or query is encoded as a part of it."""


class SetsVariables:
    """Marks a config field, an object, whose keys become names under `vars`."""


Expr = Annotated[str, BareExpression(), Field(min_length=1, max_length=4096)]
"""A config field such as `condition`: an expression, evaluated by the action type itself."""

BareExpressions = dict[str, Expr]
"""A config field such as `mapping`: an expression under each name."""

ActionList = Annotated[list[dict[str, Any]], NestedActions()]
"""A config field such as `then`: actions in their authored form, walked and checked with the definition."""


class AnythingAsText:
    """Marks a config field whose text is made of any value, for those who read its JSON Schema."""

    @staticmethod
    def __get_pydantic_json_schema__(schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {"anyOf": [handler(schema), {"not": {"type": "string"}}]}


def _as_text(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    try:
        return dumps(value).decode()
    except TypeError as error:
        raise ValueError(f"cannot be written as text: {error}") from error


Text = Annotated[str, BeforeValidator(_as_text), AnythingAsText()]
"""A config field for people to read. A template that is the whole of it may give anything: it is written as it
would be inside a longer text, null as empty and all but strings as JSON."""


class Config(BaseModel):
    """Base of all configs: a typo must not pass silently."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, use_attribute_docstrings=True)


C = TypeVar("C", bound=Config)
C_contra = TypeVar("C_contra", bound=Config, contravariant=True)


class FlowStep(Protocol):
    """What the interpreter offers a flow type while one of its steps runs."""

    @property
    def path(self) -> str:
        """Where the step stands, such as `big_order` or `each_order[17].charge`."""

    def now(self) -> datetime:
        """The execution's clock, which replays alike."""

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the step's scope. Raises `StepError` of type `expression`."""

    def condition(self, expression: str) -> bool:
        """The value of an expression that must give true or false, else `StepError`."""

    def set_variables(self, variables: Mapping[str, Any]) -> None:
        """Make these visible as `vars.*` from now on."""

    async def sleep(self, seconds: float) -> None:
        """Wait on a durable timer."""

    async def run(self, actions: Sequence[Mapping[str, Any]], *, error: ErrorInfo | None = None) -> Any:
        """Run nested actions to their end; the output of the last one that finished.

        `error` is visible to them as `error.*`. Raises `ActionFailed`.
        """

    async def tidy_up(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Run nested actions to their end, whatever is cancelled meanwhile. Raises `ActionFailed`."""

    async def loop(self, loop: Loop) -> LoopResult:
        """Run nested actions again and again, at whatever scale. Raises `ActionFailed`."""

    async def fork(self, fork: Fork) -> Mapping[str, Any]:
        """Run branches beside each other; by name, what those that were waited for gave. Raises `ActionFailed`."""

    async def call(self, call: SubWorkflow) -> Mapping[str, Any]:
        """Run another workflow as an execution of its own: `{execution_id, status, output}`.

        Raises `StepError` of type `sub_workflow` when it does not complete, of type `timeout` when it takes too long.
        """

    async def wait(self, wait: Wait) -> Answer | None:
        """Wait for somebody's answer; None when none came in time."""


class ActionFailed(Exception):
    """An action failed for good; handlers on the way up may still take care of it."""

    def __init__(self, error: ErrorInfo, *, timed_out: bool = False) -> None:
        super().__init__(error.message)
        self.error = error
        self.timed_out = timed_out
        """Whether the step is shown as `timed_out`, as a fast try is, rather than as `failed`."""


class StopExecution(Exception):
    """Raised by a flow type to end the execution as completed, with this output."""

    def __init__(self, output: Any) -> None:
        super().__init__("stopped")
        self.output = output


@dataclass(frozen=True, kw_only=True, eq=False)
class ActionType(Generic[C]):
    """What both kinds declare."""

    name: str
    config: type[C]
    summary: str
    """One line for people."""
    example: Mapping[str, Any]
    """A config that validates."""
    aliases: tuple[str, ...] = ()
    """Other names that definitions may use, such as the original's `slack:send_message`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class FlowAction(ActionType[C]):
    """A type that runs inside the interpreter."""

    run: Callable[[C, FlowStep], Awaitable[Any]]
    pure: bool = False
    """Neither waits nor branches nor ends the execution: a dry run may run it for real."""
    ends: bool = False
    """Always ends the execution: what stands after it is never reached."""
    at_once: bool = False
    """Its record is written before the run goes on, because somebody waits for it."""


class EffectCall(Protocol):
    """What the worker offers an effect type while one attempt of a step runs."""

    @property
    def tenant_id(self) -> str: ...

    @property
    def execution_id(self) -> str: ...

    @property
    def path(self) -> str: ...

    @property
    def attempt(self) -> int: ...

    @property
    def timeout(self) -> float:
        """Seconds until this attempt is cancelled."""

    @property
    def idempotency_key(self) -> str:
        """The same for all attempts of this step, and for no other step."""

    def resource(self, kind: type["R"]) -> "R":
        """A long-lived object that the worker keeps for all steps, such as a connection pool.

        `kind` is built once per worker, from its settings, and closed with it.
        """

    async def credential(self, name: str) -> Mapping[str, Any]:
        """The value of the tenant's credential of that name; the read is audited, the value masked from now on.

        Raises `StepError` of type `credential` when there is none, or it has expired.
        """


class Resource(Protocol):
    """A long-lived object that connectors share; see `EffectCall.resource`."""

    def __init__(self, settings: Any) -> None:
        """Build it from the worker's `gorax.settings.Settings`."""

    async def close(self) -> None:
        """Give up what it holds; called once, when the worker ends."""


R = TypeVar("R", bound=Resource)


class EffectTraits(BaseModel):
    """What the interpreter has to know of an effect type.

    It travels in the execution's input, so that a run outlives a change of the defaults.
    """

    model_config = ConfigDict(frozen=True)

    timeout: float = 30.0
    """Seconds that one attempt may take."""
    max_attempts: int = 3
    mode: Mode = "durable"
    fast_when: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Config fields and their values under which a step is safe to repeat and so runs `fast`.

    A field that the config leaves out counts as the first of its values.
    """
    program: str | None = None
    """The config field marked `Program`: what it mentions of the scope is sent along, as the field `context`."""


@dataclass(frozen=True, kw_only=True, eq=False)
class EffectAction(ActionType[C]):
    """A type that runs in an activity."""

    run: Callable[[C, EffectCall], Awaitable[Any]]
    traits: EffectTraits = field(default_factory=EffectTraits)
