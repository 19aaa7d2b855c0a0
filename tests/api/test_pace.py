"""How fast executions are started, by how long it takes to accept events."""

import asyncio
import time

import pytest

from api.services.pace import (
    AT_ONCE,
    CALM,
    EASE,
    MAX_PAUSE,
    QUICKEST_SECONDS,
    REST_EASE,
    REST_FACTOR,
    START_CALM,
    START_EASE,
    Pace,
)


class Clock:
    """Says what it is told."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def pace(clock: Clock) -> Pace:
    return Pace(clock)


def accept(pace: Pace, clock: Clock, seconds: float, times: int = 100) -> None:
    """Have events been accepted that took so long each."""
    for _ in range(times):
        with pace.accepting():
            clock.now += seconds


def start(pace: Pace, clock: Clock, seconds: float, times: int = 100) -> None:
    """Have Temporal start executions that took so long each."""
    for _ in range(times):
        with pace.starting():
            clock.now += seconds


async def starts(pace: Pace, count: int) -> tuple[int, float]:
    """How many of so many starts went on at a time, and how long all took."""
    running = most = 0

    async def start() -> None:
        nonlocal running, most
        async with pace.place("tenant", 1):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.001)
            running -= 1

    began = time.monotonic()
    await asyncio.gather(*(start() for _ in range(count)))
    return most, time.monotonic() - began


async def test_starts_go_on_eight_at_a_time(pace: Pace, clock: Clock) -> None:
    assert pace.pause == 0
    accept(pace, clock, EASE)
    assert pace.pause == 0
    assert (await starts(pace, 3 * AT_ONCE))[0] == AT_ONCE


async def test_while_events_take_long_starts_go_on_one_by_one(pace: Pace, clock: Clock) -> None:
    accept(pace, clock, EASE + 0.002)
    first = pace.pause
    assert 0.01 < first < 0.02
    most, seconds = await starts(pace, 4)
    assert most == 1
    assert seconds > 4 * first
    accept(pace, clock, 10 * EASE)
    assert pace.pause == MAX_PAUSE  # and no more than that, whatever comes


async def test_one_event_that_takes_long_is_no_crowd(pace: Pace, clock: Clock) -> None:
    accept(pace, clock, 0.001)
    accept(pace, clock, 0.05, times=1)
    assert pace.pause == 0


async def test_what_was_is_forgotten_soon(pace: Pace, clock: Clock) -> None:
    accept(pace, clock, 0.02)
    clock.now += CALM
    assert pace.pause
    clock.now += 0.01
    assert pace.pause == 0
    accept(pace, clock, 0.02, times=1)
    assert pace.pause == 0


async def test_a_start_that_fails_gives_its_place_back(pace: Pace, clock: Clock) -> None:
    for slow in (0, 0.02):
        accept(pace, clock, slow)
        for _ in range(2 * AT_ONCE):
            with pytest.raises(LookupError):
                async with pace.place("tenant", 1):
                    raise LookupError


async def test_while_temporal_takes_long_starts_go_on_one_by_one_without_pauses(
    pace: Pace, clock: Clock
) -> None:
    start(pace, clock, 0.01)
    assert not pace.busy
    start(pace, clock, START_EASE * 0.01 + 0.001)
    assert pace.busy
    assert pace.pause == 0
    assert (await starts(pace, 2 * AT_ONCE))[0] == 1
    start(pace, clock, 0.01, times=10)
    assert not pace.busy


async def test_while_starts_take_longer_a_tenant_of_which_many_wait_rests(pace: Pace, clock: Clock) -> None:
    start(pace, clock, 0.01)
    start(pace, clock, REST_EASE * 0.01 - 0.001)
    assert pace.rest == 0
    start(pace, clock, REST_EASE * 0.01 + 0.001)
    assert pace.rest == pytest.approx(REST_FACTOR * 0.021, rel=0.01)
    began = time.monotonic()
    await starts(pace, 2 * AT_ONCE + 1)
    assert time.monotonic() - began > 2 * 0.041
    start(pace, clock, 10, times=5)
    assert pace.rest == MAX_PAUSE  # and no more than that, however long they take
    clock.now += START_CALM + 0.01
    assert pace.rest == 0


async def test_one_start_that_takes_long_is_no_crowd(pace: Pace, clock: Clock) -> None:
    start(pace, clock, 0.01)
    start(pace, clock, 0.2, times=1)
    assert not pace.busy


async def test_a_start_that_is_not_taken_tells_nothing(pace: Pace, clock: Clock) -> None:
    start(pace, clock, 0.01)

    def refused() -> None:
        with pace.starting():
            clock.now += 5
            raise LookupError

    for _ in range(100):
        with pytest.raises(LookupError):
            refused()
    assert not pace.busy


async def test_how_long_starts_took_is_forgotten_soon(pace: Pace, clock: Clock) -> None:
    start(pace, clock, 0.01)
    start(pace, clock, 0.1)
    clock.now += START_CALM
    assert pace.busy
    clock.now += 0.01
    assert not pace.busy


async def test_a_temporal_far_away_is_not_busy(pace: Pace, clock: Clock) -> None:
    start(pace, clock, 0.2)
    assert not pace.busy


async def test_a_temporal_that_has_moved_away_is_busy_for_so_long_only(pace: Pace, clock: Clock) -> None:
    start(pace, clock, 0.01)
    moved = clock.now
    while pace.busy or clock.now < moved + 10:
        start(pace, clock, 0.1)
    assert QUICKEST_SECONDS < clock.now - moved < 2 * QUICKEST_SECONDS + 20
