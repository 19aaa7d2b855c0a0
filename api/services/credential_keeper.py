"""Keeps stored credentials under the current master key, and empties what is valid no more.

Every API process runs one; row locks that others skip keep them out of each other's way.
"""

import structlog

from api.services.looking import look_for_ever
from gorax.store.credential_keys import CredentialKeys

LOOK_SECONDS = 60.0
"""Between two looks for something to do."""

log = structlog.get_logger(__name__)


class CredentialKeeper:
    """Goes through the envelopes of all tenants, again and again."""

    def __init__(self, keys: CredentialKeys) -> None:
        self._keys = keys
        self._failed: dict[tuple[str, int], str] = {}

    async def run(self) -> None:
        """Keep them until cancelled."""
        await look_for_ever(
            self._keep,
            pause=LOOK_SECONDS,
            waiting="credentials wait to be kept",
            failing="keeping credentials failed and goes on",
        )

    async def _keep(self) -> bool:
        """Do all that there is to do now. Raises `Unavailable`."""
        if emptied := await self._keys.empty_ended():
            log.info("emptied old versions of credentials", count=emptied)
        # A key that was missing may be there since.
        failed: dict[tuple[str, int], str] = {}
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
        for (credential_id, version), reason in failed.items():
            if (credential_id, version) not in self._failed:
                log.error(
                    "a credential cannot be opened",
                    credential_id=credential_id,
                    version=version,
                    reason=reason,
                )
        self._failed = failed
        return False
