"""The lists of actions of a run, loaded once however often they run."""

from collections.abc import Mapping, Sequence
from typing import Any

from gorax.core.actions.catalogue import flow_catalogue
from gorax.core.definition import Action, config_actions, load_actions


class ActionLists:
    """Nested lists in their loaded form. Ids are unique in a definition, so a list is known by its first."""

    def __init__(self) -> None:
        self._loaded: dict[str, Sequence[Action]] = {}
        self._counts: dict[str, int] = {}

    def load(self, raw: Sequence[Mapping[str, Any]]) -> Sequence[Action]:
        """The actions of a list."""
        if not raw:
            return ()
        key = raw[0]["id"]
        if key not in self._loaded:
            self._loaded[key] = load_actions(raw)
        return self._loaded[key]

    def count(self, raw: Sequence[Mapping[str, Any]]) -> int:
        """How many actions a list has, those nested in it included."""
        if not raw:
            return 0
        key = raw[0]["id"]
        if key not in self._counts:
            self._counts[key] = _count(self.load(raw))
        return self._counts[key]


def _count(actions: Sequence[Action]) -> int:
    total = len(actions)
    for action in actions:
        total += _count(action.handlers)
        if flow := flow_catalogue().flow(action.type):
            total += sum(_count(nested) for _, nested in config_actions(flow, action.config))
    return total
