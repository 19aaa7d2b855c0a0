"""Keywords about a value itself: its type, its size, its text."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import re2

from gorax.core.json_schema.nodes import Check, Keyword, Place
from gorax.core.json_schema.run import Ended, Run

MAX_PATTERN = 1_000
"""Characters of a pattern."""
MAX_CHOICES = 5_000
"""Values of an `enum`."""


def is_number(value: Any) -> bool:
    """Whether JSON calls it a number; Python also calls true one."""
    return isinstance(value, int | float) and not isinstance(value, bool)


_TYPES: dict[str, tuple[str, Callable[[Any], bool]]] = {
    "null": ("null", lambda value: value is None),
    "boolean": ("true or false", lambda value: isinstance(value, bool)),
    "object": ("an object", lambda value: isinstance(value, dict)),
    "array": ("a list", lambda value: isinstance(value, list)),
    "number": ("a number", is_number),
    "string": ("a string", lambda value: isinstance(value, str)),
    "integer": ("a whole number", lambda value: is_number(value) and value == int(value)),
}


def _type(names: Any, place: Place) -> Check:
    listed = names if isinstance(names, list) else [names]
    if not listed or not all(isinstance(name, str) and name in _TYPES for name in listed):
        raise place.fault(f"must be one of {', '.join(_TYPES)}, or a list of them")
    tests = [_TYPES[name][1] for name in listed]
    message = f"must be {' or '.join(_TYPES[name][0] for name in listed)}"
    return lambda value, run: any(test(value) for test in tests) or run.fail(message)


def _choice(values: list[Any], place: Place, message: str) -> Check:
    try:
        allowed = {Run().canonical(value) for value in values}
    except Ended:
        raise place.fault("is too large or too deeply nested") from None
    return lambda value, run: run.canonical(value) in allowed or run.fail(message)


def _enum(values: Any, place: Place) -> Check:
    if not isinstance(values, list) or len(values) > MAX_CHOICES:
        raise place.fault(f"must be a list of at most {MAX_CHOICES:,} values")
    shown = ", ".join(_shown(value) for value in values[:8])
    return _choice(values, place, f"must be one of {shown}{', …' if len(values) > 8 else ''}")


def _const(value: Any, place: Place) -> Check:
    return _choice([value], place, f"must be {_shown(value)}")


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        return "a certain object"
    if isinstance(value, list):
        return "a certain list"
    return f'"{value[:40]}"' if isinstance(value, str) else str(value).lower().replace("none", "null")


def _number(holds: Callable[[Any, Any], bool], words: str) -> Keyword:
    def compiled(bound: Any, place: Place) -> Check:
        if not is_number(bound):
            raise place.fault("must be a number")
        message = f"must be {words} {bound}"
        return lambda value, run: not is_number(value) or holds(value, bound) or run.fail(message)

    return compiled


def _multiple_of(step: Any, place: Place) -> Check:
    if not is_number(step) or step <= 0:
        raise place.fault("must be a number above 0")
    # By their decimal form, in which 0.3 is a multiple of 0.1.
    exact = Fraction(repr(step))

    def check(value: Any, run: Run) -> bool:
        if not is_number(value) or Fraction(repr(value)) % exact == 0:
            return True
        return run.fail(f"must be a multiple of {step}")

    return check


def size_of(limit: Any, place: Place) -> int:
    """The value of a keyword that is a count. Raises `SchemaError`."""
    if not is_number(limit) or limit < 0 or limit != int(limit):
        raise place.fault("must be a whole number, 0 or more")
    return int(limit)


def _size(kind: type, things: str, *, least: bool) -> Keyword:
    def compiled(limit: Any, place: Place) -> Check:
        size = size_of(limit, place)
        message = f"must have at {'least' if least else 'most'} {size} {things}"

        def check(value: Any, run: Run) -> bool:
            if not isinstance(value, kind):
                return True
            length = len(value)  # type: ignore[arg-type]
            return (length >= size if least else length <= size) or run.fail(message)

        return check

    return compiled


def matcher(pattern: object, place: Place) -> Callable[[str, Run], bool]:
    """Whether a text contains a match. Raises `SchemaError` for what does not run in linear time."""
    if not isinstance(pattern, str) or len(pattern) > MAX_PATTERN:
        raise place.fault(f"must be a regular expression of at most {MAX_PATTERN:,} characters")
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    try:
        search = re2.compile(pattern, options).search
    except re2.error as error:
        reason = error.args[0]
        told = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
        raise place.fault(f"is not a regular expression of RE2, which runs in linear time: {told}") from None

    def matches(text: str, run: Run) -> bool:
        run.spend(len(text) >> 6)
        return search(text) is not None

    return matches


def _pattern(pattern: Any, place: Place) -> Check:
    matches = matcher(pattern, place)
    message = f"must match the pattern {pattern}"
    return lambda value, run: not isinstance(value, str) or matches(value, run) or run.fail(message)


def _unique_items(wanted: Any, place: Place) -> Check | None:
    if not isinstance(wanted, bool):
        raise place.fault("must be true or false")

    def check(value: Any, run: Run) -> bool:
        if not isinstance(value, list) or len({run.canonical(item) for item in value}) == len(value):
            return True
        return run.fail("must not hold the same item twice")

    return check if wanted else None


def names_in(names: Any, place: Place) -> list[str]:
    """The value of a keyword that lists names. Raises `SchemaError`."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise place.fault("must be a list of names")
    return names


def _required(names: Any, place: Place) -> Check:
    required = names_in(names, place)

    def check(value: Any, run: Run) -> bool:
        if not isinstance(value, dict):
            return True
        run.spend(len(required) >> 4)
        missing = [name for name in required if name not in value]
        for name in missing:
            run.path.append(name)
            run.fail("is required")
            run.path.pop()
        return not missing

    return check


def _dependent_required(needs: Any, place: Place) -> Check:
    if not isinstance(needs, dict):
        raise place.fault("must be an object of lists of names")
    lists = {name: names_in(names, place) for name, names in needs.items()}

    def check(value: Any, run: Run) -> bool:
        accepted = True
        for name, needed in lists.items() if isinstance(value, dict) else ():
            run.spend(1)
            if name in value and (missing := [other for other in needed if other not in value]):
                accepted = run.fail(f"must have {', '.join(missing[:5])} where it has {name}")
        return accepted

    return check


ASSERTIONS: dict[str, Keyword] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "minimum": _number(lambda value, bound: value >= bound, "at least"),
    "maximum": _number(lambda value, bound: value <= bound, "at most"),
    "exclusiveMinimum": _number(lambda value, bound: value > bound, "above"),
    "exclusiveMaximum": _number(lambda value, bound: value < bound, "below"),
    "multipleOf": _multiple_of,
    "minLength": _size(str, "characters", least=True),
    "maxLength": _size(str, "characters", least=False),
    "minItems": _size(list, "items", least=True),
    "maxItems": _size(list, "items", least=False),
    "minProperties": _size(dict, "fields", least=True),
    "maxProperties": _size(dict, "fields", least=False),
    "pattern": _pattern,
    "uniqueItems": _unique_items,
    "required": _required,
    "dependentRequired": _dependent_required,
}
