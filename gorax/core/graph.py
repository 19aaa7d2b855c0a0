"""The order of one list of actions: what each waits for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from gorax.core.errors import Invalid


class Ordered(Protocol):
    """What has to be known of an action to place it."""

    @property
    def id(self) -> str: ...

    @property
    def depends_on(self) -> Sequence[str] | None: ...


class Fault(NamedTuple):
    """Why a list has no order."""

    position: int
    """Of the action in the list."""
    entry: int | None
    """Of the entry in its `depends_on`; None where the whole of it is at fault."""
    message: str


class PlanError(Invalid):
    """A list of actions that has no order. `faults` says where, at least one."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Plan:
    """The order of one list of actions."""

    order: tuple[str, ...]
    """Every id once, each after all that it waits for, otherwise as authored."""
    sequential: bool
    """Each action waits for the one before it, and none says so itself."""
    _needs: dict[str, tuple[str, ...]]
    _explicit: frozenset[str]

    @classmethod
    def of(cls, actions: Iterable[Ordered]) -> "Plan":
        """The plan of a list.

        Raises `PlanError` when an id occurs twice, when an action waits for itself, twice for the same or for
        something that is not in this list, and when actions wait for each other in a circle.
        """
        listed = list(actions)
        needs: dict[str, tuple[str, ...]] = {}
        explicit: set[str] = set()
        previous: tuple[str, ...] = ()
        for action in listed:
            if action.depends_on is None:
                needs[action.id] = previous
            else:
                needs[action.id] = tuple(action.depends_on)
                explicit.add(action.id)
            previous = (action.id,)
        if len(needs) == len(listed) and not explicit:
            return cls(tuple(needs), True, needs, frozenset())
        if faults := _faults(listed, needs):
            raise PlanError(faults)
        return cls(_sorted(listed, needs, explicit), False, needs, frozenset(explicit))

    def dependencies(self, action_id: str) -> tuple[str, ...]:
        """The actions that this one waits for directly."""
        return self._needs[action_id]

    def explicit(self, action_id: str) -> bool:
        """Whether they are written in `depends_on`, rather than following from the place in the list."""
        return action_id in self._explicit

    def ancestors(self) -> dict[str, frozenset[str]]:
        """By id: all that has finished before the action starts, directly or through others."""
        found: dict[str, frozenset[str]] = {}
        for name in self.order:
            direct = self._needs[name]
            found[name] = frozenset(direct).union(*(found[before] for before in direct))
        return found


def _faults(actions: Sequence[Ordered], needs: dict[str, tuple[str, ...]]) -> list[Fault]:
    faults: list[Fault] = []
    seen: set[str] = set()
    for position, action in enumerate(actions):
        if action.id in seen:
            faults.append(Fault(position, None, f"two actions are called '{action.id}'"))
        seen.add(action.id)
        waits_for: set[str] = set()
        for entry, name in enumerate(action.depends_on or ()):
            if name == action.id:
                message = f"'{name}' cannot wait for itself"
            elif name not in needs:
                message = f"'{name}' is not in this list: an action can only wait for those beside it"
            elif name in waits_for:
                message = f"'{name}' is listed twice"
            else:
                waits_for.add(name)
                continue
            faults.append(Fault(position, entry, message))
    return faults


def _sorted(
    actions: Sequence[Ordered], needs: dict[str, tuple[str, ...]], explicit: set[str]
) -> tuple[str, ...]:
    waiting = {name: len(before) for name, before in needs.items()}
    dependents: dict[str, list[str]] = {name: [] for name in needs}
    for name, before in needs.items():
        for needed in before:
            dependents[needed].append(name)
    order = [name for name, count in waiting.items() if not count]
    # The list grows while it is walked: a queue, first come first served.
    for name in order:
        for after in dependents[name]:
            waiting[after] -= 1
            if not waiting[after]:
                order.append(after)
    if len(order) < len(actions):
        raise PlanError([_circle(actions, needs, explicit, done=set(order))])
    return tuple(order)


def _circle(
    actions: Sequence[Ordered], needs: dict[str, tuple[str, ...]], explicit: set[str], done: set[str]
) -> Fault:
    # What is left waits for something else that is left, so following it must come round.
    name = next(action.id for action in actions if action.id not in done)
    trail: dict[str, int] = {}
    while name not in trail:
        trail[name] = len(trail)
        name = next(needed for needed in needs[name] if needed not in done)
    members = list(trail)[trail[name] :]
    # In the order of time and from the member authored first, so that one circle always reads the same.
    members.reverse()
    position = next(place for place, action in enumerate(actions) if action.id in members)
    start = members.index(actions[position].id)
    circle = [*members[start:], *members[:start], members[start]]
    shown = circle if len(circle) <= 12 else [*circle[:11], "…", circle[-1]]
    note = (
        "" if explicit.issuperset(members) else "; an action without depends_on waits for the one before it"
    )
    return Fault(position, None, f"actions wait for each other in a circle: {' → '.join(shown)}{note}")
