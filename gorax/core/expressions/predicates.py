"""Functions that run a predicate for every element of an array.

A predicate sees the element in a slot of the frame. Slots are assigned when the expression is compiled, so
nested predicates need no stack of scopes while they run.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from .errors import ExpressionError
from .frame import METER, Frame, Run
from .functions.collections import is_descending
from .meter import MAX_ITEMS, Meter
from .operators import add
from .values import map_key, require_items, sort_keys, type_name


@dataclass(frozen=True, slots=True)
class Loop:
    """A compiled call: where the array comes from, what runs per element, and the slots it sets."""

    name: str
    source: Run
    body: Run
    """The predicate; for an omitted one, the element itself."""
    argument: Run | None
    """What follows the predicate: an initial value or an order."""
    item: int
    index: int
    accumulator: int
    price: int
    """Fuel per element."""

    def items(self, frame: Frame) -> list[Any]:
        """The array, which must not be built anew by the loop: only its elements are."""
        return require_items(self.source(frame), self.name, frame[METER])

    def holds(self, frame: Frame, position: int, item: Any) -> bool:
        """The predicate's answer for one element."""
        frame[self.item] = item
        frame[self.index] = position
        answer = self.body(frame)
        if answer is True or answer is False:
            return bool(answer)
        raise ExpressionError(f"the predicate of {self.name} must be true or false, got {type_name(answer)}")


def _all(loop: Loop) -> Run:
    def run(frame: Frame) -> bool:
        meter: Meter = frame[METER]
        for position, item in enumerate(loop.items(frame)):
            meter.charge(loop.price)
            if not loop.holds(frame, position, item):
                return False
        return True

    return run


def _any(loop: Loop) -> Run:
    def run(frame: Frame) -> bool:
        return _find_position(loop, frame, loop.items(frame)) >= 0

    return run


def _none(loop: Loop) -> Run:
    def run(frame: Frame) -> bool:
        return _find_position(loop, frame, loop.items(frame)) < 0

    return run


def _one(loop: Loop) -> Run:
    count = _count(loop)
    return lambda frame: count(frame) == 1


def _count(loop: Loop) -> Run:
    def run(frame: Frame) -> int:
        items = loop.items(frame)
        frame[METER].charge(len(items) * loop.price)
        return sum(loop.holds(frame, position, item) for position, item in enumerate(items))

    return run


def _find_position(loop: Loop, frame: Frame, items: list[Any]) -> int:
    meter: Meter = frame[METER]
    for position, item in enumerate(items):
        meter.charge(loop.price)
        if loop.holds(frame, position, item):
            return position
    return -1


def _find_last_position(loop: Loop, frame: Frame, items: list[Any]) -> int:
    meter: Meter = frame[METER]
    for position in range(len(items) - 1, -1, -1):
        meter.charge(loop.price)
        if loop.holds(frame, position, items[position]):
            return position
    return -1


def _finder(search: Callable[[Loop, Frame, list[Any]], int], *, index: bool) -> Callable[[Loop], Run]:
    def build(loop: Loop) -> Run:
        def run(frame: Frame) -> Any:
            items = loop.items(frame)
            position = search(loop, frame, items)
            if position < 0:
                return None
            return position if index else items[position]

        return run

    return build


def _filter(loop: Loop) -> Run:
    def run(frame: Frame) -> list[Any]:
        items = loop.items(frame)
        frame[METER].charge(len(items) * loop.price)
        kept: list[Any] = []
        for position, item in enumerate(items):
            if loop.holds(frame, position, item):
                kept.append(item)
        if len(kept) > MAX_ITEMS:
            raise ExpressionError(f"the list would be longer than {MAX_ITEMS} elements")
        return kept

    return run


def _map(loop: Loop) -> Run:
    def run(frame: Frame) -> list[Any]:
        return _results(loop, frame, loop.items(frame))

    return run


def _results(loop: Loop, frame: Frame, items: list[Any]) -> list[Any]:
    meter: Meter = frame[METER]
    meter.charge(len(items) * loop.price)
    meter.new_items(len(items))
    body, item_slot, index_slot = loop.body, loop.item, loop.index
    results: list[Any] = []
    for position, item in enumerate(items):
        frame[item_slot] = item
        frame[index_slot] = position
        results.append(body(frame))
    return results


def _sum(loop: Loop) -> Run:
    def run(frame: Frame) -> Any:
        items = loop.items(frame)
        meter: Meter = frame[METER]
        meter.charge(len(items) * loop.price)
        total: Any = 0
        for position, item in enumerate(items):
            frame[loop.item] = item
            frame[loop.index] = position
            total = add(total, loop.body(frame), meter)
        return total

    return run


def _group_by(loop: Loop) -> Run:
    def run(frame: Frame) -> dict[Any, Any]:
        items = loop.items(frame)
        frame[METER].charge(2 * len(items))
        groups: dict[Any, Any] = {}
        for key, item in zip(_results(loop, frame, items), items, strict=True):
            groups.setdefault(map_key(key), []).append(item)
        return groups

    return run


def _sort_by(loop: Loop) -> Run:
    def run(frame: Frame) -> list[Any]:
        items = loop.items(frame)
        descending = loop.argument is not None and is_descending(loop.argument(frame))
        keys = sort_keys(_results(loop, frame, items), frame[METER])
        positions = sorted(range(len(items)), key=keys.__getitem__, reverse=descending)
        return [items[position] for position in positions]

    return run


def _reduce(loop: Loop) -> Run:
    def run(frame: Frame) -> Any:
        items = loop.items(frame)
        start = 0
        if loop.argument is not None:
            value = loop.argument(frame)
        elif items:
            value, start = items[0], 1
        else:
            raise ExpressionError("reduce of an empty array needs an initial value")
        frame[METER].charge(len(items) * loop.price)
        for position in range(start, len(items)):
            frame[loop.item] = items[position]
            frame[loop.index] = position
            frame[loop.accumulator] = value
            value = loop.body(frame)
        return value

    return run


@dataclass(frozen=True, slots=True)
class PredicateFunction:
    """How a function with a predicate is written and built."""

    build: Callable[[Loop], Run]
    optional: bool = False
    """The predicate may be left out."""
    argument: bool = False
    """One more argument may follow the predicate."""


PREDICATES: Final[dict[str, PredicateFunction]] = {
    "all": PredicateFunction(_all),
    "any": PredicateFunction(_any),
    "none": PredicateFunction(_none),
    "one": PredicateFunction(_one),
    "count": PredicateFunction(_count, optional=True),
    "find": PredicateFunction(_finder(_find_position, index=False)),
    "findIndex": PredicateFunction(_finder(_find_position, index=True)),
    "findLast": PredicateFunction(_finder(_find_last_position, index=False)),
    "findLastIndex": PredicateFunction(_finder(_find_last_position, index=True)),
    "filter": PredicateFunction(_filter),
    "map": PredicateFunction(_map),
    "sum": PredicateFunction(_sum, optional=True),
    "groupBy": PredicateFunction(_group_by),
    "sortBy": PredicateFunction(_sort_by, optional=True, argument=True),
    "reduce": PredicateFunction(_reduce, argument=True),
}
