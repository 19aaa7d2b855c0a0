"""Ranges of time, cut into what totals by day and by hour cover, and what has to be counted row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

BEGINNING = datetime(1, 1, 2, tzinfo=UTC)
"""Before everything; a day from where times end, so that no arithmetic goes over it."""
END = datetime(9999, 12, 30, tzinfo=UTC)
"""After everything."""

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

Range = tuple[datetime, datetime]
"""From a moment up to, but not including, another."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """A range of time in pieces that do not overlap."""

    days: Sequence[Range]
    """From a day's beginning in UTC to one's beginning."""
    hours: Sequence[Range]
    """From an hour's beginning to one's beginning, outside of those days."""
    rest: Sequence[Range]
    """Less than an hour each."""

    def by_day(self) -> "Pieces":
        """The same without hours: what is not a whole day is counted row by row."""
        return Pieces(self.days, [], _joined(sorted([*self.hours, *self.rest])))

    @property
    def whole(self) -> Sequence[Range]:
        """What totals cover, by day or by hour."""
        return _joined(sorted([*self.days, *self.hours]))


def cut(bounds: Sequence[datetime]) -> Pieces:
    """The pieces of the ranges between ascending moments in UTC, none of which reaches over a moment."""
    days: list[Range] = []
    hours: list[Range] = []
    rest: list[Range] = []
    for begin, end in pairwise(min(max(bound, BEGINNING), END) for bound in bounds):
        first_hour, last_hour = _up(begin, HOUR), _down(end, HOUR)
        if first_hour > last_hour:
            rest.append((begin, end))
            continue
        rest += [(begin, first_hour), (last_hour, end)]
        first_day, last_day = _up(first_hour, DAY), _down(last_hour, DAY)
        if first_day >= last_day:
            hours.append((first_hour, last_hour))
            continue
        hours += [(first_hour, first_day), (last_day, last_hour)]
        days.append((first_day, last_day))
    return Pieces(_joined(days), _joined(hours), [piece for piece in rest if piece[0] < piece[1]])


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
