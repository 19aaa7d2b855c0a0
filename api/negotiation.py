"""Which of several forms of an answer a client wants, by its `Accept` header."""

from collections.abc import Sequence

_MOST = 50
"""Entries of a header that are looked at."""


def preferred(accept: Sequence[str], offered: Sequence[str]) -> str:
    """The media type that fits best; of those that fit alike the first offered, which also stands in when none fits.

    `accept` is the values of the header, none where it was not sent. A client that accepts nothing of what there is
    still gets something: it asked for it by the path.
    """
    wanted = [entry for line in accept for entry in line.split(",")][:_MOST]
    rated = [_quality(wanted, media_type) for media_type in offered]
    return offered[rated.index(max(rated))]


def _quality(wanted: Sequence[str], media_type: str) -> float:
    """How much a type is wanted, from 0 to 1: by the entry that names it most closely."""
    ranges = {"*/*": 1, f"{media_type.partition('/')[0]}/*": 2, media_type: 3}
    best, closest = 0.0, 0
    for entry in wanted:
        name, *parameters = (part.strip().lower() for part in entry.split(";"))
        closeness = ranges.get(name, 0)
        if closeness > closest:
            best, closest = _weight(parameters), closeness
    return best


def _weight(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0
