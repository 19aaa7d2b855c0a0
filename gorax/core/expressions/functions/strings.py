"""String functions. Positions and lengths count characters, not bytes."""

from urllib.parse import quote

from ..errors import ExpressionError
from ..meter import MAX_TEXT, Meter
from ..text import text
from ..values import require_int, require_items, require_text, type_name
from .registry import Function, table


def trim(meter: Meter, value: object, characters: object = None) -> str:
    string = require_text(value, "trim")
    meter.text(len(string))
    if characters is None:
        return string.strip()
    cut = require_text(characters, "trim")
    # Every character at either end is looked up in the whole set.
    meter.charge(len(string) * len(cut) >> 6)
    return string.strip(cut)


def trim_prefix(meter: Meter, value: object, prefix: object = " ") -> str:
    string = require_text(value, "trimPrefix")
    meter.text(len(string))
    return string.removeprefix(require_text(prefix, "trimPrefix"))


def trim_suffix(meter: Meter, value: object, suffix: object = " ") -> str:
    string = require_text(value, "trimSuffix")
    meter.text(len(string))
    return string.removesuffix(require_text(suffix, "trimSuffix"))


def upper(meter: Meter, value: object) -> str:
    string = require_text(value, "upper")
    meter.new_text(len(string))
    return meter.wide(string.upper())


def lower(meter: Meter, value: object) -> str:
    string = require_text(value, "lower")
    meter.new_text(len(string))
    return meter.wide(string.lower())


def split(meter: Meter, value: object, delimiter: object, limit: object = -1) -> list[str]:
    return _pieces(meter, "split", value, delimiter, limit)


def split_after(meter: Meter, value: object, delimiter: object, limit: object = -1) -> list[str]:
    pieces = _pieces(meter, "splitAfter", value, delimiter, limit)
    if not pieces or not delimiter:
        return pieces
    end = require_text(delimiter, "splitAfter")
    meter.charge((len(pieces) * len(end) >> 5) + len(pieces))
    return [*(piece + end for piece in pieces[:-1]), pieces[-1]]


def _pieces(meter: Meter, name: str, value: object, delimiter: object, limit: object) -> list[str]:
    string, separator = require_text(value, name), require_text(delimiter, name)
    most = require_int(limit, f"the third argument of {name}")
    if most == 0:
        return []
    meter.search(len(string), len(separator))
    count = string.count(separator) + 1 if separator else len(string)
    if most > 0:
        count = min(count, most)
    # A short piece is an object of about 60 bytes.
    meter.new_items(count)
    meter.charge(count)
    if separator:
        return string.split(separator, most - 1 if most > 0 else -1)
    if count == len(string):
        return list(string)
    return [*string[: count - 1], string[count - 1 :]]


def replace(meter: Meter, value: object, old: object, new: object, limit: object = -1) -> str:
    string = require_text(value, "replace")
    before, after = require_text(old, "replace"), require_text(new, "replace")
    most = require_int(limit, "the fourth argument of replace")
    meter.search(len(string), len(before))
    count = string.count(before)
    if most >= 0:
        count = min(count, most)
    meter.new_text(len(string) + count * (len(after) - len(before)))
    meter.charge(count >> 3)
    return meter.wide(string.replace(before, after, most))


def repeat(meter: Meter, value: object, count: object) -> str:
    string = require_text(value, "repeat")
    times = require_int(count, "the second argument of repeat")
    if times < 0:
        raise ExpressionError(f"repeat needs a count of at least 0, got {times}")
    meter.new_text(len(string) * times)
    return meter.wide(string * times)


def join(meter: Meter, values: object, delimiter: object = "") -> str:
    items, glue = require_items(values, "join", meter), require_text(delimiter, "join")
    meter.charge(len(items))
    length = len(glue) * max(len(items) - 1, 0)
    for item in items:
        if type(item) is not str:
            raise ExpressionError(
                f"join needs strings, got {type_name(item)}: convert with map(array, string(#))"
            )
        length += len(item)
    meter.new_text(length)
    return meter.wide(glue.join(items))


def index_of(meter: Meter, value: object, part: object) -> int:
    string, sought = require_text(value, "indexOf"), require_text(part, "indexOf")
    meter.search(len(string), len(sought))
    return string.find(sought)


def last_index_of(meter: Meter, value: object, part: object) -> int:
    string, sought = require_text(value, "lastIndexOf"), require_text(part, "lastIndexOf")
    meter.search(len(string), len(sought))
    if len(sought) < 2:
        return string.rfind(sought)
    # Python's rfind compares every pair at worst, its find does not: search the mirror image.
    meter.new_text(len(string))
    found = string[::-1].find(sought[::-1])
    return found if found < 0 else len(string) - found - len(sought)


def has_prefix(meter: Meter, value: object, prefix: object) -> bool:
    string, start = require_text(value, "hasPrefix"), require_text(prefix, "hasPrefix")
    meter.text(min(len(string), len(start)))
    return string.startswith(start)


def has_suffix(meter: Meter, value: object, suffix: object) -> bool:
    string, end = require_text(value, "hasSuffix"), require_text(suffix, "hasSuffix")
    meter.text(min(len(string), len(end)))
    return string.endswith(end)


def string(meter: Meter, value: object) -> str:
    return "nil" if value is None else text(value, meter)


def to_string(meter: Meter, value: object) -> str:
    return text(value, meter)


def url_encode(meter: Meter, value: object) -> str:
    string = text(value, meter)
    if len(string) * 3 > MAX_TEXT:
        raise ExpressionError(f"url_encode takes at most {MAX_TEXT // 3} characters")
    # Python quotes byte by byte: up to four bytes a character, some 60 ns each.
    meter.charge(len(string) if not string.isascii() else len(string) >> 2)
    return quote(string, safe="")


FUNCTIONS = table(
    Function("trim", trim, 1, 2),
    Function("trimPrefix", trim_prefix, 1, 2),
    Function("trimSuffix", trim_suffix, 1, 2),
    Function("upper", upper, 1, 1),
    Function("lower", lower, 1, 1),
    Function("split", split, 2, 3),
    Function("splitAfter", split_after, 2, 3),
    Function("replace", replace, 3, 4),
    Function("repeat", repeat, 2, 2),
    Function("join", join, 1, 2),
    Function("indexOf", index_of, 2, 2),
    Function("lastIndexOf", last_index_of, 2, 2),
    Function("hasPrefix", has_prefix, 2, 2),
    Function("hasSuffix", has_suffix, 2, 2),
    Function("string", string, 1, 1),
    Function("to_string", to_string, 1, 1),
    Function("url_encode", url_encode, 1, 1),
)
