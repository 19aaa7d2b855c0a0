"""Keeps stored secrets under the current master key, and empties what is valid no more.

Every API process runs one; row locks that others skip keep them out of each other's way.
"""

import structlog

from api.services.looking import look_for_ever
from gorax.store.all_secret_keys import AllSecretKeys
from gorax.store.secret_keys import Place

LOOK_SECONDS = 60.0
"""Between two looks for something to do."""

log = structlog.get_logger(__name__)


class SecretKeeper:
    """Goes through the envelopes of all tenants, again and again."""

    def __init__(self, keys: AllSecretKeys) -> None:
        self._keys = keys
        self._failed: dict[Place, str] = {}

    async def run(self) -> None:
        """Keep them until cancelled."""
        await look_for_ever(
            self._keep,
            name=type(self).__name__,
            pause=LOOK_SECONDS,
            waiting="secrets wait to be kept",
            failing="keeping secrets failed and goes on",
        )

    async def _keep(self) -> bool:
        """Do all that there is to do now. Raises `Unavailable`."""
        if emptied := await self._keys.empty_ended():
            log.info("emptied old secrets", count=emptied)
        # A key that was missing may be there since.
        failed: dict[Place, str] = {}
        while True:
            done, more = await self._keys.rewrap(passing_over=failed)
            failed |= more
            if not done and not more:
                break
            progress = await self._keys.progress()
            log.info(
                "wrapping data keys anew",
                key=progress.current,
                done=progress.total - progress.remaining,
                remaining=progress.remaining,
            )
        for (owner_id, number), reason in failed.items():
            if (owner_id, number) not in self._failed:
                log.error("a secret cannot be opened", owner_id=owner_id, number=number, reason=reason)
        self._failed = failed
        return False
