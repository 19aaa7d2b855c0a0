"""What a cron expression means, in English: told from the numbers that its fields stand for, not from their text.

So a step that does not fit its field, a range over the end and a star in a list are told as what they come to.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

MAX_TIMES = 8
"""Of a day, that are told one by one."""

_HOURS, _MINUTES, _SECONDS = 24, 60, 60
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_WEEKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_MONDAY = 1
_THROUGH = " through "
_PLACES = ("first", "second", "third", "fourth", "fifth")


@dataclass(frozen=True)
class Clock:
    """Times of a day."""

    seconds: frozenset[int]
    minutes: frozenset[int]
    hours: frozenset[int]

    def words(self) -> str:
        """In the order of the clock where they are few, else from the seconds up."""
        if len(self.seconds) == 1:
            if len(self.hours) * len(self.minutes) <= MAX_TIMES:
                return f"at {_listed(self._each())}"
            if len(self.minutes) == 1 and (hours := self._regular_hours()):
                return hours
        parts = [
            _pace(self.seconds, _SECONDS, "second", "minute") if self.seconds != {0} else "",
            # Every minute goes without saying where the seconds are told, and every hour always.
            _pace(self.minutes, _MINUTES, "minute", "hour")
            if len(self.minutes) < _MINUTES or self.seconds == {0}
            else "",
            _spans(self.hours) if len(self.hours) < _HOURS else "",
        ]
        return ", ".join(part for part in parts if part)

    def _each(self) -> list[str]:
        (second,) = self.seconds
        return [_time(hour, minute, second) for hour in sorted(self.hours) for minute in sorted(self.minutes)]

    def _regular_hours(self) -> str:
        """Hours at one distance of each other, all day or from one to another; empty for any others."""
        (minute,), (second,) = self.minutes, self.seconds
        first, last = min(self.hours), max(self.hours)
        if step := _even(self.hours, _HOURS):
            if minute or second:
                # Of each hour, only that is of interest.
                return "" if step == 1 else f"{_every(step, 'hour')} from {_time(first, minute, second)}"
            return f"{_every(step, 'hour')} from {_time(first, 0, 0)}" if first else _every(step, "hour")
        if len(self.hours) == last - first + 1:
            return f"every hour from {_time(first, minute, second)} through {_time(last, minute, second)}"
        return ""


def day_words(days: frozenset[int], special: Sequence[str]) -> str:
    """Days of the month, and the likes of `L`, `L-2`, `LW` and `15W`."""
    return " and ".join(
        [*([f"{_plain_days(days)} of the month"] if days else []), *map(_special_day, dict.fromkeys(special))]
    )


def weekday_words(weekdays: frozenset[int], special: Iterable[tuple[frozenset[int], int | None]]) -> str:
    """Days of the week, and the days that are the first to fifth of their kind in a month, or the last (None)."""
    told: list[str] = []
    if weekdays:
        plain = _cycle(weekdays, _WEEKDAYS, _MONDAY)
        # A range stands by itself: "Monday through Friday".
        told.append(plain if _THROUGH in plain else f"on {plain}")
    for days, place in dict.fromkeys(special):
        # "The second Monday through Friday" would be the days of one week.
        names = _listed([_WEEKDAYS[day] for day in _turned(days, 7, _MONDAY)])
        told.append(f"on the {'last' if place is None else _PLACES[place - 1]} {names} of the month")
    return " and ".join(told)


def month_words(months: frozenset[int]) -> str:
    """Months; empty for all."""
    if len(months) == len(_MONTHS):
        return ""
    plain = _cycle(frozenset(month - 1 for month in months), _MONTHS, 0)
    return f"from {plain}" if _THROUGH in plain else f"in {plain}"


def _plain_days(days: frozenset[int]) -> str:
    numbers = sorted(days)
    steps = {later - earlier for earlier, later in pairwise(numbers)}
    if len(numbers) > 3 and len(steps) == 1 and (step := steps.pop()) > 1:
        return f"every {step} days from day {numbers[0]} through {numbers[-1]}"
    word = "day" if len(numbers) == 1 else "days"
    return f"on {word} {_listed(_runs(numbers))}"


def _special_day(item: str) -> str:
    if item == "LW":
        return "on the last weekday of the month"
    if item.endswith("W"):
        return f"on the weekday nearest day {int(item[:-1])} of the month"
    before = int(item[2:] or 0)
    if not before:
        return "on the last day of the month"
    return f"{before} day{'s' if before > 1 else ''} before the last day of the month"


def _pace(values: frozenset[int], size: int, unit: str, whole: str) -> str:
    """Seconds or minutes: at an even pace, or which ones of the minute or hour they are."""
    if step := _even(values, size):
        first = min(values)
        from_ = f", starting at {_counted(first, unit)} past the {whole}" if first else ""
        return f"{_every(step, unit)}{from_}"
    numbers = sorted(values)
    if len(numbers) > 2 and len(numbers) == numbers[-1] - numbers[0] + 1:
        return f"every {unit} from {numbers[0]} through {numbers[-1]} past the {whole}"
    last = "" if numbers == [1] else "s"
    return f"at {_listed(_runs(numbers))} {unit}{last} past the {whole}"


def _spans(hours: frozenset[int]) -> str:
    """Hours from their beginnings to their ends."""
    numbers = sorted(hours)
    starts = [hour for hour in numbers if hour - 1 not in hours]
    ends = [hour for hour in numbers if hour + 1 not in hours]
    return _listed(
        [f"between {_time(a, 0, 0)} and {_time(b, 59, 0)}" for a, b in zip(starts, ends, strict=True)]
    )


def _even(values: frozenset[int], size: int) -> int:
    """The distance of values that come round evenly, from the last to the first too; 0 if they do not."""
    if len(values) < 2 or size % len(values):
        return 0
    step = size // len(values)
    return step if {value % step for value in values} == {min(values)} else 0


def _cycle(values: frozenset[int], names: Sequence[str], begin: int) -> str:
    """Names in the order of the week or the year; three and more in a row as a range, over the end if need be."""
    order = _turned(values, len(names), begin)
    firsts = [value for value in order if (value - 1) % len(names) not in values] or order[:1]
    if len(firsts) > 1 or len(order) < 3:
        return _listed([names[value] for value in order])
    return f"{names[firsts[0]]}{_THROUGH}{names[(firsts[0] + len(order) - 1) % len(names)]}"


def _turned(values: Iterable[int], size: int, begin: int) -> list[int]:
    """The values of a circle in their order from one of them on."""
    return sorted(values, key=lambda value: (value - begin) % size)


def _runs(numbers: Sequence[int]) -> list[str]:
    """Numbers in ascending order, three and more in a row as a range."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] == number - 1:
            found[-1].append(number)
        else:
            found.append([number])
    words: list[str] = []
    for run in found:
        words += [f"{run[0]} through {run[-1]}"] if len(run) > 2 else map(str, run)
    return words


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _every(step: int, unit: str) -> str:
    return f"every {unit}" if step == 1 else f"every {step} {unit}s"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _time(hour: int, minute: int, second: int) -> str:
    half = "AM" if hour < 12 else "PM"
    seconds = f":{second:02}" if second else ""
    return f"{hour % 12 or 12:02}:{minute:02}{seconds} {half}"
