"""What a definition says about the steps of a run that has not told much of them yet."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from gorax.core.actions.catalogue import flow_catalogue
from gorax.core.definition import Action, all_actions, load_actions, load_definition
from gorax.core.definition.shape import parts, shape_of
from gorax.engine.history.paths import action_of


class Outline:
    """The actions of a definition, by their ids, which are unique in it."""

    def __init__(self, definition: Mapping[str, Any]) -> None:
        """A definition that cannot be read, whose run has failed for it, has no actions."""
        self._definition = definition
        self._bodies: dict[str, Sequence[Action] | None] = {}

    @cached_property
    def _actions(self) -> Mapping[str, Action]:
        try:
            actions = all_actions(load_definition(self._definition), flow_catalogue())
            return {action.id: action for _, action in actions}
        except ValidationError:
            return {}

    @cached_property
    def own_actions(self) -> Sequence[str]:
        """The ids of the actions that are inside of no other; none of a definition that cannot be read."""
        try:
            return [action.id for action in load_definition(self._definition).actions]
        except ValidationError:
            return []

    def type_of(self, path: str) -> str | None:
        """The type of a step, as the definition writes it; None of what is no step."""
        action = self._actions.get(action_of(path))
        return None if action is None else action.type

    def body_of(self, path: str) -> Sequence[Action] | None:
        """The actions that a loop runs again and again; None of a step that is no loop."""
        action_id = action_of(path)
        if action_id not in self._bodies:
            self._bodies[action_id] = self._body(action_id)
        return self._bodies[action_id]

    def _body(self, action_id: str) -> Sequence[Action] | None:
        action = self._actions.get(action_id)
        flow = flow_catalogue().flow(action.type) if action else None
        if action is None or flow is None:
            return None
        for part in parts(shape_of(flow.config), action.config):
            if part.leaf.nested and part.leaf.nested.runs == "repeatedly":
                return load_actions(part.value)
        return None

    def counts_items(self, path: str) -> bool:
        """Whether it is known from the beginning how many iterations a loop has."""
        action = self._actions.get(action_of(path))
        return action is not None and "items" in action.config
