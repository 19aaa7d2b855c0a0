"""A request's way into the audit log: together with the change that it makes, or with its refusal."""

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from gorax.core.errors import Unavailable
from gorax.store.audit import Action, Outcome, note
from gorax.store.session import COMPANION, Database

log = structlog.get_logger("gorax.api")


class Trail:
    """The entry of one request: it is committed in the transaction of the first change that the request makes.

    So no change is without its entry, wherever a process is killed. A request that changes nothing, or that fails
    after a change, gets its entry before its answer.
    """

    def __init__(self, database: Database, action: Action) -> None:
        self._database = database
        self._action = action
        self.committed = False

    async def write(self, session: AsyncSession) -> None:
        """Go along with a change that is about to be committed."""
        await note(session, self._action, "done")

    async def end(self, status: int) -> None:
        """The request is about to be answered with this status."""
        COMPANION.set(None)
        if self.committed and status < 400:
            return
        self.committed = True  # whatever the request left running writes no other entry
        outcome: Outcome = "done" if status < 400 else "refused" if status < 500 else "failed"
        try:
            async with self._database.platform(autocommit=True) as session:
                await note(session, self._action, outcome, status)
        except Unavailable as error:
            # Nothing was changed, or the change has its entry: the answer does not wait for the database.
            log.warning("a refusal is not in the audit log", action=self._action, reason=str(error))
