"""Ranges of time in pieces: together they are the range, and none is larger than its total."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gorax.store.pieces import BEGINNING, DAY, END, HOUR, cut

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 9), timezones=st.just(UTC)).flatmap(
    lambda moment: st.sampled_from(
        [
            moment,
            moment.replace(minute=0, second=0, microsecond=0),
            moment.replace(hour=0, minute=0, second=0, microsecond=0),
        ]
    )
)


@settings(deadline=None, max_examples=300)
@given(st.lists(MOMENTS, min_size=2, max_size=6).map(sorted))
def test_pieces_are_the_range_and_fit_their_totals(bounds: list[datetime]) -> None:
    pieces = cut(bounds)
    for parts in (pieces, pieces.by_day()):
        together = sorted([*parts.days, *parts.hours, *parts.rest])
        assert all(begin < end for begin, end in together)
        assert all(one[1] <= other[0] for one, other in pairwise(together))
        length = sum((end - begin for begin, end in together), timedelta())
        assert length == bounds[-1] - bounds[0]
        if together:
            assert (together[0][0], together[-1][1]) == (bounds[0], bounds[-1])
    for moments, span in ((pieces.days, DAY), (pieces.hours, HOUR)):
        for moment in (moment for piece in moments for moment in piece):
            assert (moment - BEGINNING) % span == timedelta()
    for begin, end in pieces.rest:
        assert end - begin < 2 * HOUR
        assert not any(begin < bound < end for bound in bounds)


def test_all_of_time_is_days() -> None:
    pieces = cut([BEGINNING, END])
    assert (list(pieces.days), list(pieces.hours), list(pieces.rest)) == ([(BEGINNING, END)], [], [])


def test_neighbouring_ranges_are_one() -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 31)]
    assert list(cut(days).days) == [(days[0], days[-1])]
