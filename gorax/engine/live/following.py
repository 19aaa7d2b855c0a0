"""An execution, followed through its own history and those of the batches of its loops."""

import asyncio
import math
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

from temporalio.api.common.v1 import Payload
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import Client

from gorax.core.actions.catalogue import flow_catalogue
from gorax.core.definition.shape import is_leaf
from gorax.core.encoding import shown
from gorax.engine.calling import describe
from gorax.engine.history.events import Mark
from gorax.engine.history.folded import Batch, FoldedHistory, Trace
from gorax.engine.history.outline import Outline
from gorax.engine.history.paths import holders_of
from gorax.engine.history.step import Step, show
from gorax.engine.history.tree import Tree
from gorax.engine.live.counts import Counted, counted
from gorax.engine.live.history import LiveHistory
from gorax.engine.live.position import Position

MAX_ENDED = 20
"""Batches that had ended before, whose steps are told to who comes later."""
MAX_BATCHES = 10
"""Batches of loops whose own histories are followed at a time; of the others the loop's progress tells."""
VALUE_BYTES = 64_000
"""Largest input and largest output that a change carries; of a larger one only that it was cut."""
FINISH_SECONDS = 2.0
"""After the end of a run, for batches that nobody was told of yet."""
MAX_PAUSE = 0.2
"""Seconds that the execution is left alone at most after a look at it that took long."""

CUT = {"truncated": True}
"""In the place of a value that is too large to be carried along."""
_UNFOLLOWED = FoldedHistory(traces=(), batches=(), closed=False, over=False)


@dataclass(frozen=True, slots=True)
class Change:
    """A step as it is now."""

    step: Step
    event_id: int | None
    """Of the last event about it in the execution's own history; None where it is told of in another."""
    milliseconds: int
    """When that was, since 1970."""


@dataclass(frozen=True, slots=True)
class Look:
    """What has changed since the look before; in the first one, everything there is."""

    position: Position
    changes: Sequence[Change]
    """May have some that are the same as before."""
    order: Sequence[str]
    """The paths of all steps that were told of, in the order of the histories."""
    counted: Counted
    closed: bool
    """Whether the run has ended."""


