"""Folds what has changed about executions into their totals, so that counting them stays quick."""

import time

from gorax.store.execution_rollup import ExecutionRollup
from gorax.store.session import Database

BATCH = 2_000
"""Changes that one transaction folds."""
SECONDS = 5.0
"""How long folding goes on; the next pass comes within seconds."""


async def fold_changes(database: Database) -> None:
    """Batch after batch, while there are changes and there is time. Raises `Unavailable`."""
    until = time.monotonic() + SECONDS
    more = True
    while more and time.monotonic() < until:
        async with database.platform() as session:
            more = await ExecutionRollup(session).fold(BATCH)
            await session.commit()
