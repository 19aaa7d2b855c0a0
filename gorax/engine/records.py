"""The events of runs: Temporal's while it has them, and then what the archive kept of them."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from temporalio.api.history.v1 import History, HistoryEvent
from temporalio.client import Client

from gorax.engine.calling import Handle, events

BLOCKING_BYTES = 200_000
"""Larger histories are packed and unpacked in a thread, and hold nobody else up."""
LEVEL = 1
"""Of compression: most of a history is compressed, or encrypted, already."""


class ArchivedRuns(Protocol):
    """Where the histories of runs are that Temporal has forgotten."""

    async def newest(self, workflow_id: str) -> str | None:
        """The id of a workflow's last run. Raises `Unavailable`."""

    async def read(self, workflow_id: str, run_id: str) -> bytes | None:
        """A run's history, packed. Raises `Unavailable`."""


class Records:
    """Reads the events of runs."""

    def __init__(self, client: Client, archive: ArchivedRuns | None = None) -> None:
        self._client = client
        self._archive = archive

    async def events(self, handle: Handle, *, closing: bool = False) -> AsyncIterator[HistoryEvent]:
        """The events of the run, or its `closing` one alone; none when neither has it. Raises `Unavailable`."""
        known = False
        async for event in events(handle, closing=closing):
            known = True
            yield event
        if not known:
            kept = await self._kept(handle)
            for event in kept[-1:] if closing else kept:
                yield event

    async def archived(self, workflow_id: str) -> str | None:
        """The id of the last of a workflow's runs that the archive has. Raises `Unavailable`."""
        return None if self._archive is None else await self._archive.newest(workflow_id)

    async def _kept(self, handle: Handle) -> Sequence[HistoryEvent]:
        if self._archive is None:
            return ()
        run_id = handle.run_id or await self._archive.newest(handle.id)
        data = None if run_id is None else await self._archive.read(handle.id, run_id)
        return () if data is None else await unpack(data)


async def pack(found: Sequence[HistoryEvent]) -> bytes:
    """A history for the archive. What is encrypted in it stays so."""
    history = History(events=found)

    def packed() -> bytes:
        return zlib.compress(history.SerializeToString(), LEVEL)

    return await asyncio.to_thread(packed) if history.ByteSize() > BLOCKING_BYTES else packed()


async def unpack(data: bytes) -> Sequence[HistoryEvent]:
    """The events of a packed history."""

    def unpacked() -> Sequence[HistoryEvent]:
        return History.FromString(zlib.decompress(data)).events

    return await asyncio.to_thread(unpacked) if len(data) > BLOCKING_BYTES else unpacked()
