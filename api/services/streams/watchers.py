"""What is watched at the moment: each thing once, however many listen, and only while somebody does."""

import asyncio
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, Protocol, TypeVar

import structlog

from api.services.streams.reader import TRY_AGAIN, Close, Reader

MAX_HELD_BYTES = 128_000_000
"""Of the histories of all executions that are watched: beyond it nobody new is watched."""

log = structlog.get_logger("gorax.api")


class Watched(Protocol):
    """Something that is watched for all who listen to it."""

    readers: set[Reader]
    bytes: int

    async def run(self) -> None:
        """Watch it until there is nothing more to tell."""

    def leave(self, reader: Reader) -> None:
        """Tell a client nothing more."""


T = TypeVar("T", bound=Watched)


class Watchers(Generic[T]):
    """The things of one kind that are watched."""

    def __init__(self) -> None:
        self._watched: dict[Hashable, tuple[T, asyncio.Task[None]]] = {}

    def __len__(self) -> int:
        return len(self._watched)

    @contextmanager
    def listening(self, key: Hashable, make: Callable[[], T]) -> Iterator[tuple[T, Reader]]:
        """A new listener to the thing of this key, which `make` gives where nobody listens to it yet."""
        reader = Reader()
        if key not in self._watched:
            watched = make()
            task = asyncio.create_task(watched.run(), name=type(watched).__name__)
            task.add_done_callback(lambda done: self._ended(watched, done))
            self._watched[key] = watched, task
        watched, task = self._watched[key]
        if sum(each.bytes for each, _ in self._watched.values()) > MAX_HELD_BYTES:
            reader.drop(Close(TRY_AGAIN, "too much is being watched: try again later"))
        try:
            yield watched, reader
        finally:
            watched.leave(reader)
            if not watched.readers and self._watched.get(key) == (watched, task):
                del self._watched[key]
                task.cancel()

    def _ended(self, watched: T, task: "asyncio.Task[None]") -> None:
        if task.cancelled() or (error := task.exception()) is None:
            return
        log.error("a stream broke", exc_info=error)
        for reader in list(watched.readers):
            reader.drop(Close(1011, "internal error"))

    async def close(self) -> None:
        """Watch nothing any more."""
        tasks = [task for _, task in self._watched.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
