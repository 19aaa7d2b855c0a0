"""Headers and query of a request as its execution has them, and as its event keeps them for people to read."""

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final, NamedTuple

from gorax.core.masking import MASK

# Whoever sends a secret under a name of their own choice calls it so, in whatever way they join words.
_SECRET: Final = re.compile(
    r"authorization|cookie|token|secret|password|passwd|passphrase|credential|signature|session|hmac|jwt"
    r"|^x-?auth(?!or)|^(?:auth|bearer|pass|pwd|sig)$|(?:^|[-_.])(?:(?:api|access|auth|private)[-_.]?)?key$"
)
# What lets people and programs into this very API. Browsers send it without being asked, and clients that are used
# for both of their own accord, whatever the webhook asks for.
_ADMITTING: Final = frozenset({"authorization", "proxy-authorization", "cookie", "x-session-token"})
# The first names an event, the second is what Bitbucket calls its kind, the next two say where a message belongs, and
# the last ones are what a signature of Standard Webhooks is about.
_NO_SECRETS: Final = frozenset(
    {
        *("idempotency-key", "x-event-key", "x-partition-key", "x-routing-key"),
        *("webhook-id", "webhook-timestamp"),
    }
)
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


class HeaderLines(NamedTuple):
    """The headers of a request, names in lower case."""

    by_name: dict[str, str]
    """Of those sent more than once, the values joined by `, ` in the order in which they came."""
    repeated: frozenset[str]
    """Those sent more than once."""


def read_headers(raw: Iterable[tuple[bytes, bytes]]) -> HeaderLines:
    """The headers as they came over the wire, each byte of them a character."""
    by_name: dict[str, str] = {}
    repeated: set[str] = set()
    for raw_name, raw_value in raw:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        if name in by_name:
            repeated.add(name)
            value = f"{by_name[name]}, {value}"
        by_name[name] = value
    return HeaderLines(by_name, frozenset(repeated))


def without_proof(headers: Mapping[str, str], proof: Collection[str]) -> dict[str, str]:
    """The headers as an execution has them: those masked that are a `proof`, or could let somebody into this API.

    A signature is no secret, but with the body beside it anybody who may read both could send the event again.
    """
    return {name: MASK if _proves(name, proof) else value for name, value in headers.items()}


def masked(headers: Mapping[str, str], proof: Collection[str]) -> dict[str, str]:
    """The headers as a history keeps them: those masked, too, that are called like a secret."""
    return {
        name: MASK if _proves(name, proof) or _is_secret(name) else value for name, value in headers.items()
    }


def masked_query(query: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a query as a history keeps them: those masked that are called like a secret."""
    return {name: MASK if _is_secret(_in_words(name)) else value for name, value in query.items()}


def _proves(name: str, proof: Collection[str]) -> bool:
    return name in _ADMITTING or (name in proof and name not in _NO_SECRETS)


def _is_secret(name: str) -> bool:
    return name not in _NO_SECRETS and _SECRET.search(name) is not None


def _in_words(name: str) -> str:
    """`apiKey` as `api-key`."""
    return _HUMP.sub("-", name).lower()
