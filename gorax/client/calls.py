"""One request to one operation of the API, and how its answer is read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, Literal, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import to_json

from gorax.client.errors import UnexpectedAnswer
from gorax.client.models.common import Data, Page

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)

JSON = "application/json"

_WITH_SLASHES = frozenset({"path"})
"""Names in paths whose values may have several parts."""


class Nothing(Enum):
    """Stands for a body that is left out, which is something else than null."""

    NOTHING = "nothing"


NOTHING = Nothing.NOTHING

Method = Literal["GET", "POST", "PUT", "DELETE"]


@dataclass(frozen=True)
class Operation:
    """What the OpenAPI document says of an operation, as far as sending needs it."""

    id: str
    method: Method
    path: str
    """With a name in braces for each value."""
    repeatable: bool = False
    """Asked twice, it does no more than once; so are all but `POST`."""
    keyed: bool = False
    """Takes an `Idempotency-Key`, which makes it repeatable."""
    anonymous: bool = False
    """Does not ask who sends it, so it is not told."""
    accepts: frozenset[int] = frozenset()
    """Statuses beside the successful ones with which it answers what was asked for."""


@dataclass(frozen=True)
class Answer(Generic[T]):
    """How an answer is read."""

    kind: Any
    """The type that the body has."""
    read: Callable[[httpx.Response], T]
    accept: str = JSON


@dataclass(frozen=True)
class Call(Generic[T]):
    """What one call of an operation says."""

    answer: Answer[T]
    path: tuple[str | int, ...] = ()
    """Values for the names in the operation's path, in their order."""
    query: Mapping[str, Any] = field(default_factory=dict)
    """None is left out."""
    body: Any = NOTHING
    """Sent as JSON, or as it is where it is `bytes`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    key: str | None = None
    """The caller's own idempotency key."""

    def going_on(self, query: Mapping[str, Any]) -> "Call[T]":
        """The same call, with another part of the query."""
        return replace(self, query={**self.query, **query})

    def url(self, operation: Operation) -> str:
        """Path and query. Raises `ValueError` for a value that cannot stand in a path."""
        path = operation.path
        for value in self.path:
            before, _, rest = path.partition("{")
            name, _, after = rest.partition("}")
            parts = str(value).split("/") if name in _WITH_SLASHES else [str(value)]
            path = f"{before}{'/'.join(_segment(name, part) for part in parts)}{after}"
        query = {name: _text(value) for name, value in self.query.items() if value is not None}
        return f"{path}?{httpx.QueryParams(query)}" if query else path

    def content(self) -> bytes | None:
        """The body as it is sent. Raises `ValueError` for what JSON cannot say."""
        if self.body is NOTHING:
            return None
        return self.body if isinstance(self.body, bytes) else to_json(self.body, by_alias=True)


def fields(given: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments by the API's names: those that Python keeps for itself, such as `from`, end with `_` in Python."""
    return {name.removesuffix("_"): value for name, value in given.items()}


def data(model: type[M]) -> Answer[M]:
    """One thing, in its envelope."""
    envelope = Data[model]  # type: ignore[valid-type]
    return Answer(model, lambda response: _validated(envelope, response).data)


def listed(kind: type[T]) -> Answer[list[T]]:
    """A whole list, in the same envelope."""
    envelope = Data[list[kind]]  # type: ignore[valid-type]
    return Answer(list[kind], lambda response: _validated(envelope, response).data)  # type: ignore[valid-type]


def page(model: type[M]) -> Answer[Page[M]]:
    """A part of a list."""
    whole = Page[model]  # type: ignore[valid-type]
    return Answer(whole, lambda response: _validated(whole, response))


def plain(kind: type[T] | Any) -> Answer[T]:
    """The body itself, without an envelope."""
    adapter: TypeAdapter[T] = TypeAdapter(kind)
    return Answer(kind, lambda response: _read(adapter.validate_json, response))


def text(media_type: str) -> Answer[str]:
    """A text of that type."""
    return Answer(str, lambda response: response.text, accept=media_type)


EVENT_STREAM = text("text/event-stream")
"""Server-Sent Events, line by line."""
JSON_LINES = text("application/x-ndjson")
"""A value on each line."""
NO_CONTENT: Answer[None] = Answer(None, lambda _: None)
"""Nothing but that it is done."""


def _validated(model: type[M], response: httpx.Response) -> M:
    return _read(model.model_validate_json, response)


def _read(validate: Callable[[bytes], T], response: httpx.Response) -> T:
    try:
        return validate(response.content)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise UnexpectedAnswer(
            f"the answer is not what this client knows: {where}: {first['msg']}"
        ) from error


def _segment(name: str, value: str) -> str:
    if value in ("", ".", ".."):
        raise ValueError(f"{name}: {value!r} is not an id")
    return quote(value, safe="")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set | frozenset):
        return ",".join(_text(one) for one in value)
    return str(value)
