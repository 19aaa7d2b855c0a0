"""The parts of streams: what a reader may have waiting, and that things are watched once, while somebody listens."""

import asyncio

import pytest

from api.services.streams.reader import MAX_BACKLOG, MAX_BACKLOG_BYTES, TRY_AGAIN, Close, Message, Reader
from api.services.streams.slots import Slots
from api.services.streams.watchers import Watchers
from gorax.core.errors import Unavailable
from gorax.engine.live import Position
from gorax.settings import StreamSettings

DONE = Close(1000, "done")


async def test_a_reader_gets_everything_in_order_and_then_the_end() -> None:
    reader = Reader()
    reader.put([Message("b"), Message("c")])
    reader.open([Message("a")])
    reader.finish(DONE)
    reader.put([Message("too late")])
    assert [await reader.next() for _ in range(4)] == [Message("a"), Message("b"), Message("c"), DONE]


@pytest.mark.parametrize(
    "messages", [[Message("x" * MAX_BACKLOG_BYTES), Message("x")], [Message("")] * (MAX_BACKLOG + 1)]
)
async def test_a_reader_has_so_much_waiting_and_no_more(messages: list[Message]) -> None:
    reader = Reader()
    # However much comes at once is taken by who had nothing waiting.
    reader.put(messages)
    assert not reader.gone.done()
    reader.put([Message("more")])
    assert reader.gone.result().code == TRY_AGAIN


class Clock:
    """Something to watch."""

    running = 0

    def __init__(self) -> None:
        self.readers: set[Reader] = set()
        self.bytes = 0
        self.broken = asyncio.Event()

    async def run(self) -> None:
        """Go on until it breaks."""
        Clock.running += 1
        try:
            await self.broken.wait()
            raise ZeroDivisionError
        finally:
            Clock.running -= 1

    def leave(self, reader: Reader) -> None:
        """Forget who listened."""
        self.readers.discard(reader)


async def test_a_thing_is_watched_once_and_while_anybody_listens() -> None:
    watchers: Watchers[Clock] = Watchers()
    with watchers.listening("a", Clock) as (first, reader):
        first.readers.add(reader)
        with watchers.listening("a", Clock) as (second, other), watchers.listening("b", Clock) as (third, _):
            second.readers.add(other)
            await asyncio.sleep(0)
            assert first is second is not third
            assert Clock.running == len(watchers) == 2
        await asyncio.sleep(0)
        assert Clock.running == len(watchers) == 1
    await asyncio.sleep(0)
    assert Clock.running == len(watchers) == 0


async def test_what_breaks_sends_those_who_listen_away() -> None:
    watchers: Watchers[Clock] = Watchers()
    with watchers.listening("a", Clock) as (clock, reader):
        clock.readers.add(reader)
        clock.broken.set()
        assert (await reader.gone).code == 1011


def test_a_tenant_and_a_process_have_so_many_streams() -> None:
    slots = Slots(StreamSettings(max_open=3, max_per_tenant=2))
    with slots.taken("a"), slots.taken("a"):
        with pytest.raises(Unavailable, match="you have 2"), slots.taken("a"):
            pass
        with slots.taken("b"), pytest.raises(Unavailable, match="too many"), slots.taken("c"):
            pass
    with slots.taken("a"):
        pass


def test_a_position_is_what_its_text_says() -> None:
    position = Position.of("019a-4f0c91aa", 11, 1_768_928_410_000)
    assert str(position) == "4f0c91aa.11.1768928410000"
    assert Position.parse(str(position)) == position
    end = Position("4f0c91aa", 11, 1, end=True)
    assert Position.parse(str(end)) == end
    for text in (None, "", "4f0c91aa.11", "4f0c91aa.-1.1", "4f0c91aa.1.1.no", "4f0c91aa.١.1", "x" * 100):
        assert Position.parse(text) is None


def test_a_position_has_seen_what_came_before() -> None:
    position = Position("4f0c91aa", 11, 100_000)
    assert position.has_seen(11, 0)
    assert not position.has_seen(12, 0)
    # Of other histories only the time is known, and that not to the millisecond.
    assert position.has_seen(None, 97_000)
    assert not position.has_seen(None, 99_000)
