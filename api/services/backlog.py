"""Keeps the gauges of what waits: read from the database now and then, and never for a scrape."""

from api.services.looking import look_for_ever
from gorax.store.backlog import backlog
from gorax.store.session import Database
from gorax.telemetry.instruments import PENDING, PENDING_AGE, RUNNING, SCHEDULES_UNTOLD, UNCHECKED_AGE

LOOK_SECONDS = 10.0
"""Between two looks: about as often as Prometheus asks."""


class BacklogGauges:
    """The gauges of this process; those of all API processes show the same."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def run(self) -> None:
        """Keep them until cancelled."""
        await look_for_ever(
            self._look,
            name=type(self).__name__,
            pause=LOOK_SECONDS,
            waiting="what waits is not counted",
            failing="counting what waits failed and goes on",
        )

    async def _look(self) -> bool:
        async with self._database.platform(autocommit=True) as session:
            found = await backlog(session)
        PENDING.set(found.pending)
        PENDING_AGE.set(found.pending_oldest_seconds)
        RUNNING.set(found.running)
        UNCHECKED_AGE.set(found.unchecked_oldest_seconds)
        SCHEDULES_UNTOLD.set(found.schedules_untold)
        return False
