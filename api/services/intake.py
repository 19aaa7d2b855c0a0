"""What becomes of a request that a webhook receives.

In this order: the webhook is found, the request admitted or not, and only then is its body parsed. Then key, schema and
filter are worked out, and one statement keeps the event together with the execution that it begins, or finds that it
repeats an earlier one.
"""

import asyncio
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from urllib.parse import parse_qsl

import structlog

from api.errors import Forbidden
from api.event_bodies import parse_body
from api.services.admission import Admission, Incoming, Refused, proof_of
from api.services.authored import AuthoredVersions
from api.services.input import check_input
from api.services.launch import Launcher
from api.services.rejections import Rejections
from api.services.response import Reply, Results
from api.services.webhooks import NO_WEBHOOK
from gorax.core import ids
from gorax.core.cache import Cache
from gorax.core.encoding import dumps
from gorax.core.errors import Invalid, NotFound, QuotaExceeded, TooLarge, Unavailable
from gorax.core.json_schema import Schema, compile_schema
from gorax.core.steering import Steerings
from gorax.core.webhooks.filters import GLANCE, WHOLE, Allowance, CostlyError, unwanted
from gorax.core.webhooks.headers import masked, masked_query, without_proof
from gorax.core.webhooks.keys import dedupe_key
from gorax.core.webhooks.settings import normal_path
from gorax.core.webhooks.trigger import trigger_document
from gorax.store.intake import Destination, Event, Intake, Recipient
from gorax.store.tenants import ACTIVE

ACCEPTED: Final = 202
"""Of every event that is kept and not refused, whether or not it begins anything: there is nothing to send again."""
MAX_QUERY_FIELDS: Final = 1_000
MAX_TEXT: Final = 500
"""Characters of a reason and of a content type that are kept."""
SCHEMA_BYTES: Final = 8_000_000
"""Of schemas that are kept compiled, as JSON."""

_WEBHOOK_ID: Final = re.compile(rf"{ids.WEBHOOK}_[0-9a-z]{{26}}", re.ASCII)

log = structlog.get_logger(__name__)


class Outcome(NamedTuple):
    """What became of a request."""

    status: int
    content: dict[str, Any]
    """The answer's body."""
    event: Event
    headers: Mapping[str, str] | None = None
    reply: Reply | None = None
    """What the workflow answers, in the place of `status` and `content`."""


