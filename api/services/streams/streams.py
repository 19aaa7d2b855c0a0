"""The streams of a process: of one execution, and of all that a tenant or a workflow has."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from temporalio.client import Client

from api.services.history import History
from api.services.streams.feed import Feed
from api.services.streams.reader import Reader
from api.services.streams.slots import Slots
from api.services.streams.watcher import Watcher
from api.services.streams.watchers import Watchers
from gorax.engine.live import Position
from gorax.settings import StreamSettings
from gorax.store.session import Database
from gorax.store.tables import Execution

DESCRIBE_SECONDS = 0.2
"""Between two questions for what the activities of an execution are doing, of which no history tells."""
DESCRIPTIONS_A_SECOND = 50
"""Of all executions that a process watches."""


class Streams:
    """Lets clients listen to what happens; each thing is watched once for all who listen to it."""

    def __init__(
        self, database: Database, client: Client, history: History, settings: StreamSettings
    ) -> None:
        self.settings = settings
        self._database = database
        self._client = client
        self._history = history
        self._slots = Slots(settings)
        self._executions: Watchers[Watcher] = Watchers()
        self._feeds: Watchers[Feed] = Watchers()

    @asynccontextmanager
    async def execution(self, row: Execution, last: str | None) -> AsyncIterator[Reader]:
        """What happens to one execution, from where a client was. Raises `Unavailable` when too many listen."""

        def watcher() -> Watcher:
            return Watcher(self._database, self._client, self._history, row, self._pause)

        with (
            self._slots.taken(row.tenant_id),
            self._executions.listening((row.tenant_id, row.id), watcher) as (watched, reader),
        ):
            watched.join(reader, Position.parse(last))
            yield reader

    @asynccontextmanager
    async def executions(
        self, tenant_id: str, workflow_id: str | None, last: str | None
    ) -> AsyncIterator[Reader]:
        """What happens to all executions of a tenant, or of one workflow. Raises `Unavailable`."""
        with (
            self._slots.taken(tenant_id),
            self._feeds.listening(tenant_id, lambda: Feed(self._database, tenant_id)) as (feed, reader),
        ):
            await feed.join(reader, workflow_id, last)
            yield reader

    async def close(self) -> None:
        """Watch nothing any more."""
        await self._executions.close()
        await self._feeds.close()

    def _pause(self) -> float:
        return max(DESCRIBE_SECONDS, len(self._executions) / DESCRIPTIONS_A_SECOND)
