"""From a definition to its chart. What a type is drawn as, and what its lists are called, its config's marks say."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import ActionType, EffectAction, FlowAction
from gorax.core.definition import Action, Definition, load_actions
from gorax.core.definition.shape import Fields, Leaf, ListOf, MapOf, Part, parts, shape_of
from gorax.core.definition.shape import Shape as Marks
from gorax.core.diagram.chart import Block, Chart, Lane, Shape, Tally
from gorax.core.diagram.labels import HEADING_COLUMNS, HINT_COLUMNS, branch_label, clip
from gorax.core.graph import Plan

MAX_EDGES = 2_000
"""Dependencies that one diagram draws; a definition of 512 KB can have seventy thousand."""

Tallies = Mapping[str, Tally]
"""By action id."""


def chart_of(
    definition: Definition,
    catalogue: Catalogue,
    *,
    title: str,
    tallies: Tallies | None = None,
    status: str | None = None,
) -> Chart:
    """The chart of a definition that was accepted once; with `tallies` and `status`, of an execution of it.

    Raises `pydantic.ValidationError` or `PlanError` when it was accepted under other rules.
    """
    return _Charting(catalogue, tallies).chart(definition, title, status)


class _Charting:
    def __init__(self, catalogue: Catalogue, tallies: Tallies | None) -> None:
        self._catalogue = catalogue
        self._tallies = tallies
        self._edges = 0
        self._omitted = 0

    def chart(self, definition: Definition, title: str, status: str | None) -> Chart:
        main = self._lane("", definition.actions, partial=False)
        on_failure = None
        if handler := definition.on_failure:
            on_failure = self._lane(f"on {', '.join(handler.on)}", handler.actions, partial=False)
        return Chart(
            title=clip(title, HEADING_COLUMNS),
            trigger=definition.trigger.type,
            main=main,
            on_failure=on_failure,
            status=status,
            omitted_edges=self._omitted,
        )

    def _lane(self, label: str, actions: Sequence[Action], *, partial: bool) -> Lane:
        plan = Plan.of(actions)
        places = {action.id: place for place, action in enumerate(actions)}
        edges = [(places[before], places[name]) for name in places for before in plan.dependencies(name)]
        room = max(0, MAX_EDGES - self._edges)
        self._edges += len(edges)
        self._omitted += max(0, len(edges) - room)
        return Lane(
            label=label,
            blocks=tuple(self._block(action, partial) for action in actions),
            edges=tuple(edges[:room]),
            starts=tuple(place for name, place in places.items() if not plan.dependencies(name)),
        )

    def _block(self, action: Action, partial: bool) -> Block:
        action_type = self._catalogue.get(action.type)
        tally = None
        if self._tallies is not None:
            tally = self._tallies.get(action.id) or Tally()
            partial = partial or tally.partial
            tally = replace(tally, partial=partial)
        shape = _shape(action_type)
        title, notes = action.name or action.id, [*_notes(action, action_type)]
        handlers = self._lane("on error", action.handlers, partial=partial) if action.handlers else None
        return Block(
            title=clip(title) or action.id,
            notes=tuple(map(clip, notes)),
            hint=clip(" · ".join([title, *notes]), HINT_COLUMNS),
            shape=shape,
            lanes=tuple(self._lanes(action, action_type, partial)),
            handlers=handlers,
            tally=tally,
        )

    def _lanes(self, action: Action, action_type: ActionType[Any] | None, partial: bool) -> Iterator[Lane]:
        found = [*_lists(action, action_type)]
        paths = [_keys(part.pointer) for part in found]
        holders = Counter(tuple(path[:-1]) for path in paths if len(path) > 1)
        for part, path in zip(found, paths, strict=True):
            # A loop with one list: what else would it run?
            again = part.leaf.nested is not None and part.leaf.nested.runs == "repeatedly"
            alone = again and len(found) == 1 and len(path) == 1
            label = "" if alone else branch_label(action.config, path, holders[tuple(path[:-1])] > 1)
            if actions := load_actions(part.value):
                yield self._lane(label, actions, partial=partial)


def _lists(action: Action, action_type: ActionType[Any] | None) -> Iterator[Part]:
    if action_type is not None:
        for part in parts(shape_of(action_type.config), action.config):
            if part.leaf.kind == "actions" and isinstance(part.value, list):
                yield part


def _keys(pointer: str) -> list[str]:
    return [key.replace("~1", "/").replace("~0", "~") for key in pointer.split("/")[1:]]


def _shape(action_type: ActionType[Any] | None) -> Shape:
    if action_type is None:
        return "unknown"
    if isinstance(action_type, EffectAction):
        return "effect"
    leaves = [*_leaves(shape_of(action_type.config))]
    runs = {leaf.nested.runs for leaf in leaves if leaf.nested}
    if "repeatedly" in runs:
        return "loop"
    if "once" in runs:
        return "fork"
    if runs:
        return "choice" if any(leaf.kind == "expression" for leaf in leaves) else "group"
    if isinstance(action_type, FlowAction) and action_type.ends:
        return "end"
    return "pure" if isinstance(action_type, FlowAction) and action_type.pure else "wait"


def _leaves(marks: Marks) -> Iterator[Leaf]:
    match marks:
        case Leaf():
            yield marks
        case ListOf(inner) | MapOf(inner):
            yield from _leaves(inner)
        case Fields(by_name):
            for inner in by_name.values():
                yield from _leaves(inner)


def _notes(action: Action, action_type: ActionType[Any] | None) -> Iterator[str]:
    yield f"{action.id} · {action.type}" if action.name else action.type
    if action_type is not None and any(True for _ in _lists(action, action_type)):
        expressions = (
            part.value
            for part in parts(shape_of(action_type.config), action.config)
            if part.leaf.kind == "expression" and part.pointer.count("/") == 1 and isinstance(part.value, str)
        )
        yield from [*expressions][:1]
    if action.when is not None:
        yield f"when {action.when}"
    if action.on_error == "continue":
        yield "goes on after an error"
