"""All executions of a tenant, watched in the index for all who listen to it."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import structlog

from api.schemas.executions import execution_summary
from api.services.streams.messages import execution_changed, executions_snapshot, notice
from api.services.streams.reader import Message, Reader
from gorax.core.contracts import TERMINAL
from gorax.core.errors import Unavailable
from gorax.store.execution_feed import OVERLAP, ExecutionFeed, State
from gorax.store.session import Database
from gorax.store.tables import Execution

LOOK_SECONDS = 0.2
"""Between two looks into the index."""
AWAY_SECONDS = 0.5
"""Before the database is asked again after it did not answer."""
LATEST = 100
"""Executions of a snapshot."""
MAX_MISSED = 1_000
"""Changes that a client is told after it was away: of more, or after a longer time, it gets a snapshot instead."""
MAX_AWAY = timedelta(minutes=10)
MAX_KNOWN = 5_000
"""Executions without an end that are looked at each time; of more, the newest."""

log = structlog.get_logger("gorax.api")


class Feed:
    """Keeps what the executions of a tenant were while anybody listens, and tells them what changes."""

    def __init__(self, database: Database, tenant_id: str) -> None:
        self.readers: set[Reader] = set()
        self.bytes = 0
        self._database = database
        self._tenant_id = tenant_id
        self._wanted: dict[Reader, str | None] = {}
        """The workflow that each wants to hear of; None for all."""
        self._states: dict[str, State] = {}
        self._looked_at: datetime | None = None
        self._interrupted = False

    async def join(self, reader: Reader, workflow_id: str | None, last: str | None) -> None:
        """Tell a client everything from here on, and first what is new to it since `last`. Raises `Unavailable`."""
        # First of all, so that nothing is between what it is told now and what comes.
        self.readers.add(reader)
        self._wanted[reader] = workflow_id
        async with self._database.session(self._tenant_id) as session:
            feed = ExecutionFeed(session, self._tenant_id)
            now = await feed.now()
            moment = _moment(last)
            if moment is not None and now - MAX_AWAY <= moment <= now:
                missed = await feed.since(moment - OVERLAP, workflow_id, MAX_MISSED)
                if len(missed) < MAX_MISSED:
                    reader.open([_changed(row, now) for row in reversed(missed)])
                    return
            rows = await feed.latest(workflow_id, LATEST)
        reader.open([executions_snapshot([execution_summary(row) for row in rows], _id(now))])

    def leave(self, reader: Reader) -> None:
        """Tell the client nothing more."""
        self.readers.discard(reader)
        self._wanted.pop(reader, None)

    async def run(self) -> None:
        """Look into the index again and again."""
        while True:
            try:
                changed, now = await self._look()
                self._tell(changed, now)
                await asyncio.sleep(LOOK_SECONDS)
            except Unavailable as error:
                log.warning("a feed is interrupted", tenant_id=self._tenant_id, reason=str(error))
                if not self._interrupted:
                    self._interrupted = True
                    self._publish([notice("interrupted", "the executions cannot be seen at the moment")])
                await asyncio.sleep(AWAY_SECONDS)

    async def _look(self) -> tuple[Sequence[Execution], datetime]:
        """The executions that are not what they were at the last look; none at the first one."""
        async with self._database.session(self._tenant_id) as session:
            feed = ExecutionFeed(session, self._tenant_id)
            now = await feed.now()
            since = (self._looked_at or now) - OVERLAP
            unfinished = [id_ for id_, state in self._states.items() if state.status not in TERMINAL]
            states = await feed.changing(since, unfinished[-MAX_KNOWN:])
            changed = [id_ for id_, state in states.items() if state != self._states.get(id_)]
            first, self._looked_at, self._states = self._looked_at is None, now, states
            rows = await feed.rows(changed) if changed and not first else []
        return rows, now

    def _tell(self, rows: Sequence[Execution], now: datetime) -> None:
        if self._interrupted:
            self._interrupted = False
            self._publish([notice("live")])
        if not rows:
            return
        messages = [(row.workflow_id, _changed(row, now)) for row in rows]
        for reader, wanted in list(self._wanted.items()):
            own = [message for workflow_id, message in messages if wanted in {None, workflow_id}]
            if own:
                reader.put(own)

    def _publish(self, messages: Sequence[Message]) -> None:
        for reader in list(self.readers):
            reader.put(messages)


def _changed(row: Execution, now: datetime) -> Message:
    return execution_changed(execution_summary(row), _id(now))


def _id(moment: datetime) -> str:
    return str(int(moment.timestamp() * 1000))


def _moment(text: str | None) -> datetime | None:
    if text is None or not (text.isascii() and text.isdecimal() and len(text) <= 15):
        return None
    return datetime.fromtimestamp(min(int(text), 32_503_680_000_000) / 1000, UTC)
