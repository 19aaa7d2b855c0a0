"""The tree of a definition: its lists of actions, what holds them, and what has run where.

A list is the definition's own, one in a config (such as `then`), or a handler (`on_error`, `on_failure`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from gorax.core.actions.declaration import ActionType, NestedActions, Scope
from gorax.core.definition.model import Action
from gorax.core.graph import Plan

Certainty = Literal["certain", "maybe", "hidden"]
"""Of a step inside an action that has completed: it ran; it may have run; it ran any number of times."""


class Member(NamedTuple):
    """How a step, perhaps deep inside, shows in a list."""

    sibling: str
    """The action of the list that is the step, or holds it."""
    certainty: Certainty


@dataclass(eq=False, slots=True)
class ActionNode:
    """One action in its place."""

    action: Action
    pointer: str
    listed: "ListNode"
    """The list that it stands in."""
    type: ActionType[Any] | None
    """None where there is no such type."""
    nested: list["ListNode"] = field(default_factory=list)
    handlers: "ListNode | None" = None

    @property
    def lists(self) -> Iterator["ListNode"]:
        """The lists that the action holds."""
        yield from self.nested
        if self.handlers:
            yield self.handlers

    @property
    def place(self) -> "Place":
        """Where the action's own expressions are read."""
        return Place(self.listed, self.listed.before(self.action.id), current=self)

    def place_of(self, scope: Scope | None) -> "Place":
        """Where a part of the config is read that may see more."""
        place = self.place
        if scope:
            place.names = frozenset(self._named(scope.names))
            place.sees = [inner for inner in self.nested if inner.in_field in scope.sees]
            place.sees_all = scope.certain
        return place

    def differs(self, fields: Sequence[str]) -> bool:
        """Whether one of these fields of the config has another value than its default."""
        known = self.type.config.model_fields if self.type else {}
        given = self.action.config
        return any(name in given and given[name] != known[name].default for name in fields)

    def name_of(self, field: str) -> str | None:
        """The name that a field of the config gives; None where it is none at all."""
        known = self.type.config.model_fields if self.type else {}
        given = self.action.config.get(field, known[field].default)
        return given if isinstance(given, str) else None

    def _named(self, names: Sequence[str]) -> Iterator[str]:
        fields = self.type.config.model_fields if self.type else {}
        for name in names:
            given = self.name_of(name) if name in fields else name
            if given is not None:
                yield given


@dataclass(eq=False, slots=True)
class ListNode:
    """One list of actions."""

    pointer: str
    owner: ActionNode | None
    """The action that holds it; None for the definition's own and for `on_failure`."""
    in_field: str | None = None
    """The field of the owner's config that it stands in."""
    mark: NestedActions | None = None
    scope: Scope | None = None
    """What can be read in it besides what can be read around it."""
    nodes: list[ActionNode] = field(default_factory=list)
    plan: Plan | None = None
    """None where the list has no order, or is broken otherwise."""
    outer: "Place | None" = None
    """Where it stands, for what is read in it; None for the definition's own."""
    members: dict[str, Member] = field(default_factory=dict)
    _ancestors: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def order(self, plan: Plan) -> None:
        """Note the order of the actions."""
        self.plan = plan
        self._ancestors = plan.ancestors()

    def before(self, action_id: str) -> frozenset[str]:
        """The actions of the list that have finished when this one starts."""
        return self._ancestors.get(action_id, frozenset())

    def close(self) -> None:
        """Note what shows of the actions' own lists, once all of them are there."""
        for node in self.nodes:
            for inner in node.lists:
                for action_id, member in inner.members.items():
                    self.members[action_id] = Member(node.action.id, _seen_outside(inner, node, member))
        for node in self.nodes:
            self.members[node.action.id] = Member(node.action.id, "certain")


@dataclass(slots=True)
class Place:
    """Where something is read: what has run before it, from the inside out."""

    listed: ListNode
    before: frozenset[str] | None
    """Of the list, what has finished; None after the whole list."""
    current: ActionNode | None = None
    """The action that is about to run, or is running around this place."""
    maybe: bool = False
    """Whatever was to run before may be missing, as in `on_failure`."""
    names: frozenset[str] = frozenset()
    sees: Sequence[ListNode] = ()
    """Lists of the current action that can be read although it has not finished."""
    sees_all: bool = True
    """Whether all of those have run to their ends."""

    def chain(self) -> Iterator["Place"]:
        """This place, and those around it."""
        place: Place | None = self
        while place:
            yield place
            place = place.listed.outer

    def find(self, action_id: str) -> Certainty | None:
        """How certain it is here that a step ran before; None when it cannot have."""
        for place in self.chain():
            for inner in place.sees:
                if member := inner.members.get(action_id):
                    return member.certainty if place.sees_all else _doubted(member.certainty)
            if member := place.listed.members.get(action_id):
                if place.before is not None and member.sibling not in place.before:
                    return None
                return _doubted(member.certainty) if place.maybe else member.certainty
        return None

    def readable(self) -> Iterator[str]:
        """The steps that can be read here."""
        for place in self.chain():
            for action_id in place.listed.members:
                if self.find(action_id) not in (None, "hidden"):
                    yield action_id

    def has_name(self, name: str) -> bool:
        """Whether a loop or a handler around this place adds a name."""
        return any(name in place.names for place in self.chain())


def _doubted(certainty: Certainty) -> Certainty:
    return "maybe" if certainty == "certain" else certainty


def _seen_outside(inner: ListNode, owner: ActionNode, member: Member) -> Certainty:
    mark = inner.mark or NestedActions()
    if mark.runs == "repeatedly":
        return "hidden"
    # An action that was skipped, or failed and went on, has not run all that is in it.
    sure = mark.runs == "once" and owner.action.when is None and owner.action.on_error == "fail"
    return member.certainty if sure and not owner.differs(mark.unless) else _doubted(member.certainty)


@dataclass(slots=True)
class Outline:
    """The whole tree."""

    main: ListNode
    on_failure: ListNode | None
    nodes: list[ActionNode]
    by_id: dict[str, ActionNode]
    """Of actions that share an id, the first."""

    def __iter__(self) -> Iterator[ActionNode]:
        """Every action, each before what is inside it."""
        yield from self.nodes

    @property
    def end(self) -> Place:
        """What the definition's `output` sees."""
        return Place(self.main, None)
