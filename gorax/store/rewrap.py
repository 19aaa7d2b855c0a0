"""`python -m gorax.store.rewrap`: bring all stored secrets under the first master key, and say how far it is.

The API does the same in the background. This command ends when there is nothing left to do, so that whoever removes
an old key knows that they may.
"""

import asyncio
import sys

from pydantic import ValidationError

from gorax.core.errors import GoraxError
from gorax.settings import Settings, SettingsError
from gorax.store.all_secret_keys import AllSecretKeys
from gorax.store.secret_keys import Place
from gorax.store.session import Database
from gorax.vault import Vault, open_key_ring

_TOLD = 20


def main() -> int:
    """The command; its exit status says whether every value is under the first key now."""
    try:
        return asyncio.run(_main(Settings()))
    except (GoraxError, SettingsError, ValidationError) as error:
        _say(str(error))
        return 1


async def _main(settings: Settings) -> int:
    vault = Vault(open_key_ring(settings))
    database = Database(settings)
    try:
        return await _rewrap(AllSecretKeys(database, vault))
    finally:
        await database.close()
        await vault.close()


async def _rewrap(keys: AllSecretKeys) -> int:
    progress = await keys.progress()
    failed: dict[Place, str] = {}
    while progress.remaining > len(failed):
        done, more = await keys.rewrap(passing_over=failed)
        failed |= more
        progress = await keys.progress()
        _say(
            f"{progress.total - progress.remaining} of {progress.total} values are under {progress.current!r}"
        )
        if not done and not more:
            # Another process holds the rest just now.
            await asyncio.sleep(0.5)
    for (owner_id, number), reason in list(failed.items())[:_TOLD]:
        _say(f"{owner_id} version {number}: {reason}")
    if progress.remaining:
        _say(f"{progress.remaining} of {progress.total} values are not under {progress.current!r}")
        return 1
    _say(f"all {progress.total} values are under {progress.current!r}: none needs another key")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(f"rewrap: {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
