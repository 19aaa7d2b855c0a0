"""Tests of webhooks: an event that is sent through the whole of what a sender's passes, proof included."""

import asyncio
import base64
import time
from typing import Final, NamedTuple

from api.schemas.webhook_events import JSON, SendTest
from api.services.admission import Incoming, proof_of
from api.services.intake import IntakeService, Outcome
from api.services.webhooks import WebhookService
from gorax.core.errors import TooLarge
from gorax.core.ids import new_id
from gorax.core.signatures import sign
from gorax.core.webhooks.headers import HeaderLines
from gorax.core.webhooks.senders import Proof
from gorax.store.webhook_secrets import WebhookSecrets

_MESSAGE: Final = "msg"
_SENDER: Final = "gorax-test"


class Trial(NamedTuple):
    """What a test has shown."""

    outcome: Outcome
    milliseconds: int


class WebhookTests:
    """Sends events to webhooks as their senders would."""

    def __init__(self, webhooks: WebhookService, secrets: WebhookSecrets, intake: IntakeService) -> None:
        self._webhooks = webhooks
        self._secrets = secrets
        self._intake = intake

    async def send(self, tenant_id: str, webhook_id: str, test: SendTest, address: str | None) -> Trial:
        """Send an event, from the `address` of whoever asks for it.

        Raises `NotFound`, `Forbidden` when the tenant is suspended, `Damaged` and `Unavailable`.
        """
        webhook = await self._webhooks.get(tenant_id, webhook_id)
        body = test.content()
        given = {name.lower(): value for name, value in test.headers.items()}
        content_type = {"content-type": JSON} if body else {}
        secrets = await self._secrets.valid(webhook)
        proof = _proved(proof_of(webhook), secrets[0], body) if secrets else {}
        headers = {"user-agent": _SENDER, **content_type, **proof, **given}

        async def read(limit: int) -> bytes:
            if len(body) > limit:
                raise TooLarge(f"body: must be at most {limit} bytes")
            return body

        incoming = Incoming(
            method=test.method or webhook.methods[0],
            path=f"/webhooks/{webhook.workflow_id}/{webhook.id}",
            query=test.query.encode(),
            headers=HeaderLines(headers, frozenset()),
            remote_address=address,
            read=read,
            gone=_never,
            count=_counted,
            source="test",
        )
        began = time.perf_counter()
        outcome = await self._intake.receive(webhook.workflow_id, webhook.id, incoming)
        return Trial(outcome, round((time.perf_counter() - began) * 1000))


async def _counted(_tenant_id: str) -> None:
    """Whoever asked for the test has been."""


async def _never() -> None:
    await asyncio.Event().wait()


def _proved(proof: Proof, secret: str, body: bytes) -> dict[str, str]:
    """The headers by which a sender with this secret proves who it is."""
    match proof.auth_type:
        case "signature":
            return sign(proof.scheme, secret, body, message_id=new_id(_MESSAGE), now=time.time())
        case "basic":
            pair = base64.b64encode(f"{proof.username}:{secret}".encode()).decode()
            return {"authorization": f"Basic {pair}"}
        case "api_key":
            return {proof.header_name.lower(): secret.encode().decode("latin-1")}  # as a header is read
        case "none":
            return {}
