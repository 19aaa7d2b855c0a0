"""Which node runs inside which branch: dominators of a graph in which every port is a vertex of its own.

A node belongs to a branch when no way leads to it but through that branch. So an edge never leads into a branch
from beside it, and what follows several branches stands after the node that has them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush

from gorax.core.builder.wiring import Wiring
from gorax.core.definition.problems import Findings, quoted

MAX_NESTING = 10
"""Branches inside each other, the definition's own list counted, as of any definition."""
OUTSIDE = -1
"""The region of nodes in no branch."""

_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Regions:
    """The nesting of one definition. A region is the number of a port, or `OUTSIDE`."""

    order: list[int]
    """The nodes, each after all that lead to it, otherwise as authored."""
    place: dict[int, int]
    """By node: its place in `order`."""
    before: dict[int, list[int]]
    """By node: what leads to it; a port as `-2 - number`."""
    region: dict[int, int]
    """By node: the branch that it runs in."""
    depth: dict[int, int]
    """By region: the regions around it."""


def port_vertex(number: int) -> int:
    """A port among the vertices."""
    return -2 - number


def find_regions(wiring: Wiring, findings: Findings) -> Regions:
    """The regions of a wiring. Raises `InvalidDefinition` when nodes lead to each other in a circle, when a
    listed node is also reached from elsewhere, and when branches are nested too deep."""
    before, after = _vertices(wiring)
    order = _ordered(wiring, before, after, findings)
    region = _regions(order, before, wiring.started)
    depth = {OUTSIDE: 0}
    for vertex in order:
        if vertex < 0:
            depth[port_vertex(vertex)] = depth[region[wiring.ports[port_vertex(vertex)].owner]] + 1
    nodes = [vertex for vertex in order if vertex >= 0]
    place = {node: number for number, node in enumerate(nodes)}
    regions = Regions(nodes, place, before, region, depth)
    _check(wiring, regions, findings)
    return regions


def _vertices(wiring: Wiring) -> tuple[dict[int, list[int]], dict[int, list[int]]]:
    after: dict[int, list[int]] = {node: list(wiring.after[node]) for node in wiring.active}
    for number, port in enumerate(wiring.ports):
        vertex = port_vertex(number)
        after[port.owner].append(vertex)
        after[vertex] = list(port.heads)
    before: dict[int, list[int]] = {vertex: [] for vertex in after}
    for vertex, targets in after.items():
        for target in targets:
            before[target].append(vertex)
    return before, after


def _ordered(
    wiring: Wiring, before: dict[int, list[int]], after: dict[int, list[int]], findings: Findings
) -> list[int]:
    waiting = {vertex: len(sources) for vertex, sources in before.items()}
    # Ports are negative, so a branch is opened before the next node of its surroundings is taken.
    ready = [vertex for vertex, count in waiting.items() if not count]
    heapify(ready)
    order: list[int] = []
    while ready:
        vertex = heappop(ready)
        order.append(vertex)
        for target in after[vertex]:
            waiting[target] -= 1
            if not waiting[target]:
                heappush(ready, target)
    if len(order) < len(before):
        done = set(order)
        circle = _circle([vertex for vertex in before if vertex not in done], before, done)
        names = [wiring.nodes[vertex].id for vertex in circle]
        shown = [*names, names[0]] if len(names) < _SHOWN else [*names[:_SHOWN], "…"]
        message = f"nodes lead to each other in a circle: {' → '.join(shown)}"
        findings.add(wiring.nodes[circle[0]].pointer, message)
        findings.settle()
    return order


def _circle(left: Sequence[int], before: dict[int, list[int]], done: set[int]) -> list[int]:
    """The nodes of one circle, the one authored first at the head."""
    # Whatever is left waits for something else that is left, so following it must come round.
    vertex = left[0]
    trail: dict[int, int] = {}
    while vertex not in trail:
        trail[vertex] = len(trail)
        vertex = next(source for source in before[vertex] if source not in done)
    circle = [vertex for vertex in list(trail)[trail[vertex] :] if vertex >= 0]
    circle.reverse()
    start = circle.index(min(circle))
    return [*circle[start:], *circle[:start]]


def _regions(order: Sequence[int], before: dict[int, list[int]], started: set[int]) -> dict[int, int]:
    """By vertex: the innermost port that every way to it leads through."""
    # The last vertex that every way to a vertex leads through; the vertex itself where there is none.
    parent: dict[int, int] = {}
    rank: dict[int, int] = {}
    region: dict[int, int] = {}
    for vertex in order:
        sources = before[vertex]
        found = None if vertex in started or not sources else sources[0]
        for source in sources[1:]:
            found = _common(found, source, parent, rank)
        parent[vertex] = vertex if found is None else found
        rank[vertex] = 0 if found is None else rank[found] + 1
        if found is None:
            region[vertex] = OUTSIDE
        else:
            region[vertex] = port_vertex(found) if found < 0 else region[found]
    return region


def _common(first: int | None, second: int, parent: dict[int, int], rank: dict[int, int]) -> int | None:
    if first is None:
        return None
    while first != second:
        if rank[first] < rank[second]:
            first, second = second, first
        if parent[first] == first:
            return None
        first = parent[first]
    return first


def _check(wiring: Wiring, regions: Regions, findings: Findings) -> None:
    for number, port in enumerate(wiring.ports):
        owner = wiring.nodes[port.owner]
        for index in port.listed:
            if regions.region[index] != number:
                others = [wiring.nodes[source].id for source in regions.before[index] if source >= 0]
                message = (
                    f"{quoted(wiring.nodes[index].id)} runs inside {quoted(owner.id)} ({port.name}), "
                    f"so nothing else may lead to it{_from(others)}"
                )
                findings.add(wiring.nodes[index].pointer, message)
        if regions.depth[number] >= MAX_NESTING and port.heads:
            message = f"branches must not be nested deeper than {MAX_NESTING - 1}"
            findings.add(owner.pointer, message)
    findings.settle()


def _from(names: Sequence[str]) -> str:
    return f", as {quoted(names[0])} does" if names else ""
