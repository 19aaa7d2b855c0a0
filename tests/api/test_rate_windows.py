"""Counting the requests of the last minute."""

import pytest

from api.services.rates.rates import Rates
from api.services.rates.windows import BOUNDLESS, UNCOUNTED, Windows
from gorax.settings import RateSettings, Settings


class Clock:
    """A time that the test sets."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def test_no_more_than_the_limit_in_any_minute() -> None:
    clock = Clock()
    windows = Windows(10, clock)
    allowed: list[float] = []
    for _ in range(1_000):
        clock.now += 0.29
        if windows.hit("a", 20).allowed:
            allowed.append(clock.now)
    assert len(allowed) >= 80, "what is free again is given out again"
    for first, after in zip(allowed, allowed[20:], strict=False):
        assert after - first > 59


def test_what_is_told_is_true() -> None:
    clock = Clock()
    windows = Windows(10, clock)
    first = windows.hit("a", 2)
    assert (first.allowed, first.limit, first.remaining, first.wait) == (True, 2, 1, 60)
    clock.now += 10.5
    assert windows.hit("a", 2).remaining == 0
    refused = windows.hit("a", 2)
    assert (refused.allowed, refused.remaining, refused.wait, refused.retry_after) == (False, 0, 49.5, 50)
    clock.now += refused.wait
    assert windows.hit("a", 2).allowed
    refused = windows.hit("a", 1)
    assert refused.wait == 60, "of two that count one must go before there is room under a lower limit"


def test_without_a_limit_nothing_is_counted() -> None:
    windows = Windows(10)
    assert windows.hit("a", -1) == UNCOUNTED
    assert UNCOUNTED.remaining == BOUNDLESS
    assert len(windows) == 0
    assert not windows.hit("a", 0).allowed


def test_keys_are_bounded_and_end_with_their_minute() -> None:
    clock = Clock()
    windows = Windows(100, clock)
    for number in range(1_000):
        windows.hit(str(number), 5)
    assert len(windows) == 100
    clock.now += 61
    for number in range(50):
        windows.hit(f"later {number}", 5)
    assert len(windows) == 50


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        (None, None, True),
    ],
)
async def test_a_network_of_ipv6_counts_as_one_address(
    one: str | None, other: str | None, together: bool
) -> None:
    rates = Rates(Settings(rates=RateSettings(address=1)))
    assert (await rates.stranger(one)).allowed
    assert (await rates.stranger(other)).allowed is not together


async def test_others_at_an_address_do_not_stop_who_was_known() -> None:
    rates = Rates(Settings(rates=RateSettings(address=1)))
    rates.proved("secret")
    assert rates.refusal("192.0.2.1", "wrong") is None
    await rates.stranger("192.0.2.1")
    await rates.stranger("192.0.2.1")
    assert rates.refusal("192.0.2.1", "wrong") is not None
    assert rates.refusal("192.0.2.1", "secret") is None
    assert rates.refusal("192.0.2.2", "wrong") is None
