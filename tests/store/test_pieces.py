"""Ranges of time in pieces: together they are the range, and none is larger than its total."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from gorax.store.pieces import BEGINNING, DAY, END, HOUR, QUARTER, SIX_HOURS, cut

MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 1, 9), timezones=st.just(UTC)).flatmap(
    lambda moment: st.sampled_from(
        [
            moment,
            moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0),
            moment.replace(minute=0, second=0, microsecond=0),
            moment.replace(hour=0, minute=0, second=0, microsecond=0),
        ]
    )
)


@settings(deadline=None, max_examples=200)
@given(st.lists(MOMENTS, min_size=2, max_size=6).map(sorted))
def test_pieces_are_the_range_and_fit_their_totals(bounds: list[datetime]) -> None:
    pieces = cut(bounds)
    for parts in (pieces, pieces.only(DAY, HOUR), pieces.only(DAY), pieces.only()):
        together = sorted([*parts.covered, *parts.rest])
        assert all(begin < end for begin, end in together)
        assert all(one[1] <= other[0] for one, other in pairwise(together))
        length = sum((end - begin for begin, end in together), timedelta())
        assert length == bounds[-1] - bounds[0]
        if together:
            assert (together[0][0], together[-1][1]) == (bounds[0], bounds[-1])
    for span, found in pieces.whole.items():
        for moment in (moment for piece in found for moment in piece):
            assert (moment - BEGINNING) % span == timedelta()
    for begin, end in pieces.rest:
        assert end - begin < 2 * QUARTER
        assert not any(begin < bound < end for bound in bounds)


def test_all_of_time_is_days() -> None:
    pieces = cut([BEGINNING, END])
    assert {span: list(found) for span, found in pieces.whole.items() if found} == {DAY: [(BEGINNING, END)]}
    assert list(pieces.rest) == []


def test_the_day_of_a_zone_is_of_totals() -> None:
    begin = datetime(2026, 1, 1, 18, 15, tzinfo=UTC)  # in Nepal, where the day begins
    next_day = datetime(2026, 1, 2, tzinfo=UTC)
    pieces = cut([begin, begin + DAY])
    assert pieces.whole == {
        DAY: [],
        SIX_HOURS: [(next_day, next_day + 3 * SIX_HOURS)],
        HOUR: [(begin + 3 * QUARTER, next_day)],
        QUARTER: [(begin, begin + 3 * QUARTER), (begin + DAY - QUARTER, begin + DAY)],
    }
    assert list(pieces.rest) == []
    assert list(pieces.only(DAY, SIX_HOURS, HOUR).rest) == list(pieces.whole[QUARTER])


def test_neighbouring_ranges_are_one() -> None:
    days = [datetime(2026, 1, day, tzinfo=UTC) for day in range(1, 31)]
    assert list(cut(days).whole[DAY]) == [(days[0], days[-1])]
