"""Which results of an execution hold in a retry of it."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import FlowAction
from gorax.core.contracts import StepOutcome
from gorax.core.definition import all_actions, load_definition
from gorax.core.definition.shape import is_leaf

# Where the pointer of an action ends that runs for how another one ended.
_HANDLER = re.compile(r"/on_error/\d+$|/config/finally/\d+$|/config/catch/\d+/actions/\d+$")
_ON_FAILURE = "on_failure."


class _Part(NamedTuple):
    leaf: bool
    """Its output is all that comes of it."""
    handler: bool
    """It runs for how the action around it ended."""


def lasting(
    definition: Mapping[str, Any], catalogue: Catalogue, completed: Mapping[str, StepOutcome]
) -> dict[str, StepOutcome]:
    """Those of the outcomes of all completed steps, by path, that a retry takes as they are.

    Steps that hold others run again, which costs nothing where those inside them do not. What an action that did not
    complete had done for its failure, or at its end, belongs to that attempt: it is done again if it comes to that.
    """
    parts = _parts(definition, catalogue)
    return {path: outcome for path, outcome in completed.items() if _lasts(path, parts, completed)}


def _lasts(path: str, parts: Mapping[str, _Part], completed: Mapping[str, StepOutcome]) -> bool:
    if path.startswith(_ON_FAILURE):
        return False
    segments = path.split(".")
    way = [parts.get(segment.partition("[")[0]) for segment in segments]
    if way[-1] is None or not way[-1].leaf:
        return False
    return all(
        ".".join(segments[:depth]) in completed
        for depth, part in enumerate(way)
        if part is not None and part.handler
    )


def _parts(definition: Mapping[str, Any], catalogue: Catalogue) -> dict[str, _Part]:
    parts = {}
    for pointer, action in all_actions(load_definition(definition), catalogue):
        action_type = catalogue.get(action.type)
        holds_more = isinstance(action_type, FlowAction) and not is_leaf(action_type)
        parts[action.id] = _Part(not holds_more, _HANDLER.search(pointer) is not None)
    return parts
