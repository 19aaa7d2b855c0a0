"""Which requests are let in: by their method, where they come from, their size, and who proves to have sent them."""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol, cast

import structlog

from api.errors import BodyTooSlow
from gorax.core.errors import Invalid, TooLarge, Unavailable
from gorax.core.signatures import Scheme
from gorax.core.webhooks.headers import HeaderLines
from gorax.core.webhooks.networks import allows
from gorax.core.webhooks.senders import Proof, UnprovedError, check_sender
from gorax.core.webhooks.settings import DEFAULT_HEADER, DEFAULT_SCHEME, AuthType, EventSource
from gorax.store.intake import Recipient
from gorax.store.webhook_secrets import WebhookSecrets
from gorax.vault import Damaged, KeyMissing

_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="webhook", charset="UTF-8"'}
_CLOSE: Final = {"Connection": "close"}
"""After these the rest of the body is unread."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A request as it came."""

    method: str
    path: str
    query: bytes
    headers: HeaderLines
    remote_address: str | None
    read: Callable[[int], Awaitable[bytes]]
    """Reads a body of at most so many bytes. Raises `TooLarge`, `BodyTooSlow` and `Invalid`."""
    gone: Callable[[], Awaitable[None]]
    """Returns when the sender does not wait for an answer any more."""
    count: Callable[[str], Awaitable[None]]
    """Counts what is let in against a tenant. Raises `RateLimited`."""
    source: EventSource = "request"

    @property
    def content_type(self) -> str | None:
        """What the sender says the body is."""
        return self.headers.by_name.get("content-type")


class Proved(Protocol):
    """A webhook, as far as it says how its senders prove who they are: see `gorax.store.tables.Webhook`."""

    @property
    def auth_type(self) -> str: ...
    @property
    def scheme(self) -> str | None: ...
    @property
    def username(self) -> str | None: ...
    @property
    def header_name(self) -> str | None: ...


class Refused(Exception):
    """A request that begins nothing, and why."""

    def __init__(
        self,
        status: int,
        reason: str,
        headers: Mapping[str, str] | None = None,
        *,
        keep: bool = False,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.headers = headers
        self.retry_after = retry_after
        """Seconds after which it may be sent again, where that is known."""
        self.keep = keep
        """Whether it is kept however many there are: its sender is known, and it can be replayed."""


class Admission:
    """Admits the requests of all webhooks."""

    def __init__(self, secrets: WebhookSecrets, max_body_bytes: int) -> None:
        self._secrets = secrets
        self._max_body_bytes = max_body_bytes

    async def body(self, webhook: Recipient, incoming: Incoming) -> bytes:
        """The body of a request that is let in. Raises `Refused`, and `Unavailable` when its secret cannot be read."""
        if incoming.method not in webhook.methods:
            allowed = ", ".join(webhook.methods)
            raise Refused(405, f"method not allowed: send {allowed}", {"Allow": allowed})
        if not allows(webhook.allowed_ips, incoming.remote_address):
            raise Refused(403, "this address may not send to this webhook")
        body = await self._read(webhook, incoming)
        await self._check_sender(webhook, incoming, body)
        return body

    async def _read(self, webhook: Recipient, incoming: Incoming) -> bytes:
        limit = min(webhook.max_body_bytes or self._max_body_bytes, self._max_body_bytes)
        try:
            return await incoming.read(limit)
        except TooLarge as error:
            raise Refused(413, str(error), _CLOSE) from None
        except BodyTooSlow as error:
            raise Refused(408, str(error), _CLOSE) from None
        except Invalid as error:
            raise Refused(415, str(error), _CLOSE) from None

    async def _check_sender(self, webhook: Recipient, incoming: Incoming, body: bytes) -> None:
        proof = proof_of(webhook)
        try:
            secrets = await self._secrets.valid(webhook)
        except (Damaged, KeyMissing) as error:
            log.error("a webhook's secret cannot be opened", webhook_id=webhook.id, reason=str(error))
            raise Unavailable("the secret of this webhook cannot be read") from error
        headers = incoming.headers
        try:
            check_sender(proof, secrets, headers.by_name, headers.repeated, body, time.time())
        except UnprovedError as error:
            raise Refused(401, str(error), _CHALLENGE if proof.auth_type == "basic" else None) from None


def proof_of(webhook: Proved) -> Proof:
    """What a webhook asks of its senders."""
    return Proof(
        auth_type=cast(AuthType, webhook.auth_type),
        scheme=cast(Scheme, webhook.scheme or DEFAULT_SCHEME),
        username=webhook.username or "",
        header_name=webhook.header_name or DEFAULT_HEADER,
    )
