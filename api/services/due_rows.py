"""Rows that Temporal is to be told of: told at once, and again until it knows.

What is wanted is a committed row first. Whatever is killed before Temporal knows, any API process finds the row. It
is told under the row's lock, so that nobody tells it of anything older after something newer.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog

from api.services.away import Away
from api.services.looking import look_for_ever
from gorax.core.errors import Unavailable

LOOK_SECONDS = 1.0
"""Between two looks for rows that are due."""
PATIENCE = timedelta(seconds=3)
"""How long a change may be left to the request that brought it, and how long a row waits that could not be told."""
LATER = timedelta(minutes=1)
"""How long a row waits that is itself what is wrong."""
AT_ONCE = 4
"""Each holds one of the pool's connections while it calls Temporal."""
BATCH = 100

log = structlog.get_logger(__name__)


class DueRows(ABC):
    """Tells Temporal of one kind of rows. One per API process."""

    def __init__(self, kind: str) -> None:
        """`kind` is what one of them is, as log lines say it."""
        self._kind = kind
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._away = Away()

    async def tell(self, row_id: str) -> None:
        """Tell of a row now; what cannot be told is told later."""
        async with self._slots:
            if self._away:
                return
            try:
                await self._tell(row_id)
            except Unavailable as error:
                self._away.noticed()
                log.warning("told later", kind=self._kind, id=row_id, reason=str(error))
            except Exception:
                # Behind the others too, or a hundred rows like this one would hold up all that come after them.
                log.exception("could not be told", kind=self._kind, id=row_id)
                await self._postpone(row_id, datetime.now(UTC) + LATER)

    async def run(self) -> None:
        """Look for rows that are due until cancelled."""
        await look_for_ever(
            self._look,
            name=type(self).__name__,
            pause=LOOK_SECONDS,
            waiting=f"rows wait to be told of: {self._kind}",
            failing=f"telling failed and goes on: {self._kind}",
        )

    async def _look(self) -> bool:
        """Tell of those that are due; True when there may be more. Raises `Unavailable`."""
        due = await self._due(datetime.now(UTC))
        await asyncio.gather(*map(self.tell, due))
        return len(due) == BATCH and not self._away

    @abstractmethod
    async def _due(self, now: datetime) -> Sequence[str]:
        """The ids of up to `BATCH` rows that are due. Raises `Unavailable`."""

    @abstractmethod
    async def _postpone(self, row_id: str, due: datetime) -> None:
        """Have a row be due later. Raises `Unavailable`."""

    @abstractmethod
    async def _tell(self, row_id: str) -> None:
        """Take a row and tell Temporal of it. Raises `Unavailable`, once the row is behind the others."""
