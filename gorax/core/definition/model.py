"""The frame of a definition: what every workflow and every action has, whatever the action's type.

Configs stay as they were authored here: what may stand in them is the action type's business.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    PrivateAttr,
    Tag,
    TypeAdapter,
    WithJsonSchema,
    WrapValidator,
    model_validator,
)

from gorax.core.actions.declaration import Mode
from gorax.core.durations import Duration

MAX_ACTIONS = 500
"""Actions of a definition, nested ones and handlers included."""
MAX_EXPRESSION = 4096
"""Characters of one expression."""
MAX_TIMEOUT = 365 * 86_400.0
"""Seconds that an execution, or one attempt of an action, may be given."""

_ID_PATTERN = "[A-Za-z_][A-Za-z0-9_-]{0,63}"
_ID = re.compile(_ID_PATTERN, re.ASCII)
_TRIGGER_PREFIX = "trigger:"


def _identifier(value: str) -> str:
    if not _ID.fullmatch(value):
        raise ValueError("must start with a letter or _, then letters, digits, _ or -; at most 64 characters")
    return value


Identifier = Annotated[
    str, AfterValidator(_identifier), WithJsonSchema({"type": "string", "pattern": f"^{_ID_PATTERN}$"})
]
"""The id of an action, or the name of a variable."""

Timeout = Annotated[Duration, Field(gt=0, le=MAX_TIMEOUT)]
Interval = Annotated[Duration, Field(le=MAX_TIMEOUT)]
ErrorPattern = Annotated[str, Field(min_length=1, max_length=64)]
Expression = Annotated[str, Field(min_length=1, max_length=MAX_EXPRESSION)]


class Frame(BaseModel):
    """Base of the models: a typo must not pass silently, and `"true"` is not true."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


def _without_prefix(value: object) -> object:
    return value.removeprefix(_TRIGGER_PREFIX) if isinstance(value, str) else value


class Trigger(Frame):
    """What starts the workflow; any workflow can also be started by hand."""

    type: Annotated[
        Literal["manual", "webhook", "schedule"],
        BeforeValidator(_without_prefix),
        WithJsonSchema({"type": "string", "pattern": f"^({_TRIGGER_PREFIX})?(manual|webhook|schedule)$"}),
    ] = "manual"
    """The kind of start, which decides the names under `trigger`. `trigger:webhook` is accepted too."""
    config: dict[str, Any] = Field(default_factory=dict)
    """Settings of the trigger, kept as they are. A schedule's say when it runs: `cron`, `timezone` and more."""
    metadata: Any = None
    """Kept and ignored."""
    position: Any = None
    """Kept and ignored: where an editor draws it."""


class Retry(Frame):
    """How a failed attempt is tried again. What is left out follows the action's type."""

    max_attempts: int | None = Field(default=None, ge=1, le=100)
    """Attempts in all; 1 means that none follows the first. Default 3."""
    initial_interval: Interval | None = None
    """Wait before the second attempt. Default 1s."""
    backoff: float | None = Field(default=None, ge=1, le=100)
    """Factor by which each wait is longer than the one before. Default 2."""
    max_interval: Interval | None = None
    """Longest wait between two attempts. Default 1m."""
    jitter: bool | None = None
    """Spread the waits a little, so that many executions do not retry at the same moment. Default true."""
    retry_on: list[ErrorPattern] | None = Field(default=None, max_length=50)
    """Error types that are tried again, matched by prefix. Default: those that another attempt can help."""
    not_on: list[ErrorPattern] | None = Field(default=None, max_length=50)
    """Error types that are never tried again, matched by prefix."""

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        first, longest = self.initial_interval, self.max_interval
        if first is not None and longest is not None and longest < first:
            raise ValueError("max_interval must not be shorter than initial_interval")
        return self


def _form_of_on_error(value: object) -> str:
    return "actions" if isinstance(value, list | tuple) else "word"


