"""Paths such as `steps.http-1.body.users[0].name`, read from the text of an expression and written again."""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gorax.core.definition.names import ROOTS

_NAME = re.compile(r"[^\W\d][\w$]*|\$[\w$]*")
_HYPHENATED = re.compile(r"[\w$][\w$-]*")
_INDEX = re.compile(r"""\[\s*(?:(\d{1,9})|"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)')\s*\]""")
_ESCAPE = re.compile(r"""\\(["'\\])""")
_DOT = re.compile(r"\s*(\?)?\.\s*(?!\.)")
_PLAIN = re.compile(r"""[^\W\d][\w$]*(?:\??\.[\w$-]+|\[\s*(?:\d+|"[^"\\]*"|'[^'\\]*')\s*\])*""")
_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Part:
    """One step of a path."""

    key: str | int
    optional: bool = False
    dotted: bool = False
    """Written with a dot."""


@dataclass(frozen=True, slots=True)
class Path:
    """A name, and the parts after it."""

    root: str
    parts: tuple[Part, ...]
    end: int
    """Where the text goes on."""


def is_plain(text: str) -> bool:
    """Whether the whole text is one path, in which names may hold hyphens."""
    return _PLAIN.fullmatch(text) is not None


def read_path(text: str, start: int, *, plain: bool, longest_id: Callable[[str], str]) -> Path | None:
    """The path that begins at `start`; None where no name does.

    In an expression a hyphen is a minus, except after `steps.`: there `longest_id` says how much of a text with
    hyphens is the id of a node.
    """
    name = _NAME.match(text, start)
    if name is None:
        return None
    parts: list[Part] = []
    position = name.end()
    while True:
        if index := _INDEX.match(text, position):
            number, double, single = index.groups()
            quoted = double if double is not None else single
            parts.append(Part(int(number) if number is not None else _ESCAPE.sub(r"\1", quoted)))
            position = index.end()
            continue
        dot = _DOT.match(text, position)
        if dot is None:
            break
        after_steps = name[0] == "steps" and not parts
        found = (_HYPHENATED if plain or after_steps else _NAME).match(text, dot.end())
        if found is None:
            break
        key = found[0] if plain or not after_steps else longest_id(found[0])
        parts.append(Part(key, optional=dot[1] is not None, dotted=True))
        position = found.start() + len(key)
    return Path(name[0], tuple(parts), position)


def write_path(root: str, parts: Sequence[Part], *, optional: bool = False) -> str:
    """The path as an expression; with `optional`, what is not there gives nil instead of an error."""
    written = [root]
    for place, part in enumerate(parts):
        # `steps.x?.output` is nil already where there is no step x.
        mark = "?." if part.optional or (optional and (place or root not in ROOTS)) else ""
        if isinstance(part.key, str) and _IDENTIFIER.fullmatch(part.key):
            written.append(f"{mark or '.'}{part.key}")
        else:
            written.append(f"{mark}[{literal(part.key)}]")
    return "".join(written)


def literal(value: str | int | float | bool | None) -> str:
    """A plain value as an expression."""
    return "nil" if value is None else json.dumps(value, ensure_ascii=False)
