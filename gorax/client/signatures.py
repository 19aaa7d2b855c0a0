"""Signatures of webhook requests, for those who send to Gorax, and for those who receive from a signing sender."""

import time
import uuid
from collections.abc import Mapping, Sequence

from gorax.core import signatures
from gorax.core.signatures import Scheme, SignatureError

__all__ = ["Scheme", "SignatureError", "sign", "verify"]


def sign(
    secret: str,
    body: bytes,
    *,
    scheme: Scheme = "gorax",
    message_id: str | None = None,
    now: float | None = None,
) -> dict[str, str]:
    """The headers with which a sender signs a body; send the very bytes that were signed.

    `message_id` names the message in scheme `standard`, so that a repeated one is recognised. `now` is in seconds
    since 1970.
    """
    moment = time.time() if now is None else now
    return signatures.sign(
        scheme, secret, body, message_id=message_id or f"msg_{uuid.uuid4().hex}", now=moment
    )


def verify(
    secret: str | Sequence[str],
    headers: Mapping[str, str],
    body: bytes,
    *,
    scheme: Scheme = "gorax",
    now: float | None = None,
) -> None:
    """Check a request against a secret, or several of which one must fit.

    Raises `SignatureError`, whose message says what is wrong and never what would be right.
    """
    secrets = [secret] if isinstance(secret, str) else secret
    lowered = {name.lower(): value for name, value in headers.items()}
    signatures.verify(scheme, secrets, lowered, body, time.time() if now is None else now)
