"""Tells runs of answers, and goes on telling until they have closed what they waited for.

An answer is a committed row first. Whatever is killed before Temporal has it, any API process finds the row. Every
API process runs one of these; row locks that others skip keep them out of each other's way.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog

from api.services.away import Away
from api.services.looking import look_for_ever
from gorax.core.contracts import WaitAnswered
from gorax.core.errors import Unavailable
from gorax.engine.answers import tell_answer
from gorax.engine.client import Engine
from gorax.store.session import Database
from gorax.store.wait_index import Untold, WaitIndex

LOOK_SECONDS = 1.0
"""Between two looks for answers to tell."""
PATIENCE = timedelta(seconds=3)
"""How long an answer may be left to the request that brought it."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (10, 60, 600, 3600))
"""Between tellings that Temporal took and that the run did not act on. What it took is in the run's history, for a
worker to find whenever there is one: the repetitions are for a server that lost its last moments."""
BATCH = 100
CONCURRENT_TELLS = 20

log = structlog.get_logger(__name__)


class Teller:
    """Tells runs, at once or later."""

    def __init__(self, database: Database, engine: Engine) -> None:
        self._database = database
        self._engine = engine
        self._away = Away()

    async def tell(self, temporal_id: str, answered: WaitAnswered) -> None:
        """Tell a run of an answer that is committed; when Temporal does not take it, it is told later."""
        if self._away:
            return
        try:
            await tell_answer(self._engine.client, temporal_id, answered)
        except Unavailable as error:
            self._away.noticed()
            log.warning("an answer is told later", wait_id=answered.wait_id, reason=str(error))

    async def run(self) -> None:
        """Look for answers to tell until cancelled."""
        await look_for_ever(
            self._look,
            name=type(self).__name__,
            pause=LOOK_SECONDS,
            waiting="answers wait to be told",
            failing="telling answers failed and goes on",
        )

    async def _look(self) -> bool:
        """Tell what is due; True when there may be more. Raises `Unavailable`."""
        now = datetime.now(UTC)
        async with self._database.platform() as session:
            index = WaitIndex(session)
            due = await index.due(now, BATCH)
            if not due:
                return False
            await self._engine.ping(timeout=2)
            # Taken before they are told, so that no lock is held while Temporal is called: a process that is killed
            # now leaves them for the next time.
            await index.told({untold.answered.wait_id: _next(untold, now) for untold in due})
            await session.commit()
        slots = asyncio.Semaphore(CONCURRENT_TELLS)

        async def tell(untold: Untold) -> bool | Unavailable:
            async with slots:
                try:
                    return await tell_answer(self._engine.client, untold.temporal_id, untold.answered)
                except Unavailable as error:
                    return error

        results = await asyncio.gather(*(tell(untold) for untold in due))
        ids = [untold.answered.wait_id for untold in due]
        gone = [wait_id for wait_id, result in zip(ids, results, strict=True) if result is False]
        missed = [
            wait_id for wait_id, result in zip(ids, results, strict=True) if isinstance(result, Unavailable)
        ]
        if gone or missed:
            async with self._database.platform() as session:
                index = WaitIndex(session)
                await index.tell_at(gone, None)
                await index.tell_at(missed, now + PATIENCE)
                await session.commit()
        log.info("told runs of answers again", count=len(due) - len(gone) - len(missed), gone=len(gone))
        if postponed := next((result for result in results if isinstance(result, Unavailable)), None):
            raise postponed
        return len(due) == BATCH


def _next(untold: Untold, now: datetime) -> datetime | None:
    return now + PAUSES[untold.tells] if untold.tells < len(PAUSES) else None
