"""Where branches come together again: what a node waits for in its list, and when it is skipped.

In the original a node is skipped when everything that leads to it was skipped, and an if skips what hangs on the
branch that it did not take. A node that stands after the branches therefore runs always (the branches cover every
case), or under a condition, which is written out as `when`.
"""

from dataclasses import dataclass

from gorax.core.builder.regions import OUTSIDE, Regions, port_vertex
from gorax.core.builder.wiring import Wiring
from gorax.core.definition.model import MAX_EXPRESSION
from gorax.core.definition.problems import Findings, quoted

ALWAYS = "true"


@dataclass(frozen=True, slots=True)
class Entry:
    """How one node is entered."""

    needs: list[int]
    """The nodes of the same list that it waits for, in order."""
    when: str = ALWAYS
    certain: bool = True
    """It runs whenever its list does."""
    anchored: bool = False
    """It runs whenever its list does although all that it waits for may be skipped."""


def entries(wiring: Wiring, regions: Regions, steps: dict[int, str], findings: Findings) -> dict[int, Entry]:
    """By node: how it is entered. `steps` has the expression of each node's step.

    A condition that grows too long goes to `findings`.
    """
    found: dict[int, Entry] = {}
    for node in regions.order:
        entry = _Lift(wiring, regions, steps, found, node).entry()
        if len(entry.when) > MAX_EXPRESSION:
            message = f"too many conditional branches come together in {quoted(wiring.nodes[node].id)}"
            findings.add(wiring.nodes[node].pointer, message)
        found[node] = entry
    findings.settle()
    return found


class _Lift:
    """Follows the edges into one node outwards, to the nodes of its own list that they come from."""

    def __init__(
        self, wiring: Wiring, regions: Regions, steps: dict[int, str], found: dict[int, Entry], node: int
    ) -> None:
        self._wiring = wiring
        self._regions = regions
        self._steps = steps
        self._found = found
        self._node = node
        self._home = regions.region[node]
        self._exits: dict[int, list[str]] = {}
        """By port: the conditions under which its branch leads to the node, given that the branch runs."""
        self._lifted: dict[int, str] = {}
        """By node of the same list: the condition under which it leads to the node, given that it runs."""

    def entry(self) -> Entry:
        direct = self._home == OUTSIDE and self._node in self._wiring.started
        for source in self._regions.before[self._node]:
            if source >= 0:
                self._leave(source, ALWAYS)
            elif port_vertex(source) == self._home:
                direct = True
            else:
                self._exits.setdefault(port_vertex(source), []).append(ALWAYS)
        self._climb()
        needs = sorted(self._lifted, key=self._regions.place.__getitem__)
        if not needs:
            return Entry([])
        if any(when == ALWAYS and self._found[node].certain for node, when in self._lifted.items()):
            return Entry(needs)
        if direct:
            return Entry(needs, anchored=True)
        if all(when == ALWAYS for when in self._lifted.values()):
            # The interpreter skips it by itself when all of them were skipped.
            return Entry(needs, certain=False)
        ways = [both(self._ran(node), self._lifted[node]) for node in needs]
        return Entry(needs, when=either(ways), certain=False)

    def _leave(self, node: int, when: str) -> None:
        """Note a way that leads on from a node, under a condition of what is inside it."""
        if self._regions.region[node] == self._home:
            self._lifted[node] = either([self._lifted[node], when]) if node in self._lifted else when
        else:
            self._exits.setdefault(self._regions.region[node], []).append(both(self._ran(node), when))

    def _climb(self) -> None:
        while self._exits:
            # From the inside out: all that leads out of a node's branches is known when the node is left.
            port = max(self._exits, key=lambda number: (self._regions.depth[number], number))
            owner = self._wiring.ports[port].owner
            ways = {
                self._wiring.ports[number].name: either(self._exits.pop(number))
                for number in self._wiring.ports_of(owner)
                if number in self._exits
            }
            self._leave(owner, self._passing(owner, ways))

    def _passing(self, owner: int, ways: dict[str, str]) -> str:
        match self._wiring.nodes[owner].kind:
            case "if":
                if list(ways.values()) == [ALWAYS, ALWAYS]:
                    return ALWAYS
                result = f"{self._steps[owner]}.output.result"
                signs = {"true": result, "false": f"!{result}"}
                return either([both(signs[name], when) for name, when in ways.items()])
            case "parallel" | "fork":
                return either(list(ways.values()))
            case _:
                # What follows the body of a loop or a part of a try runs once that is over, however it went.
                return ALWAYS

    def _ran(self, node: int) -> str:
        return ALWAYS if self._found[node].certain else f'{self._steps[node]}.status != "skipped"'


def both(first: str, second: str) -> str:
    """Both conditions."""
    if ALWAYS in (first, second):
        return second if first == ALWAYS else first
    return f"{_bound(first)} && {_bound(second)}"


def either(conditions: list[str]) -> str:
    """One of the conditions at least."""
    different = list(dict.fromkeys(conditions))
    if ALWAYS in different:
        return ALWAYS
    return different[0] if len(different) == 1 else " || ".join(map(_bound, different))


def _bound(condition: str) -> str:
    return f"({condition})" if " || " in condition else condition
