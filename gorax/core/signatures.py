"""Signatures of webhook requests: how senders make them, and whether one is right.

Every scheme is HMAC-SHA256 over the raw bytes of the body, compared in constant time. Sources: the API reference
("Webhook Signature Verification"), GitHub's "Validating webhook deliveries", Stripe's "Verify webhook signatures
manually", and the Standard Webhooks specification.
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

Scheme = Literal["gorax", "github", "stripe", "standard"]
SCHEMES: tuple[str, ...] = get_args(Scheme)

TOLERANCE = 300
"""Seconds that a signed time may differ from ours, in the schemes that sign one."""
SECRET_PREFIX = "whsec_"  # noqa: S105 - what secrets begin with
MIN_KEY = 16
"""Bytes of a key that is given in base64."""
MAX_SIGNATURES = 20
"""Signatures of one header that are looked at; senders send one for each of their current keys."""

_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)


class SignatureError(Exception):
    """The request is not signed as it should be; the message says what is wrong, never what would be right."""


Headers = Mapping[str, str]
"""Request headers, names in lower case."""


def verify(scheme: Scheme, secrets: Sequence[str], headers: Headers, body: bytes, now: float) -> None:
    """Check a request against each of `secrets`, of which one must fit.

    `now` is in seconds since 1970. Raises `SignatureError`.
    """
    _SCHEMES[scheme].verify(secrets, headers, body, now)


def sign(scheme: Scheme, secret: str, body: bytes, *, message_id: str, now: float) -> dict[str, str]:
    """The headers with which a sender signs a body."""
    return _SCHEMES[scheme].sign(secret, body, message_id, int(now))


def secret_fault(scheme: Scheme, secret: str) -> str | None:
    """What keeps a sender from signing with this secret, if anything."""
    if scheme != "standard":
        return None
    key = _decoded(secret)
    if key is not None and len(key) >= MIN_KEY:
        return None
    return f"of scheme standard it must be {MIN_KEY} bytes or more in base64, with or without {SECRET_PREFIX} before it"


def headers_of(scheme: Scheme) -> tuple[str, ...]:
    """The headers that carry the signature, in lower case."""
    return _SCHEMES[scheme].headers


@dataclass(frozen=True)
class _Scheme:
    headers: tuple[str, ...]
    verify: Callable[[Sequence[str], Headers, bytes, float], None]
    sign: Callable[[str, bytes, str, int], dict[str, str]]


def _digest(key: bytes, message: bytes) -> bytes:
    return hmac.new(key, message, hashlib.sha256).digest()


def _header(headers: Headers, name: str) -> str:
    value = headers.get(name)
    if not value:
        raise SignatureError(f"the header {name} is missing")
    return value


def any_fits(given: Sequence[bytes], right: Sequence[str]) -> bool:
    """Whether any of what was given is any of what would be right.

    Every pair is compared, so that the time taken does not tell which one came near.
    """
    matches = [hmac.compare_digest(one, other.encode()) for one in given for other in right]
    return any(matches)


def _matches(given: Sequence[str], right: Sequence[str]) -> bool:
    return any_fits([one.encode("utf-8", "surrogateescape") for one in given[:MAX_SIGNATURES]], right)


def _check_time(text: str, now: float) -> None:
    if not _TIME.fullmatch(text):
        raise SignatureError("the signed time is not a number of seconds")
    if abs(now - int(text)) > TOLERANCE:
        raise SignatureError(f"the signed time is more than {TOLERANCE} seconds off")


def _prefixed(name: str) -> _Scheme:
    def value(secret: str, body: bytes) -> str:
        return f"sha256={_digest(secret.encode(), body).hex()}"

    def check(secrets: Sequence[str], headers: Headers, body: bytes, now: float) -> None:  # noqa: ARG001
        if not _matches([_header(headers, name)], [value(secret, body) for secret in secrets]):
            raise SignatureError(f"the signature in {name} does not fit the body")

    def headers_for(secret: str, body: bytes, message_id: str, now: int) -> dict[str, str]:  # noqa: ARG001
        return {name: value(secret, body)}

    return _Scheme((name,), check, headers_for)


def _stripe_value(secret: str, time: str, body: bytes) -> str:
    return _digest(secret.encode(), time.encode() + b"." + body).hex()


def _verify_stripe(secrets: Sequence[str], headers: Headers, body: bytes, now: float) -> None:
    header = _header(headers, "stripe-signature")
    pairs = [part.strip().partition("=") for part in header.split(",")]
    times = [value for name, _, value in pairs if name == "t"]
    given = [value for name, _, value in pairs if name == "v1"]
    if len(times) != 1 or not given:
        raise SignatureError("stripe-signature must have one t and at least one v1")
    _check_time(times[0], now)
    if not _matches(given, [_stripe_value(secret, times[0], body) for secret in secrets]):
        raise SignatureError("the signature in stripe-signature does not fit the body")


def _sign_stripe(secret: str, body: bytes, message_id: str, now: int) -> dict[str, str]:  # noqa: ARG001
    return {"stripe-signature": f"t={now},v1={_stripe_value(secret, str(now), body)}"}


def _decoded(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
    except ValueError:
        return None


def _standard_key(secret: str) -> bytes:
    key = _decoded(secret)
    # The secret of another scheme, which is valid for a while after a change, is none: nobody signs with it.
    return secret.encode() if key is None else key


def _standard_value(secret: str, message_id: str, time: str, body: bytes) -> str:
    signed = f"{message_id}.{time}.".encode() + body
    return f"v1,{base64.b64encode(_digest(_standard_key(secret), signed)).decode()}"


def _verify_standard(secrets: Sequence[str], headers: Headers, body: bytes, now: float) -> None:
    message_id = _header(headers, "webhook-id")
    time = _header(headers, "webhook-timestamp")
    given = _header(headers, "webhook-signature").split(" ")
    _check_time(time, now)
    if not _matches(given, [_standard_value(secret, message_id, time, body) for secret in secrets]):
        raise SignatureError("the signature in webhook-signature does not fit the body")


def _sign_standard(secret: str, body: bytes, message_id: str, now: int) -> dict[str, str]:
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(now),
        "webhook-signature": _standard_value(secret, message_id, str(now), body),
    }


_SCHEMES: Mapping[str, _Scheme] = {
    "gorax": _prefixed("x-webhook-signature"),
    "github": _prefixed("x-hub-signature-256"),
    "stripe": _Scheme(("stripe-signature",), _verify_stripe, _sign_stripe),
    "standard": _Scheme(
        ("webhook-id", "webhook-timestamp", "webhook-signature"), _verify_standard, _sign_standard
    ),
}
