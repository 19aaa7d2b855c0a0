"""Whether a sender is who it has to be: by a signature, a password or a key."""

import base64
import binascii
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from gorax.core.signatures import Scheme, SignatureError, any_fits, headers_of, verify
from gorax.core.webhooks.settings import DEFAULT_HEADER, DEFAULT_SCHEME, AuthType


class UnprovedError(Exception):
    """The sender did not prove who it is; the message says what is wrong, never what would be right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a webhook asks of its senders."""

    auth_type: AuthType
    scheme: Scheme = DEFAULT_SCHEME
    username: str = ""
    header_name: str = DEFAULT_HEADER

    @property
    def headers(self) -> tuple[str, ...]:
        """The headers that carry the proof, in lower case."""
        match self.auth_type:
            case "signature":
                return headers_of(self.scheme)
            case "basic":
                return (_AUTHORIZATION,)
            case "api_key":
                return (self.header_name.lower(),)
            case "none":
                return ()


_AUTHORIZATION: Final = "authorization"


def check_sender(
    proof: Proof,
    secrets: Sequence[str],
    headers: Mapping[str, str],
    repeated: Collection[str],
    body: bytes,
    now: float,
) -> None:
    """Check the request against each of `secrets`, of which one must fit; in constant time.

    `headers` have their names in lower case, and each character of a value is a byte that was sent. `repeated` are the
    names of those that were sent more than once: of a proof that comes twice, somebody else may have looked at the
    other one. `now` is in seconds since 1970. Raises `UnprovedError`.
    """
    for name in proof.headers:
        if name in repeated:
            raise UnprovedError(f"the header {name} must be sent once")
    match proof.auth_type:
        case "signature":
            try:
                verify(proof.scheme, secrets, headers, body, now)
            except SignatureError as error:
                raise UnprovedError(str(error)) from None
        case "basic":
            _check_basic(proof.username, secrets, headers.get(_AUTHORIZATION))
        case "api_key":
            _check_key(proof.headers[0], secrets, headers)


def _check_basic(username: str, secrets: Sequence[str], given: str | None) -> None:
    if not given:
        raise UnprovedError("the header authorization is missing")
    kind, _, token = given.partition(" ")
    if kind.lower() != "basic":
        raise UnprovedError("the header authorization must be of the kind Basic")
    try:
        pair = base64.b64decode(token.strip().encode("utf-8", "surrogateescape"), validate=True)
    except binascii.Error:
        raise UnprovedError("the header authorization is not base64") from None
    if not any_fits([pair], [f"{username}:{secret}" for secret in secrets]):
        raise UnprovedError("the username or the password is wrong")


def _check_key(name: str, secrets: Sequence[str], headers: Mapping[str, str]) -> None:
    if not (given := headers.get(name)):
        raise UnprovedError(f"the header {name} is missing")
    if not any_fits([given.encode("latin-1")], secrets):
        raise UnprovedError(f"the key in {name} is wrong")
