"""Scripts of the original, in which a step is its output, around whose `context` ours is wrapped."""

import json
import re
from collections.abc import Mapping
from typing import TypeVar

from gorax.core.builder.names import Step

_CONTEXT = ("trigger", "env")
# A step is its output, and what its users read beside it.
_OF_STEP = (
    "(step) => step?.output !== null && typeof step?.output === 'object' && !Array.isArray(step.output)"
    " ? {output: step.output, error: step.error, status_code: step.output.status, ...step.output}"
    " : step?.output"
)
_NAMED = re.compile(r"""(?=['"`]([^'"`\n]{1,128})['"`])|\.\s*([\w$]+)""")
_COMPUTED = re.compile(r"""steps\s*(?:\?\.)?\s*\[\s*[^'"`\s]""")

T = TypeVar("T")


def mentioned(script: str, named: Mapping[str, T]) -> dict[str, T]:
    """Those whose name stands in a script behind a dot or in quotes; all where names are computed."""
    if _COMPUTED.search(script):
        return dict(named)
    names = {name for match in _NAMED.finditer(script) for name in match.groups()}
    return {name: value for name, value in named.items() if name in names}


def wrapped(script: str, steps: Mapping[str, Step], variables: Mapping[str, str]) -> str:
    """The script in a function whose `context` is the original's: steps by node id, loop variables among them.

    The variables are expected in `context.input`.
    """
    entries = [f"{json.dumps(node_id)}: of({_step(step)})" for node_id, step in steps.items()]
    entries += [f"{json.dumps(name)}: context.input[{json.dumps(name)}]" for name in variables]
    shown = [f"{name}: context.{name}" for name in _CONTEXT if name in script]
    given = ", ".join([*shown, f"steps: {{{', '.join(entries)}}}"])
    # The script begins on the first line, so that the lines of its errors are its own.
    return (
        f"return (async function (context, ctx) {{ {script}\n}})"
        f"(...((of) => {{ const given = {{{given}}}; return [given, given]; }})({_OF_STEP}));"
    )


def _step(step: Step) -> str:
    return f"context.steps[{json.dumps(step.action_id)}]"
