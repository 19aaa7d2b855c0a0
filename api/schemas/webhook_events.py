"""Events of webhooks: their history, their replays, and tests."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, Field, field_validator
from typing_extensions import TypedDict

from api.limits import MAX_PAGE
from api.schemas.common import PageQuery, RequestBody
from api.schemas.either_case import EitherCase
from api.schemas.statuses import one_or_several
from api.schemas.times import From, To, later_than_from
from api.schemas.workflows import AnyJson
from gorax.core.encoding import dumps
from gorax.core.webhooks.settings import EventSource, EventStatus, Method, read_method
from gorax.core.webhooks.trigger import Encoding, body_encoding
from gorax.store.intake import Event
from gorax.store.tables import WebhookEvent
from gorax.store.webhook_events import EventFilter

MAX_TEST_HEADERS = 50
JSON = "application/json"

_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}", re.ASCII)
_VALUE = re.compile(r"[\t -~]{0,4000}", re.ASCII)

Statuses = Annotated[list[EventStatus] | None, one_or_several(EventStatus)]


class EventsChosen(BaseModel):
    """Which events of a webhook are meant; all filters together."""

    status: Statuses = Field(
        default=None, description="Only events of this status, or of one of several: `filtered,rejected`."
    )
    from_: From = Field(
        default=None, alias="from", description="Only events received at this time or later (ISO 8601)."
    )
    to: To = Field(
        default=None,
        description="Only events received before this time; a plain date means through its end (UTC).",
    )

    _range = field_validator("to")(later_than_from)

    def filter(self) -> EventFilter:
        """The filters as the store takes them."""
        return EventFilter(statuses=self.status or (), from_=self.from_, to=self.to)


class EventsQuery(EventsChosen, PageQuery):
    """Which part of a webhook's history is wanted."""


class ReplayEvent(RequestBody):
    """A replay of one event."""

    body: AnyJson = None
    """Takes the place of the event's body, as `trigger.body`; left out, that one stays."""


class ReplayEvents(EitherCase, EventsChosen):
    """Which events of a webhook to replay. Those of earlier replays, and of tests, are left alone."""

    limit: int = Field(default=MAX_PAGE, ge=1, le=MAX_PAGE)
    """At most so many, the oldest first."""
    after: Annotated[str, Field(min_length=1, max_length=255)] | None = None
    """Only events after this one: `next` of the batch before."""


def _read_headers(headers: dict[str, str]) -> dict[str, str]:
    for name, value in headers.items():
        if not _HEADER.fullmatch(name):
            raise ValueError(f"{name[:100]!r} is not the name of a header")
        if not _VALUE.fullmatch(value):
            raise ValueError(f"{name}: must be at most 4000 printable ASCII characters")
    if len({name.lower() for name in headers}) < len(headers):
        raise ValueError("must not have a name twice, in upper and in lower case")
    return headers


class SendTest(EitherCase):
    """An event to send through the webhook. What proves who sends it is added, unless the headers have it."""

    method: Annotated[Method, BeforeValidator(read_method)] | None = None
    """Left out, the first one that the webhook receives."""
    headers: Annotated[dict[str, str], Field(max_length=MAX_TEST_HEADERS), AfterValidator(_read_headers)] = (
        Field(default_factory=dict)
    )
    """A `Content-Type` decides how the body is written: JSON unless it says otherwise."""
    query: Annotated[str, Field(max_length=2_000, pattern="^[!-~]*$")] = ""
    """What stands after the `?` of the address."""
    body: AnyJson = None
    """Any JSON value, and sent as JSON; but text as it is where the `Content-Type` is not JSON. Left out, no body."""

    def content(self) -> bytes:
        """The body as it is sent."""
        if "body" not in self.model_fields_set:
            return b""
        kind = next((value for name, value in self.headers.items() if name.lower() == "content-type"), JSON)
        is_text = isinstance(self.body, str) and "json" not in kind.lower()
        return self.body.encode() if is_text else dumps(self.body)


class Tested(TypedDict):
    """What a test has shown. `status` is what a sender would have been answered."""

    success: bool
    execution_id: str | None
    response_time_ms: int
    workflow_triggered: bool
    status: int
    event_id: str
    reason: str | None


class EventView(TypedDict):
    """An event as the history shows it."""

    id: str
    webhook_id: str
    received_at: datetime
    source: EventSource
    method: str
    path: str
    content_type: str | None
    remote_address: str | None
    body_bytes: int
    status: EventStatus
    reason: str | None
    response_status: int | None
    response_time_ms: int | None
    execution_id: str | None
    dedupe_key: str | None
    duplicate_of: str | None
    replay_of: str | None
    replayable: bool


class EventDetail(EventView):
    """An event with the request that was kept of it."""

    query: dict[str, Any]
    headers: dict[str, Any]
    body: AnyJson
    body_encoding: Encoding | None
    replays: list[str]


class ReplayedEvent(TypedDict):
    """That an event has begun another execution."""

    execution_id: str
    original_event_id: str
    event_id: str
    status: str


class NotReplayed(TypedDict):
    """An event that could not be replayed."""

    event_id: str
    error: str


class ReplayedEvents(TypedDict):
    """What became of the events that were to be replayed."""

    replayed: list[ReplayedEvent]
    failed: list[NotReplayed]
    replayed_count: int
    failed_count: int
    remaining: int
    next: str | None


def event_view(row: WebhookEvent, *, waiting: bool) -> dict[str, Any]:
    """The event as the history shows it: an `EventView`."""
    return _shown(row, EventView.__annotations__, waiting=waiting)


def event_detail(row: WebhookEvent, replays: Sequence[str], *, waiting: bool) -> dict[str, Any]:
    """The event with its request: an `EventDetail`."""
    made = {"body_encoding": body_encoding(row.body, row.body_bytes), "replays": list(replays)}
    names = [name for name in EventDetail.__annotations__ if name not in made]
    return {**_shown(row, names, waiting=waiting), **made}


def tested_view(event: Event, status: int, milliseconds: int) -> Tested:
    """What a test has shown, by the event that it was."""
    return {
        "success": event.status != "rejected",
        "execution_id": event.execution_id,
        "response_time_ms": milliseconds,
        "workflow_triggered": event.status == "processed",
        "status": status,
        "event_id": event.id,
        "reason": event.reason,
    }


def _shown(row: WebhookEvent, names: Iterable[str], *, waiting: bool) -> dict[str, Any]:
    shown = {name: getattr(row, name) for name in names}
    return {**shown, "status": "queued"} if waiting else shown