class Action(Frame):
    """One action of a list."""

    id: Identifier
    """Unique in the whole definition; its result is `steps.<id>`."""
    type: str = Field(min_length=1, max_length=128)
    """The action type, such as `http`; the original's prefixes (`action:http`, `control:if`) are accepted."""
    name: str | None = Field(default=None, max_length=200)
    """For people."""
    config: dict[str, Any] = Field(default_factory=dict)
    """What the type asks for. Strings may hold `{{ expression }}`."""
    depends_on: list[Identifier] | None = Field(default=None, max_length=MAX_ACTIONS)
    """Actions of the same list to wait for. Left out: the previous one; `[]`: none, start at once."""
    when: Expression | None = None
    """An expression; where it gives false, the action is skipped."""
    retry: Retry | None = None
    """How a failed attempt is tried again."""
    timeout: Timeout | None = None
    """Longest time of one attempt. Default by type."""
    on_error: Annotated[
        Annotated[Literal["fail", "continue"], Tag("word")]
        | Annotated[list["Action"], Field(min_length=1, max_length=MAX_ACTIONS), Tag("actions")],
        Discriminator(_form_of_on_error),
    ] = "fail"
    """What a failure does after the last attempt: `fail` ends the execution, `continue` goes on without an
    output, a list of actions runs instead, with `error` in scope."""
    mode: Mode | None = None
    """`durable`: every attempt has its place in the history. `fast`: cheaper, for what is safe to repeat.
    Default by type."""
    sensitive: bool = False
    """Input and output are masked wherever they are shown."""
    metadata: Any = None
    """Kept and ignored."""
    position: Any = None
    """Kept and ignored: where an editor draws it."""

    @property
    def handlers(self) -> Sequence["Action"]:
        """The actions that run when this one fails; none where `on_error` is a word."""
        return () if isinstance(self.on_error, str) else self.on_error


End = Literal["failed", "cancelled"]


class OnFailure(Frame):
    """Actions that run when the execution does not end well, with `error` in scope."""

    on: list[End] = Field(default=["failed"], min_length=1, max_length=2)
    """The ends that they run after."""
    actions: list[Action] = Field(min_length=1, max_length=MAX_ACTIONS)

    _pointer: str = PrivateAttr(default="/actions")

    @property
    def actions_pointer(self) -> str:
        """Where the actions stand in what was authored, which may be just a list of them."""
        return self._pointer


def _as_on_failure(value: object, validate: Callable[[object], OnFailure]) -> OnFailure:
    if not isinstance(value, list | tuple):
        return validate(value)
    handler = validate({"actions": value})
    handler._pointer = ""
    return handler


class Definition(Frame):
    """A workflow, as it is authored and stored."""

    trigger: Trigger = Field(default_factory=Trigger)
    """What starts it."""
    actions: list[Action] = Field(min_length=1, max_length=MAX_ACTIONS)
    """What it does, in order unless `depends_on` says otherwise."""
    variables: dict[Identifier, Any] = Field(default_factory=dict)
    """Constants for expressions, as `vars.*`; 64 KB."""
    input_schema: dict[str, Any] | None = None
    """JSON Schema (2020-12) that `trigger.body` must satisfy before an execution is accepted; 64 KB."""
    output: Any = None
    """Template of the execution's result. Left out: the output of the last action that finished."""
    on_failure: (
        Annotated[OnFailure, WrapValidator(_as_on_failure, json_schema_input_type=list[Action] | OnFailure)]
        | None
    ) = None
    """Actions for when the execution fails: a list, or `{"on": ["failed", "cancelled"], "actions": […]}`."""
    timeout: Timeout = 86_400.0
    """Longest time of the whole execution, at most 365 days. Default a day."""
    metadata: Any = None
    """Kept and ignored."""
    position: Any = None
    """Kept and ignored."""


_ACTIONS = TypeAdapter(list[Action])


def load_definition(raw: Mapping[str, Any]) -> Definition:
    """The definition from its stored form, which `parse_definition` accepted once.

    Only the frame is read: no catalogue, no expression. Raises `pydantic.ValidationError` when it is not one.
    """
    return Definition.model_validate(raw)


def load_actions(raw: Sequence[Mapping[str, Any]]) -> list[Action]:
    """A nested list of actions, such as `then`, from its stored form."""
    return _ACTIONS.validate_python(list(raw))
