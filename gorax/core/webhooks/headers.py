"""Headers of a request as an event keeps them: readable, without what would let somebody send another one."""

import re
from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from gorax.core.masking import MASK

# Whoever sends a secret under a name of their own choice calls it so.
_SECRET: Final = re.compile(
    r"authorization|cookie|token|secret|password|passwd|signature|(?:^|-)(?:api-?|access-?|auth-?|private-?)?key$"
)
# The first names an event, the second is what Bitbucket calls its kind, the next two say where a message belongs, and
# the last ones are what a signature of Standard Webhooks is about.
_NO_SECRETS: Final = frozenset(
    {
        *("idempotency-key", "x-event-key", "x-partition-key", "x-routing-key"),
        *("webhook-id", "webhook-timestamp"),
    }
)


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


def masked(headers: dict[str, str], proof: Collection[str]) -> dict[str, str]:
    """The headers with the values of those masked that are a `proof`, a signature or look like a secret.

    A signature is no secret, but with the body beside it anybody who may read both could send the event again.
    """
    return {name: MASK if _is_secret(name, proof) else value for name, value in headers.items()}


def _is_secret(name: str, proof: Collection[str]) -> bool:
    return name not in _NO_SECRETS and (name in proof or _SECRET.search(name) is not None)
