"""Tickets: they open one stream each, where a browser cannot send headers.

A ticket is the identity that the request for it came with, sealed: nobody reads it but the API, and it opens nothing
that the identity would not open at that moment. That it was used is written where all processes see it.
"""

import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel, ValidationError

from api.errors import Unauthenticated
from gorax.core.encoding import dumps
from gorax.core.errors import Unavailable
from gorax.core.ids import AUDIT_ENTRY, new_id
from gorax.store.audit import Action
from gorax.store.session import Database
from gorax.store.stream_tickets import use_ticket
from gorax.vault import KeyRing

TICKET_SECONDS = 30
"""How long a ticket is valid."""
MAX_TICKET = 16_000
"""Characters of a ticket."""

_PURPOSE = "tickets for streams 1"
_NONCE_BYTES = 12
_INVALID = "ticket: is not valid, or no more: it opens one stream, within 30 seconds"


class Ticket(NamedTuple):
    """A new ticket."""

    text: str
    expires_at: datetime


class Sealed(BaseModel):
    """What a ticket says."""

    id: str
    tenant_id: str
    expires: float
    """Seconds since 1970."""
    headers: dict[str, str]
    """By which whoever asked for it proved who they are."""


class Tickets:
    """Makes tickets and takes them."""

    def __init__(self, database: Database, keys: KeyRing) -> None:
        self._database = database
        self._keys = keys

    def issue(self, tenant_id: str, headers: dict[str, str]) -> Ticket:
        """A ticket for whoever these headers stand for. Raises `Unavailable` when there is no key to seal it with."""
        expires = time.time() + TICKET_SECONDS
        said = Sealed(id=new_id(AUDIT_ENTRY), tenant_id=tenant_id, expires=expires, headers=headers)
        derived = self._keys.derive(_PURPOSE)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        sealed = nonce + AESGCM(derived.key).encrypt(nonce, dumps(said), derived.key_id.encode())
        return Ticket(
            f"{urlsafe_b64encode(sealed).decode().rstrip('=')}.{derived.key_id}",
            datetime.fromtimestamp(int(expires), UTC),
        )

    def read(self, text: str) -> Sealed:
        """What a ticket says. Raises `Unauthenticated` when it is none, or has expired."""
        said = self._opened(text)
        if said.expires < time.time():
            raise Unauthenticated(_INVALID)
        return said

    async def use(self, ticket: Sealed, action: Action) -> None:
        """Let the ticket open this, and nothing else ever. Raises `Unauthenticated` when it has, and `Unavailable`."""
        async with self._database.session(ticket.tenant_id) as session:
            first = await use_ticket(session, ticket.id, action)
            await session.commit()
        if not first:
            raise Unauthenticated(_INVALID)

    def _opened(self, text: str) -> Sealed:
        encoded, _, key_id = text.partition(".")
        try:
            padded = encoded + "=" * (-len(encoded) % 4)
            sealed = urlsafe_b64decode(padded.encode("ascii"))
            key = AESGCM(self._keys.derive(_PURPOSE, key_id).key)
            plain = key.decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], key_id.encode())
            return Sealed.model_validate_json(plain)
        except (ValueError, InvalidTag, ValidationError, Unavailable) as error:
            raise Unauthenticated(_INVALID) from error