class Following:
    """One run of an execution, followed until it ends."""

    def __init__(
        self, client: Client, workflow_id: str, run_id: str, length: int, pause: Callable[[], float]
    ) -> None:
        """`length` is how many events there are already: the first look is at all of them.

        `pause` gives the seconds between two questions for what activities are doing, of which no history tells.
        """
        self._client = client
        self._length = length
        self._pause = pause
        self._root = LiveHistory(client, workflow_id, run_id)
        self._batches: dict[str, LiveHistory] = {}
        self._folded: dict[str, FoldedHistory] = {}
        self._left: set[str] = set()
        """Batches that are not followed, or no more."""
        self._pending: dict[str, Sequence[PendingActivityInfo]] = {}
        self._milliseconds = 0
        """When the last event was that was seen in any of the histories."""
        self._dirty = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def looks(self) -> AsyncGenerator[Look]:
        """A look whenever something has changed; the last one is of the end. Raises `Unavailable`."""
        while self._root.mark.event_id < self._length and not self._root.closed:
            await self._root.read()
        self._begin(self._read(self._root))
        self._begin(self._describe())
        try:
            await self._read_ended_batches()
            ends_at = math.inf
            while True:
                began = time.monotonic()
                self._dirty.clear()
                if over := self._root.closed:
                    await self._settle()
                    ends_at = min(ends_at, began + FINISH_SECONDS)
                look = await self._look(over=over, closed=over and (not self._unread() or began > ends_at))
                self._leave_batches()
                self._follow_batches()
                yield look
                if look.closed:
                    return
                # So that a history that is long and grows fast takes half of the time at most.
                await asyncio.sleep(min(time.monotonic() - began, MAX_PAUSE))
                await self._news(MAX_PAUSE if over else None)
                for task in [task for task in self._tasks if task.done()]:
                    self._tasks.remove(task)
                    task.result()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        # Also when it fails: whoever waits is told of it.
        task.add_done_callback(lambda _: self._dirty.set())
        self._tasks.add(task)

    async def _read(self, history: LiveHistory) -> None:
        while not history.closed:
            if await history.read() or history.closed:
                self._dirty.set()

    async def _describe(self) -> None:
        for number in cycle(range(MAX_BATCHES + 1)):
            histories = [self._root, *self._batches.values()]
            if number >= len(histories):
                continue
            if number == 0:
                await asyncio.sleep(self._pause())
            history = histories[number]
            if history.closed or not history.has_activities:
                continue
            if (description := await describe(history.handle)) is None:
                continue
            found = tuple(description.raw_description.pending_activities)
            if found != self._pending.get(history.run_id, ()):
                self._pending[history.run_id] = found
                self._dirty.set()

    async def _read_ended_batches(self) -> None:
        """Read batches that have ended already, the last ones as far as there is room; nobody is told of the others."""
        found: list[LiveHistory] = [self._root]
        for history in found:
            for batch in reversed(history.batches):
                if batch.run_id is None or not batch.ended:
                    continue
                if len(found) > MAX_ENDED:
                    self._left.add(batch.run_id)
                    continue
                live = LiveHistory(self._client, batch.workflow_id, batch.run_id, batch.path)
                while not live.closed:
                    await live.read()
                self._batches[batch.run_id] = live
                found.append(live)

    async def _settle(self) -> None:
        """Have a moment for what batches wrote last before their execution ended, or was ended."""
        deadline = time.monotonic() + MAX_PAUSE
        while time.monotonic() < deadline and not all(batch.closed for batch in self._batches.values()):
            self._dirty.clear()
            await self._news(MAX_PAUSE)

    async def _news(self, seconds: float | None) -> None:
        """Wait until something was read, for so long at the most."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._dirty.wait()

    def _unread(self) -> list[Batch]:
        """The batches that nobody was told of yet."""
        return [
            batch
            for history in (self._root, *self._batches.values())
            for batch in history.batches
            if batch.run_id is not None
            and batch.run_id not in self._left
            and batch.run_id not in self._batches
        ]

    def _leave_batches(self) -> None:
        """Follow those no more that were seen to their end."""
        for run_id, live in list(self._batches.items()):
            # Those that it has begun itself are found through it.
            if self._folded[run_id].closed and all(batch.run_id in self._left for batch in live.batches):
                self._left.add(run_id)
                del self._batches[run_id]

    def _follow_batches(self) -> None:
        """Begin to follow batches, as far as there is room."""
        # Those that are divided further have but a few events of their own.
        followed = sum(not (live.closed or live.batches) for live in self._batches.values())
        for batch in self._unread()[: max(0, MAX_BATCHES - followed)]:
            assert batch.run_id is not None
            live = LiveHistory(self._client, batch.workflow_id, batch.run_id, batch.path)
            self._batches[batch.run_id] = live
            self._begin(self._read(live))

    async def _look(self, *, over: bool, closed: bool) -> Look:
        outline = await self._root.outline()
        changes: list[Change] = []
        pending = self._pending.get(self._root.run_id, ())
        root, marks = await self._root.now(outline, pending, over=False)
        self._folded[self._root.run_id] = root
        tree = Tree(root, self._read_batch, self._root.converter)
        changes += await self._changes(tree, self._root, root, marks)
        for run_id, batch in self._batches.items():
            history, marks = await batch.now(outline, self._pending.get(run_id, ()), over=over)
            self._folded[run_id] = history
            changes += await self._changes(tree, batch, history, marks)
        return Look(
            position=self._position(closed),
            changes=changes,
            order=[trace.path for history in self._folded.values() for trace in history.traces],
            counted=counted(root, self._folded, outline),
            closed=closed,
        )

    async def _changes(
        self, tree: Tree, live: LiveHistory, history: FoldedHistory, marks: Mapping[str, Mark]
    ) -> list[Change]:
        wanted = dict(marks)
        for path, mark in marks.items():
            for holder in holders_of(path):
                wanted[holder] = max(mark, wanted.get(holder, mark))
        own = live.loop is None
        found = []
        ended = set()
        for trace in history.traces:
            is_cut_off = history.over and trace.status == "cancelled" and trace.path not in live.shedded
            if trace.path not in wanted and not is_cut_off:
                continue
            mark = wanted.get(trace.path, live.mark)
            step = trimmed(await show(tree, history, _light(trace)))
            found.append(Change(step, mark.event_id if own else None, mark.milliseconds))
            if trace.completed_at is not None and _holds_none(trace):
                ended.add(trace.path)
        live.shed(ended)
        return found

    async def _read_batch(self, batch: Batch, outline: Outline, over: bool) -> FoldedHistory:
        del outline, over  # the batch is followed with them already, or not at all
        return self._folded.get(batch.run_id or "", _UNFOLLOWED)

    def _position(self, closed: bool) -> Position:
        marks = (self._root.mark, *(batch.mark for batch in self._batches.values()))
        self._milliseconds = max(self._milliseconds, *(mark.milliseconds for mark in marks))
        position = Position.of(self._root.run_id, self._root.mark.event_id, self._milliseconds)
        return replace(position, end=closed)


def _holds_none(trace: Trace) -> bool:
    flow = flow_catalogue().flow(trace.type)
    return flow is None or is_leaf(flow)


def _light(trace: Trace) -> Trace:
    """The step without an outcome that would be cut anyway: it may be kept elsewhere, and is not fetched."""
    if trace.outcome is None or _size(trace.outcome) <= VALUE_BYTES or trace.sensitive:
        return trace
    return replace(trace, outcome=None, output=CUT)


def _size(payload: Payload) -> int:
    return len(payload.data) + sum(part.size_bytes for part in payload.external_payloads)


def trimmed(step: Step) -> Step:
    """The step without those of its values that are too large to be carried along."""
    return step.model_copy(
        update={"input": shown(step.input, VALUE_BYTES)[0], "output": shown(step.output, VALUE_BYTES)[0]}
    )


async def follow(client: Client, workflow_id: str, pause: Callable[[], float]) -> Following | None:
    """The latest run of an execution, to be followed; None when Temporal has none. Raises `Unavailable`."""
    description = await describe(client.get_workflow_handle(workflow_id))
    if description is None:
        return None
    return Following(client, workflow_id, description.run_id, description.history_length, pause)
