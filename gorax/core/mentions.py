"""Which steps the texts of actions can read, as far as that shows without running them.

For what is handed on with actions: a step that none of their texts can read need not travel along. Expressions,
templates and scripts are not told apart, so a text that only looks as if it read a step counts too.
"""

import re
from collections.abc import Collection, Iterator
from typing import Any

_STEPS = re.compile(r"(?<![\w$])steps(?![\w$])")
# What follows when one step is named: `.id`, `?.id`, `["id"]`. Ids may have hyphens, where an expression subtracts.
_MEMBER = re.compile(
    r"\s*+(?:\?\.\s*+|\.\s*+)([A-Za-z_][\w-]*+)|\s*+(?:\?\.\s*+)?\[\s*+(['\"])([\w-]++)\2\s*+\]"
)
# Ways to all steps that do not spell them: the environment as a whole in an expression, the context in a script.
_WHOLE = re.compile(
    r"\$env"
    r"|(?<![\w$.])(?:arguments|eval)(?![\w$])"
    r"|(?<![\w$])context(?![\w$])(?!\s*+\??\.\s*+[A-Za-z_])"
)


def steps_read(actions: Any, known: Collection[str]) -> set[str]:
    """Of the known ids of steps, those that some text in the value may read."""
    found: set[str] = set()
    for text in _texts(actions):
        if _WHOLE.search(text):
            return set(known)
        for mention in _STEPS.finditer(text):
            member = _MEMBER.match(text, mention.end())
            if member is None:
                return set(known)
            dotted, quoted = member[1], member[3]
            found |= {step for step in known if step in (dotted, quoted) or _begins(dotted, step)}
    return found


def _begins(name: str | None, step: str) -> bool:
    # Of `steps.a-b` the step may be `a`, from which `b` is subtracted.
    return name is not None and name.startswith(f"{step}-")


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
