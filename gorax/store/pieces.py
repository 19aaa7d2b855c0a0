"""Ranges of time, cut into what totals cover, and what has to be counted row by row."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
"""Before everything; a day from where times end, so that no arithmetic goes over it."""
END = datetime(9999, 12, 30, tzinfo=UTC)
"""After everything."""

QUARTER = timedelta(minutes=15)
"""All clocks of the world are whole ones ahead of UTC, or behind."""
HOUR = timedelta(hours=1)
SIX_HOURS = timedelta(hours=6)
DAY = timedelta(days=1)
SPANS = (DAY, SIX_HOURS, HOUR, QUARTER)
"""What there are totals of; each begins where UTC's does, and is some of the next."""
WORKFLOW_SPANS = (DAY, SIX_HOURS, HOUR)
"""What there are totals of for each workflow, of which few executions start in a quarter of an hour."""

Range = tuple[datetime, datetime]
"""From a moment up to, but not including, another."""


def minutes(span: timedelta) -> int:
    """How a span is written in the database."""
    return span // timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Pieces:
    """A range of time in pieces that do not overlap."""

    whole: Mapping[timedelta, Sequence[Range]]
    """By span: from where one begins to where one begins, outside of those of longer spans."""
    rest: Sequence[Range]
    """What is less than the shortest span."""

    def only(self, *spans: timedelta) -> "Pieces":
        """The same with totals of these spans alone: what others cover is counted row by row, too."""
        others = [piece for span, found in self.whole.items() if span not in spans for piece in found]
        kept = {span: found for span, found in self.whole.items() if span in spans}
        return Pieces(kept, _joined(sorted([*others, *self.rest])))

    @property
    def covered(self) -> Sequence[Range]:
        """What totals cover, of whatever span."""
        return _joined(sorted(piece for found in self.whole.values() for piece in found))


def cut(bounds: Sequence[datetime]) -> Pieces:
    """The pieces of the ranges between ascending moments in UTC, none of which reaches over a moment."""
    whole: dict[timedelta, list[Range]] = {span: [] for span in SPANS}
    rest: list[Range] = []
    for begin, end in pairwise(min(max(bound, BEGINNING), END) for bound in bounds):
        _cut((begin, end), SPANS, whole, rest)
    return Pieces({span: _joined(found) for span, found in whole.items()}, rest)


def _cut(
    range_: Range, spans: Sequence[timedelta], whole: Mapping[timedelta, list[Range]], rest: list[Range]
) -> None:
    """Put what a range has of the first of the spans where it belongs, and so of the others what is beside that."""
    begin, end = range_
    if begin == end:
        return
    if not spans:
        rest.append(range_)
        return
    span, *shorter = spans
    first, last = _up(begin, span), _down(end, span)
    if first >= last:
        _cut(range_, shorter, whole, rest)
        return
    _cut((begin, first), shorter, whole, rest)
    whole[span].append((first, last))
    _cut((last, end), shorter, whole, rest)


def _joined(ranges: Iterable[Range]) -> list[Range]:
    """Ascending ranges without empty ones, and with those as one that touch."""
    joined: list[Range] = []
    for begin, end in ranges:
        if begin == end:
            continue
        if joined and joined[-1][1] == begin:
            joined[-1] = joined[-1][0], end
        else:
            joined.append((begin, end))
    return joined


def _down(moment: datetime, span: timedelta) -> datetime:
    return moment - (moment - BEGINNING) % span


def _up(moment: datetime, span: timedelta) -> datetime:
    return moment + (BEGINNING - moment) % span
