"""One execution, watched for all who listen to it."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import aclosing
from dataclasses import replace
from hashlib import blake2b
from typing import NamedTuple

import structlog
from temporalio.client import Client

from api.services.history import ExecutionView, History
from api.services.streams.messages import Envelope, notice
from api.services.streams.reader import NORMAL, Close, Message, Reader
from gorax.core.contracts import TERMINAL
from gorax.core.encoding import dumps, shown
from gorax.core.errors import Unavailable
from gorax.core.ids import temporal_workflow_id
from gorax.engine.history import StepQuery
from gorax.engine.live import CUT, VALUE_BYTES, Change, Counted, Following, Look, Position, follow, trimmed
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution

QUICK_SECONDS = 30.0
"""An execution that was accepted so long ago is held back for a reason: it is looked for less often."""
LOOK_SECONDS = 0.25
SLOW_LOOK_SECONDS = 1.0
"""Between two looks for an execution that Temporal does not have yet."""
KEPT_BYTES = 8_000_000
"""Of the steps of one execution, beyond which they are kept without their values, for those who come later."""
MAX_ARCHIVED = 20_000
"""Steps that are told of an execution that Temporal does not have any more."""
AWAY_SECONDS = 0.5
"""Before Temporal, or the database, is asked again after it did not answer."""

_ENDED: frozenset[str] = frozenset({"completed", "failed", "skipped", "cancelled", "timed_out"})

log = structlog.get_logger("gorax.api")


class _Kept(NamedTuple):
    """A step as it was told last."""

    encoded: bytes
    digest: bytes
    """Of the whole, where `encoded` is without its values."""
    event_id: int | None
    milliseconds: int
    ended: bool


class Watcher:
    """Keeps what is known of an execution while anybody listens, and tells them what changes."""

    def __init__(
        self, database: Database, client: Client, history: History, row: Execution, pause: Callable[[], float]
    ) -> None:
        self.readers: set[Reader] = set()
        self.bytes = 0
        """Of the steps that are kept."""
        self._database = database
        self._client = client
        self._history = history
        self._row = row
        self._pause = pause
        self._envelope = Envelope(row.id, row.workflow_id)
        self._newcomers: dict[Reader, Position | None] = {}
        self._kept: dict[str, _Kept] = {}
        self._order: Sequence[str] = ()
        self._status: str = row.status
        self._counted = Counted(row.steps_completed, row.steps_total)
        self._position: Position | None = None
        self._ready = False
        self._interrupted = False
        self._over: tuple[Close, Sequence[Message]] | None = None

    def join(self, reader: Reader, last: Position | None) -> None:
        """Tell a client everything from here on, and before that what is new to it since `last`."""
        self.readers.add(reader)
        if not self._ready:
            self._newcomers[reader] = last
            return
        reader.open(self._opening(last))
        if self._over is not None:
            close, messages = self._over
            reader.put(messages)
            reader.finish(close)

    def leave(self, reader: Reader) -> None:
        """Tell the client nothing more."""
        self.readers.discard(reader)
        self._newcomers.pop(reader, None)

    async def run(self) -> None:
        """Watch until the execution has ended and everybody was told."""
        while True:
            try:
                following = await follow(
                    self._client, temporal_workflow_id(self._row.tenant_id, self._row.id), self._pause
                )
                if following is not None:
                    if await self._follow(following):
                        return
                    await asyncio.sleep(LOOK_SECONDS)
                elif await self._without_run():
                    return
                else:
                    await asyncio.sleep(self._patience())
            except Unavailable as error:
                log.warning("a stream is interrupted", execution_id=self._row.id, reason=str(error))
                self._interrupt()
                await asyncio.sleep(AWAY_SECONDS)

    def _patience(self) -> float:
        age = time.time() - self._row.accepted_at.timestamp()
        return LOOK_SECONDS if age < QUICK_SECONDS else SLOW_LOOK_SECONDS

    async def _follow(self, following: Following) -> bool:
        """Tell of a run until it ends; whether the execution has ended with it."""
        async with aclosing(following.looks()) as looks:
            async for look in looks:
                self._take(look)
        view = await self._history.execution(self._row)
        if view.status not in TERMINAL:
            return False  # an operator has reset it: it goes on as another run
        self._end(view)
        return True

    def _take(self, look: Look) -> None:
        if self._position is not None and self._position.run != look.position.run:
            self._begin_anew()
        before = self._position
        self._counted = look.counted
        encoded = ((change, dumps(change.step)) for change in look.changes)
        changes = [(change, step) for change, step in encoded if self._keep(change, step)]
        self._order = look.order
        # What its end is called comes with the message about it.
        self._position = replace(look.position, end=False)
        if look.closed and not self._ready:
            return
        changed, self._status = self._status != "running", "running"
        if not self._ready:
            self._get_ready()
            return
        self._resumed()
        messages = [self._envelope.status("status", self._status, self._counted, before)] if changed else []
        for number, (change, step) in enumerate(changes, 1):
            position = self._position if number == len(changes) else before
            messages.append(
                self._envelope.step(self._status, self._counted, step, change.milliseconds, position)
            )
        self._publish(messages)

    def _begin_anew(self) -> None:
        """Tell everybody everything once more: of another run."""
        self._kept.clear()
        self.bytes = 0
        self._ready = False
        self._newcomers = dict.fromkeys(self.readers)
        for reader in self.readers:
            reader.forget()

    def _keep(self, change: Change, encoded: bytes) -> bool:
        """Whether the step is another than it was."""
        digest = blake2b(encoded, digest_size=16).digest()
        known = self._kept.get(change.step.id)
        if known is not None:
            if known.digest == digest:
                return False
            self.bytes -= len(known.encoded)
        if self.bytes + len(encoded) > KEPT_BYTES:
            encoded = dumps(change.step.model_copy(update={"input": CUT, "output": CUT}))
        ended = change.step.status in _ENDED
        self._kept[change.step.id] = _Kept(encoded, digest, change.event_id, change.milliseconds, ended)
        self.bytes += len(encoded)
        return True

    async def _without_run(self) -> bool:
        """Tell of an execution that Temporal does not have, by its row; whether it has ended."""
        async with self._database.session(self._row.tenant_id) as session:
            row = await Executions(session, self._row.tenant_id).get(self._row.id)
        if row is None:
            self._finish(Close(4404, "execution not found"))
            return True
        if row.status in TERMINAL:
            self._counted = Counted(row.steps_completed, row.steps_total)
            await self._keep_all(row)
            self._end(await self._history.execution(row))
            return True
        changed, self._status = self._status != row.status, row.status
        if not self._ready:
            self._get_ready()
            return False
        self._resumed()
        if changed:
            self._publish([self._envelope.status("status", self._status, self._counted, None)])
        return False

    async def _keep_all(self, row: Execution) -> None:
        """Keep the steps of an execution that has ended, page by page."""
        order: list[str] = []
        offset: int | None = 0
        while offset is not None and len(order) < MAX_ARCHIVED:
            page = await self._history.steps(row, StepQuery(offset=offset))
            for step in map(trimmed, page.steps):
                self._keep(Change(step, None, 0), dumps(step))
                order.append(step.id)
            offset = page.next_offset
        self._order = order

    def _end(self, view: ExecutionView) -> None:
        self._status = view.status
        if self._position is not None:
            self._position = replace(self._position, end=True)
        if not self._ready:
            self._get_ready()
        message = self._envelope.end(
            view.status,
            self._counted,
            self._position,
            output=shown(view.output, VALUE_BYTES)[0],
            error=view.error,
            at=view.completed_at,
        )
        self._finish(Close(NORMAL, f"the execution is {view.status}"), message)

    def _finish(self, close: Close, *last: Message) -> None:
        self._over = (close, last)
        self._publish(last)
        for reader in list(self.readers):
            reader.finish(close)

    def _get_ready(self) -> None:
        self._ready = True
        newcomers, self._newcomers = self._newcomers, {}
        for reader, last in newcomers.items():
            reader.open(self._opening(last))

    def _opening(self, last: Position | None) -> Iterator[Message]:
        """What a client is told first. The steps are those of now, their messages are made when they are sent."""
        position = self._position
        if last is None or position is None or last.run != position.run or last.event_id > position.event_id:
            steps = [self._kept[path].encoded for path in self._order if path in self._kept]
            return self._envelope.snapshot(self._status, self._counted, steps, position)
        new = [
            kept
            for path in self._order
            if (kept := self._kept.get(path))
            and not (kept.ended and last.has_seen(kept.event_id, kept.milliseconds))
        ]
        return self._resuming(new, last, position, self._status, self._counted)

    def _resuming(
        self, new: Sequence[_Kept], last: Position, position: Position, status: str, counted: Counted
    ) -> Iterator[Message]:
        yield self._envelope.status("resumed", status, counted, last if new else position)
        for number, kept in enumerate(new, 1):
            place = position if number == len(new) else last
            yield self._envelope.step(status, counted, kept.encoded, kept.milliseconds, place)

    def _interrupt(self) -> None:
        if not self._ready:
            self._get_ready()
        if not self._interrupted:
            self._interrupted = True
            self._publish([notice("interrupted", "the execution cannot be seen at the moment")])

    def _resumed(self) -> None:
        if self._interrupted:
            self._interrupted = False
            self._publish([notice("live")])

    def _publish(self, messages: Sequence[Message]) -> None:
        if messages:
            for reader in list(self.readers):
                reader.put(messages)