class IntakeService:
    """Receives events for all tenants' webhooks."""

    def __init__(
        self,
        intake: Intake,
        admission: Admission,
        launcher: Launcher,
        steerings: Steerings,
        results: Results,
    ) -> None:
        self._intake = intake
        self._admission = admission
        self._launcher = launcher
        self._versions = AuthoredVersions(intake)
        self._steerings = steerings
        self._results = results
        self._rejections = Rejections()
        self._schemas: Cache[Schema] = Cache(SCHEMA_BYTES)

    async def receive(self, owner: str, rest: str, incoming: Incoming) -> Outcome:
        """Take in a request that was sent to `/webhooks/{owner}/{rest}`: a workflow's id and a webhook's, or else a
        tenant's id and the path of a webhook. No path looks like the id of a webhook, so it is always one of the two.

        Raises `NotFound`, `Forbidden` when the tenant is suspended, and `Unavailable` and `RateLimited`, after which it
        may be repeated.
        """
        began = time.perf_counter()
        destination = await self._find(owner, rest)
        webhook = destination.webhook
        if destination.tenant_status != ACTIVE:
            raise Forbidden("nothing begins in this tenant now")
        event = _event(webhook, incoming)
        try:
            body = await self._admission.body(webhook, incoming)
            event.body_bytes = len(body)
            await incoming.count(webhook.tenant_id)
            self._take_in(event, body)
            outcome = await self._decide(destination, event, incoming, began)
        except Refused as refused:
            return await self._refuse(event, refused, began)
        if webhook.response_mode == "result" and event.execution_id and incoming.source == "request":
            return await self._result(webhook, outcome, incoming, began)
        return outcome

    async def _find(self, owner: str, rest: str) -> Destination:
        if _WEBHOOK_ID.fullmatch(rest):
            found = await self._intake.by_id(owner, rest)
        else:
            found = await self._intake.by_path(owner, normal_path(f"/{rest}"))
        if found is None:
            raise NotFound(NO_WEBHOOK)
        return found

    def _take_in(self, event: Event, body: bytes) -> None:
        try:
            event.body = parse_body(event.content_type, body)
        except Invalid as error:
            raise Refused(400, str(error)) from None
        event.replayable = True

    async def _decide(
        self, destination: Destination, event: Event, incoming: Incoming, began: float
    ) -> Outcome:
        webhook = destination.webhook
        if not webhook.enabled:
            raise Refused(409, "the webhook is disabled", keep=True)
        if not destination.workflow_enabled:
            raise Refused(409, "the workflow is disabled", keep=True)
        workflow = await self._versions.of(webhook.workflow_id, destination.version)
        trigger = trigger_document(event, event.received_at) | _for_execution(webhook, incoming)
        event.dedupe_key, reason = await self._judge(webhook, trigger, incoming)
        if reason is not None:
            event.status, event.reason = "filtered", reason
            await self._record(event, ACCEPTED, began)
            filtered = {"execution_id": None, "event_id": event.id, "status": "filtered", "reason": reason}
            return Outcome(ACCEPTED, filtered, event)
        try:
            await check_input(self._steerings, workflow, event.body)
        except Invalid as error:
            raise Refused(400, str(error), keep=True) from None
        event.response_status, event.response_time_ms = ACCEPTED, _since(began)
        try:
            taken = await self._launcher.receive(
                destination, workflow, event, trigger, wait=webhook.response_mode == "result"
            )
        except TooLarge as error:
            raise Refused(413, str(error), keep=True) from None
        except QuotaExceeded as error:
            raise Refused(429, str(error), keep=True, retry_after=error.retry_after) from None
        event.execution_id, event.duplicate_of = taken.execution_id, taken.duplicate_of
        content: dict[str, Any] = {
            "execution_id": taken.execution_id,
            "event_id": event.id,
            "status": "queued",
        }
        if taken.duplicate_of is not None:
            event.status = "duplicate"
            content |= {"status": "duplicate", "duplicate": True, "duplicate_of": taken.duplicate_of}
        return Outcome(ACCEPTED, content, event)

    async def _judge(
        self, webhook: Recipient, trigger: dict[str, Any], incoming: Incoming
    ) -> tuple[str | None, str | None]:
        """The key of an event, and why it is not wanted."""

        def judge(allowance: Allowance) -> tuple[str | None, str | None]:
            headers = incoming.headers.by_name
            key = (
                dedupe_key(webhook.dedupe_key, trigger, headers, allowance)
                if webhook.dedupe_seconds
                else None
            )
            return key, unwanted(self._schema(webhook), webhook.filter, trigger, allowance)

        try:
            return judge(GLANCE)
        except CostlyError:
            # Schema, expressions and event are strangers' work, and may take the fifth of a second that they are
            # allowed: not here, where others wait.
            return await asyncio.to_thread(judge, WHOLE)

    def _schema(self, webhook: Recipient) -> Schema | None:
        if webhook.input_schema is None:
            return None
        key = (webhook.id, webhook.updated_at)
        if (schema := self._schemas.get(key)) is None:
            schema = compile_schema(webhook.input_schema)
            self._schemas.keep(key, schema, len(dumps(webhook.input_schema)))
        return schema

    async def _refuse(self, event: Event, refused: Refused, began: float) -> Outcome:
        event.status, event.reason = "rejected", refused.reason[:MAX_TEXT]
        event.execution_id = None
        if refused.keep or self._rejections.keeps(event.webhook_id):
            await self._record(event, refused.status, began)
        content: dict[str, Any] = {"error": refused.reason}
        if refused.retry_after is None:
            return Outcome(refused.status, content, event, refused.headers)
        content["retry_after"] = refused.retry_after
        return Outcome(refused.status, content, event, {"Retry-After": str(refused.retry_after)})

    async def _record(self, event: Event, status: int, began: float) -> None:
        event.response_status, event.response_time_ms = status, _since(began)
        await self._intake.record(event)

    async def _result(
        self, webhook: Recipient, outcome: Outcome, incoming: Incoming, began: float
    ) -> Outcome:
        left = webhook.response_timeout - (time.perf_counter() - began)
        execution_id = outcome.content["execution_id"]
        reply = await self._results.reply(webhook.tenant_id, execution_id, left, incoming.gone)
        if reply is None:
            return outcome
        try:
            await self._intake.answered(outcome.event.id, reply.status, _since(began))
        except Unavailable as error:
            # The answer is worth more than the note of it.
            log.warning("an answer is not noted", event_id=outcome.event.id, reason=str(error))
        return outcome._replace(reply=reply)


def _since(began: float) -> int:
    return round((time.perf_counter() - began) * 1000)


def _event(webhook: Recipient, incoming: Incoming) -> Event:
    """What is kept of a request in any case."""
    content_type = (incoming.content_type or "")[:MAX_TEXT]
    return Event(
        id=ids.new_id(ids.WEBHOOK_EVENT),
        tenant_id=webhook.tenant_id,
        webhook_id=webhook.id,
        received_at=datetime.now(UTC),
        source=incoming.source,
        method=incoming.method,
        path=incoming.path,
        query=masked_query(_query(incoming)),
        headers=masked(incoming.headers.by_name, proof_of(webhook).headers),
        content_type=content_type if content_type and content_type.isprintable() else None,
        remote_address=incoming.remote_address,
    )


def _for_execution(webhook: Recipient, incoming: Incoming) -> dict[str, Any]:
    """What the workflow sees of a request, and the history, which more people may read, has masked."""
    headers = without_proof(incoming.headers.by_name, proof_of(webhook).headers)
    return {"headers": headers, "query": _query(incoming)}


def _query(incoming: Incoming) -> dict[str, Any]:
    query: dict[str, Any] = {}
    for name, value in _query_fields(incoming.query):
        known = query.get(name)
        query[name] = value if known is None else [*(known if isinstance(known, list) else [known]), value]
    return query


def _query_fields(query: bytes) -> list[tuple[str, str]]:
    # So many that somebody means harm: the first ones are kept.
    fields = query.decode("latin-1").split("&")[:MAX_QUERY_FIELDS]
    return parse_qsl("&".join(fields), keep_blank_values=True, errors="replace")
