"""Texts of strangers as labels: on one line, without what cannot be seen, and no longer than there is room."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from gorax.core.definition.problems import quoted

TITLE_COLUMNS = 40
"""Width of titles and notes, in columns: a wide character takes two."""
LABEL_COLUMNS = 28
"""Width of what stands at an edge."""
HEADING_COLUMNS = 100
HINT_COLUMNS = 400


def columns(text: str) -> int:
    """How wide a text is."""
    return sum(_width(character) for character in text)


def clip(text: str, limit: int = TITLE_COLUMNS) -> str:
    """The text on one line, cut where it is wider than `limit`."""
    # Longer than any label, whatever is collapsed.
    visible = (" " if unicodedata.category(each)[0] in "CZ" else each for each in text[: 10 * limit])
    line = " ".join("".join(visible).split())
    if columns(line) <= limit:
        return line
    kept, used = "", 1
    for character in line:
        used += _width(character)
        if used > limit:
            break
        kept += character
    return f"{kept.rstrip()}…"


def branch_label(config: Mapping[str, Any], path: Sequence[str], shared: bool) -> str:
    """What to call a list of actions that stands at this place of a config.

    Such as `then`; the name of a branch; or `cases[0]: equals "order"`. `shared` when the same object holds
    another list, so that the field has to be named.
    """
    if len(path) == 1:
        return clip(path[0], LABEL_COLUMNS)
    around: Any = config
    name = path[0]
    for part in path[:-1]:
        if isinstance(around, list):
            name = f"{name}[{part}]"
            around = around[int(part)]
        else:
            name = part
            around = around[part]
    told = _told(around) if isinstance(around, Mapping) else ""
    if isinstance(around, Mapping) and isinstance(own := around.get("name"), str) and own.strip():
        name = own
    elif told:
        name = f"{name}: {told}"
    return clip(f"{name} {path[-1]}" if shared else name, LABEL_COLUMNS)


def _told(element: Mapping[str, Any]) -> str:
    """What else an object says of itself."""
    for field, value in element.items():
        if isinstance(value, list) and value and all(isinstance(one, str) for one in value):
            return f"{field} {', '.join(value[:5])}"
        if isinstance(value, str | int | float):
            shown = value if field == "when" else quoted(value)
            return f"{field} {shown}"
    return ""


def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
