"""Every secret that is stored, of whatever kind, for whoever changes master keys."""

from collections import Counter
from collections.abc import Collection

from gorax.store.credential_keys import CredentialKeys
from gorax.store.secret_keys import Place, Progress, SecretKeys
from gorax.store.session import Database
from gorax.store.webhook_secret_keys import WebhookSecretKeys
from gorax.vault import Vault


class AllSecretKeys:
    """The envelopes of all kinds of secrets, kept as one."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._current = vault.keys.current.id
        self._kinds: tuple[SecretKeys, ...] = (
            CredentialKeys(database, vault),
            WebhookSecretKeys(database, vault),
        )

    async def progress(self) -> Progress:
        """How many values each master key encrypts."""
        by_key: Counter[str] = Counter()
        for kind in self._kinds:
            by_key.update((await kind.progress()).by_key)
        return Progress(by_key.total(), dict(by_key), self._current)

    async def empty_ended(self) -> int:
        """Empty the envelopes of secrets that are valid no more; how many."""
        return sum([await kind.empty_ended() for kind in self._kinds])

    async def rewrap(self, *, passing_over: Collection[Place] = ()) -> tuple[int, dict[Place, str]]:
        """Bring a batch of data keys of each kind under the current master key; see `SecretKeys.rewrap`."""
        done = 0
        failed: dict[Place, str] = {}
        for kind in self._kinds:
            more, refused = await kind.rewrap(passing_over=passing_over)
            done += more
            failed |= refused
        return done, failed
