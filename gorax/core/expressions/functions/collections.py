"""Functions of arrays and maps that need no predicate."""

from itertools import islice
from typing import Any

from ..errors import ExpressionError
from ..meter import MAX_DATA_DEPTH, MAX_ITEMS, Meter
from ..text import json_text
from ..values import (
    SCALARS,
    key_value,
    map_key,
    require_int,
    require_items,
    require_map,
    require_text,
    sort_keys,
    type_name,
)
from .registry import MANY, Function, table


def length(_meter: Meter, value: Any) -> int:
    if type(value) in (str, list, dict, bytes):
        return len(value)
    raise ExpressionError(f"len needs an array, a map or a string, got {type_name(value)}")


def type_of(_meter: Meter, value: object) -> str:
    return type_name(value)


def get(_meter: Meter, value: Any, index: Any) -> Any:
    kind = type(value)
    if value is None:
        return None
    if kind is dict:
        return value.get(map_key(index))
    if kind in (list, str, bytes):
        position = require_int(index, "the index")
        return value[position] if -len(value) <= position < len(value) else None
    raise ExpressionError(f"get needs an array or a map, got {type_name(value)}")


def first(meter: Meter, values: Any) -> Any:
    return get(meter, values, 0) if type(values) is not dict else None


def last(meter: Meter, values: Any) -> Any:
    return get(meter, values, -1) if type(values) is not dict else None


def take(meter: Meter, values: object, count: object) -> list[Any]:
    items, most = require_items(values, "take", meter), require_int(count, "the second argument of take")
    if most < 0:
        raise ExpressionError(f"take needs a count of at least 0, got {most}")
    meter.new_items(min(most, len(items)))
    return items[:most]


def reverse(meter: Meter, values: object) -> list[Any]:
    items = require_items(values, "reverse", meter)
    meter.new_items(len(items))
    return items[::-1]


def concat(meter: Meter, *arrays: object) -> list[Any]:
    lists = [require_items(array, "concat", meter) for array in arrays]
    meter.new_items(sum(map(len, lists)))
    return [item for items in lists for item in items]


def flatten(meter: Meter, values: object) -> list[Any]:
    flat: list[Any] = []
    _flatten_into(flat, require_items(values, "flatten", meter), meter, 0)
    return flat


def _flatten_into(flat: list[Any], items: list[Any], meter: Meter, depth: int) -> None:
    if depth > MAX_DATA_DEPTH:
        raise ExpressionError(f"the array is nested deeper than {MAX_DATA_DEPTH} levels")
    meter.charge(1 + len(items))
    for item in items:
        if type(item) is list or type(item) is bytes:
            _flatten_into(flat, require_items(item, "flatten", meter), meter, depth + 1)
        else:
            flat.append(item)
    if len(flat) > MAX_ITEMS:
        raise ExpressionError(f"the list would be longer than {MAX_ITEMS} elements")


def uniq(meter: Meter, values: object) -> list[Any]:
    items = require_items(values, "uniq", meter)
    meter.new_items(len(items))
    meter.charge(len(items))
    unique: dict[Any, Any] = {}
    for item in items:
        unique.setdefault(_identity(item, meter), item)
    return list(unique.values())


def _identity(value: Any, meter: Meter) -> Any:
    """Something hashable that is the same for equal values."""
    if type(value) in SCALARS:
        return map_key(value)
    # Hashes of nested tuples can be forged; those of text cannot.
    return type_name(value), json_text(value, meter, sort=True)


def sort(meter: Meter, values: object, order: object = "asc") -> list[Any]:
    if values is None:
        return []
    items, descending = require_items(values, "sort", meter), is_descending(order)
    meter.new_items(len(items))
    keys = sort_keys(items, meter)
    if keys is items:
        return sorted(items, reverse=descending)
    positions = sorted(range(len(items)), key=keys.__getitem__, reverse=descending)
    return [items[position] for position in positions]


def is_descending(order: object) -> bool:
    """Whether an ``order`` argument says "desc"."""
    if order in ("asc", "desc"):
        return order == "desc"
    raise ExpressionError("the order must be 'asc' or 'desc'")


def keys(meter: Meter, value: object) -> list[Any]:
    entries = require_map(value, "keys")
    meter.new_items(len(entries))
    return [key_value(key) for key in entries]


def values_of(meter: Meter, value: object) -> list[Any]:
    entries = require_map(value, "values")
    meter.new_items(len(entries))
    return list(entries.values())


def to_pairs(meter: Meter, value: object) -> list[Any]:
    entries = require_map(value, "toPairs")
    meter.new_items(len(entries))
    meter.charge(2 * len(entries))
    return [[key_value(key), item] for key, item in entries.items()]


def from_pairs(meter: Meter, values: object) -> dict[Any, Any]:
    pairs = require_items(values, "fromPairs", meter)
    meter.new_items(len(pairs))
    meter.charge(2 * len(pairs))
    entries: dict[Any, Any] = {}
    for pair in pairs:
        if type(pair) is not list or len(pair) != 2:
            raise ExpressionError("fromPairs needs an array of [key, value] pairs")
        entries[map_key(pair[0])] = pair[1]
    return entries


def merge(meter: Meter, *maps: object) -> dict[Any, Any]:
    merged: dict[Any, Any] = {}
    for each in maps:
        entries = require_map(each, "merge")
        meter.new_items(len(entries) + len(merged))
        meter.charge(2 * len(entries))
        merged.update(entries)
    return merged


def pick(meter: Meter, value: object, *names: object) -> dict[Any, Any]:
    entries = require_map(value, "pick")
    chosen = _names(meter, "pick", names)
    return {name: entries[name] for name in chosen if name in entries}


def omit(meter: Meter, value: object, *names: object) -> dict[Any, Any]:
    entries = require_map(value, "omit")
    dropped = _names(meter, "omit", names)
    meter.new_items(len(entries))
    meter.charge(2 * len(entries))
    return {key: item for key, item in entries.items() if key not in dropped}


def _names(meter: Meter, what: str, names: tuple[object, ...]) -> dict[str, None]:
    """Names given one by one or as one array."""
    given = require_items(names[0], what, meter) if len(names) == 1 and type(names[0]) is list else names
    meter.new_items(len(given))
    meter.charge(3 * len(given))
    return dict.fromkeys(require_text(name, what) for name in islice(given, MAX_ITEMS))


FUNCTIONS = table(
    Function("len", length, 1, 1),
    Function("type", type_of, 1, 1),
    Function("get", get, 2, 2),
    Function("first", first, 1, 1),
    Function("last", last, 1, 1),
    Function("take", take, 2, 2),
    Function("reverse", reverse, 1, 1),
    Function("concat", concat, 1, MANY),
    Function("flatten", flatten, 1, 1, loops=True),
    Function("uniq", uniq, 1, 1, loops=True),
    Function("sort", sort, 1, 2, loops=True),
    Function("keys", keys, 1, 1, loops=True),
    Function("values", values_of, 1, 1),
    Function("toPairs", to_pairs, 1, 1, loops=True),
    Function("fromPairs", from_pairs, 1, 1, loops=True),
    Function("merge", merge, 1, MANY),
    Function("pick", pick, 2, MANY, loops=True),
    Function("omit", omit, 2, MANY, loops=True),
)
