"""Going through all actions of a definition that was accepted once."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import ActionType
from gorax.core.definition.model import Action, Definition, load_actions
from gorax.core.definition.problems import join
from gorax.core.definition.shape import parts, shape_of


def config_actions(
    action_type: ActionType[Any], config: Mapping[str, Any]
) -> Iterator[tuple[str, list[Action]]]:
    """The lists of actions in a checked config, with their pointers in it."""
    for part in parts(shape_of(action_type.config), config):
        if part.leaf.kind == "actions" and isinstance(part.value, list):
            yield part.pointer, load_actions(part.value)


def all_actions(definition: Definition, catalogue: Catalogue) -> Iterator[tuple[str, Action]]:
    """Every action with its pointer, each before those inside it; nothing inside those of unknown types."""
    yield from _in_list("/actions", definition.actions, catalogue)
    if handler := definition.on_failure:
        yield from _in_list(f"/on_failure{handler.actions_pointer}", handler.actions, catalogue)


def _in_list(pointer: str, actions: Sequence[Action], catalogue: Catalogue) -> Iterator[tuple[str, Action]]:
    for index, action in enumerate(actions):
        here = join(pointer, index)
        yield here, action
        if action_type := catalogue.get(action.type):
            for inner, nested in config_actions(action_type, action.config):
                yield from _in_list(f"{here}/config{inner}", nested, catalogue)
        yield from _in_list(f"{here}/on_error", action.handlers, catalogue)
