"""Who may send how many requests a minute: tenants, senders of events, and strangers by where they come from."""

import ipaddress
from enum import StrEnum
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from api.services.rates.refusals import Refusals
from api.services.rates.shared import SharedWindows
from api.services.rates.windows import UNCOUNTED, Verdict, Windows
from api.services.recent import Recent
from gorax.core.errors import Unavailable
from gorax.settings import Settings
from gorax.store.tenants import UNLIMITED

MAX_KNOWN: Final = 50_000
"""Tenants, and people who run the platform, whose requests one process counts."""
MAX_STRANGERS: Final = 50_000
"""Addresses whose requests one process counts."""
MAX_REFUSED: Final = 10_000
"""Of whom it is remembered that there is no room for them yet."""
MAX_PROVED: Final = 10_000
PROVED_SECONDS: Final = 600.0
"""So long whoever proved who they are is not stopped by what others at their address do."""
_NETWORK: Final = 64
"""Bits of an address of IPv6 that one customer has: with the others they count as one."""


class Kind(StrEnum):
    """What is counted apart from what."""

    tenant = "tenant"
    """Requests of a tenant to the API."""
    intake = "intake"
    """Events that a tenant's webhooks receive."""
    admin = "admin"
    """Requests of somebody who runs the platform."""
    address = "address"
    """Requests from an address of which nothing else is known."""


class Rates:
    """Counts requests: in Redis where there is one, or else in this process."""

    def __init__(self, settings: Settings) -> None:
        self._limits = settings.rates
        self._known = Windows(MAX_KNOWN)
        self._strangers = Windows(MAX_STRANGERS)
        self._refused = Refusals(MAX_REFUSED)
        self._proved: Recent[bool] = Recent(MAX_PROVED)
        self._shared = (
            None
            if settings.redis_url is None
            else SharedWindows(settings.redis_url, settings.rates.redis_timeout)
        )

    @property
    def shared(self) -> bool:
        """Whether other processes are to count with this one."""
        return self._shared is not None

    async def tenant(self, tenant_id: str, limit: int) -> Verdict:
        """Count a request of somebody who belongs to the tenant."""
        return await self._count(Kind.tenant, tenant_id, limit)

    async def intake(self, tenant_id: str, path: str) -> Verdict:
        """Count an event whose sender has proved to be one, for a webhook of the tenant that has this path."""
        self._proved.keep(_digest(path), True, PROVED_SECONDS)
        return await self._count(Kind.intake, tenant_id, self._limits.intake)

    async def admin(self, user_id: str) -> Verdict:
        """Count a request of somebody who runs the platform."""
        return await self._count(Kind.admin, user_id, self._limits.address)

    async def stranger(self, address: str | None, path: str | None = None) -> Verdict:
        """Count a request from an address, or from there to one webhook, whose sender proved nothing."""
        return await self._count(Kind.address, _place(address, path), self._limits.address)

    def look(self, address: str | None) -> Verdict:
        """How it is with an address, as far as this process knows."""
        return self._strangers.look(_key(Kind.address, _place(address, None)), self._limits.address)

    def proved(self, secret: str) -> None:
        """Whoever shows this secret is known."""
        self._proved.keep(_digest(secret), True, PROVED_SECONDS)

    def refusal(self, address: str | None, shown: str, path: str | None = None) -> Verdict | None:
        """Why it is not even looked into who sends a request: too many from there proved nothing.

        `shown` is what the sender would be known by: a secret, or the path of a webhook. Who was known by it before is
        refused only for what was sent to that webhook itself.
        """
        if not self._refused:
            return None
        if path is not None and (there := self._refused.get(_key(Kind.address, _place(address, path)))):
            return there
        refused = self._refused.get(_key(Kind.address, _place(address, None)))
        return None if refused is None or self._proved.get(_digest(shown)) else refused

    async def check(self) -> None:
        """Raise `Unavailable`, with the reason, when each process counts by itself that should not."""
        if self._shared is None:
            return
        try:
            await self._shared.check()
        except Unavailable as error:
            raise Unavailable(f"{error}; each process counts requests by itself") from error

    async def close(self) -> None:
        """Close the connections to Redis."""
        if self._shared is not None:
            await self._shared.close()

    async def _count(self, kind: Kind, name: str, limit: int) -> Verdict:
        if limit == UNLIMITED:
            return UNCOUNTED
        key = _key(kind, name)
        windows = self._strangers if kind is Kind.address else self._known
        if self._shared is None:
            verdict = windows.hit(key, limit)
        else:
            # Until there is room, a flood costs Redis nothing.
            refused = self._refused.get(key)
            if refused is not None and refused.limit == limit:
                return refused
            shared = await self._shared.hit(key, limit)
            verdict = windows.hit(key, limit) if shared is None else shared
            if shared is not None and shared.allowed:
                windows.note(key)  # for when Redis is away
        if not verdict.allowed and (self._shared is not None or kind is Kind.address):
            self._refused.keep(key, verdict)
        return verdict


def _key(kind: Kind, name: str) -> str:
    return f"{kind}:{name}"


def _digest(text: str) -> str:
    # Secrets are not kept, in memory neither, and paths are as long as their sender likes.
    return blake2b(text.encode(), digest_size=16).hexdigest()


def _place(address: str | None, path: str | None) -> str:
    network = "unknown" if address is None else _network(address)
    return network if path is None else f"{network} {_digest(path)}"


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    found = ipaddress.ip_address(address)
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found.packed, _NETWORK), strict=False))
