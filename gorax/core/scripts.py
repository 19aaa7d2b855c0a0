"""What a script reads of its execution, as far as its text tells.

A script gets the names and the steps that it mentions as `context.name` and `context.steps.id`. Where the text does
not tell, as in `f(context)` or `context.steps[id]`, it gets all of them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

CONTEXT = "context"
"""What scripts call it, and the config field that it is sent in."""

OVERTIME_SECONDS = 3.5
"""Of an attempt, beyond its timeout: a program's own time is kept where it runs, and what stops it there can say why.
Less than what the interpreter waits for a worker beyond the timeout."""

_MENTION = re.compile(r"(?:(?<![\w$.#])|(?<=\.\.\.))context(?![\w$])")
_NAME = r"[A-Za-z_$][\w$]*+"
# Possessive: a script may have kilobytes of blanks anywhere.
_MEMBER = re.compile(rf"\s*+(?:\?\.\s*+|\.\s*+)({_NAME})|\s*+(?:\?\.\s*+)?\[\s*+(['\"])([\w$-]++)\2\s*+\]")
# `const { trigger, steps: done } =`, right before a mention.
_TAKEN_APART = re.compile(r"(?:const|let|var)\s*+\{([\w$\s,:]*+)\}\s*+=\s*+$")
_TAKEN_APART_WITHIN = 500
# Ways to the context that do not spell it.
_INDIRECT = re.compile(r"(?<![\w$.])(?:arguments|eval)(?![\w$])")


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a script mentions; None where it may read anything."""

    names: frozenset[str] | None
    steps: frozenset[str] | None


@lru_cache(maxsize=256)
def mentions(source: str) -> Mentions:
    """What the text of a script mentions of its context."""
    names: set[str] = set()
    steps: set[str] = set()
    everything, every_step = _INDIRECT.search(source) is not None, False
    for found in _MENTION.finditer(source):
        if (member := _MEMBER.match(source, found.end())) is None:
            taken = _TAKEN_APART.search(source[max(found.start() - _TAKEN_APART_WITHIN, 0) : found.start()])
            if taken is None or not _ends_here(source, found.end()):
                everything = True
                break
            apart = {part.partition(":")[0].strip() for part in taken[1].split(",")}
            names |= apart
            every_step = every_step or "steps" in apart
            continue
        name = member[1] or member[3]
        names.add(name)
        if name == "steps":
            step = _MEMBER.match(source, member.end())
            if step is None:
                every_step = True
            else:
                steps.add(step[1] or step[3])
    if everything:
        return Mentions(None, None)
    return Mentions(frozenset(names), None if every_step else frozenset(steps))


def context_of(source: object, names: Mapping[str, Any]) -> dict[str, Any]:
    """The names in scope that the script mentions, by reference; `steps` with those that it mentions."""
    if not isinstance(source, str):
        return {}
    wanted = mentions(source)
    context = {name: value for name, value in names.items() if wanted.names is None or name in wanted.names}
    if wanted.steps is not None and "steps" in context:
        steps = context["steps"]
        context["steps"] = {step: steps[step] for step in sorted(wanted.steps) if step in steps}
    return context


def _ends_here(source: str, position: int) -> bool:
    # A statement's end, on the same line or by its break: not a part of a larger expression.
    return re.compile(r"[ \t]*+(?:;|\n\s*+(?![.?\[(,\s])|$)").match(source, position) is not None
