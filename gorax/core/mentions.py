"""Which steps the texts of actions can read, as far as that shows without running them.

For what is handed on with actions: a step that none of their texts can read need not travel along. Expressions,
templates and scripts are not told apart, so a text that only looks as if it read a step counts too.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

MAX_ID = 64
"""Characters that the id of a step can have."""

_STEPS = re.compile(r"(?<![\w$])steps(?![\w$])")
# What follows when one step is named: `.id`, `?.id`, `["id"]`. Ids may have hyphens, where an expression subtracts.
_MEMBER = re.compile(
    r"\s*+(?:\?\.\s*+|\.\s*+)([A-Za-z_][\w-]*+)|\s*+(?:\?\.\s*+)?\[\s*+(['\"])([\w-]++)\2\s*+\]"
)
# Ways to all steps that do not spell them: the environment as a whole in an expression, the context in a script.
_WHOLE = re.compile(
    r"\$env|\\u"  # with escapes, a script can spell any name otherwise
    r"|(?<![\w$.])(?:arguments|eval)(?![\w$])"
    r"|(?<![\w$])context(?![\w$])(?!\s*+\??\.\s*+[A-Za-z_])"
)


def steps_read(actions: Any, known: Collection[str]) -> set[str]:
    """Of the known ids of steps, those that some text in the value may read."""
    everything, found = set(known), set[str]()
    for text in _texts(actions):
        if _WHOLE.search(text):
            return everything
        for mention in _STEPS.finditer(text):
            member = _MEMBER.match(text, mention.end())
            if member is None:
                return everything
            # Looked up rather than compared with every step: a text may name thousands.
            found |= everything.intersection((member[3],) if member[1] is None else _readings(member[1]))
    return found


def _readings(name: str) -> Iterator[str]:
    # Of `steps.a-b` the step may be `a`, from which `b` is subtracted.
    yield name
    hyphen = name.find("-")
    while 0 <= hyphen <= MAX_ID:
        yield name[:hyphen]
        hyphen = name.find("-", hyphen + 1)


def _texts(value: Any) -> Iterator[str]:
    pending = [value]
    while pending:
        match pending.pop():
            case str() as text:
                yield text
            case dict() as members:
                pending += members
                pending += members.values()
            case list() as items:
                pending += items
