"""Which blocks of a lane stand beside each other, and in which order."""

from collections.abc import Sequence

from gorax.core.diagram.chart import Lane

Row = list[int]
"""Blocks by their place in the lane, from left to right."""


def rows_of(lane: Lane) -> list[Row]:
    """The blocks in rows: each below all that it waits for, and near the middle of it."""
    depth = _depths(lane)
    rows: list[Row] = [[] for _ in range(max(depth, default=-1) + 1)]
    for place, number in enumerate(depth):
        rows[number].append(place)
    sources: dict[int, list[int]] = {}
    for before, after in lane.edges:
        sources.setdefault(after, []).append(before)
    position: dict[int, float] = {}
    for row in rows:
        if position:
            row.sort(key=lambda place: _middle(sources.get(place, ()), position))
        position |= {place: index - (len(row) - 1) / 2 for index, place in enumerate(row)}
    return rows


def _depths(lane: Lane) -> list[int]:
    """Of each block, how many others run before it at least; edges that were omitted do not count."""
    after: list[list[int]] = [[] for _ in lane.blocks]
    waiting = [0] * len(lane.blocks)
    for source, target in lane.edges:
        after[source].append(target)
        waiting[target] += 1
    depth = [0] * len(lane.blocks)
    # The list grows while it is walked.
    ready = [place for place, count in enumerate(waiting) if not count]
    for place in ready:
        for target in after[place]:
            depth[target] = max(depth[target], depth[place] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    return depth


def _middle(sources: Sequence[int], position: dict[int, float]) -> float:
    return sum(position[source] for source in sources) / len(sources) if sources else 0.0


def tracks_of(spans: Sequence[tuple[int, int]]) -> list[int]:
    """For lines down the side, from one row to another: the track of each, so that none run over each other."""
    ends: list[int] = []
    tracks = [0] * len(spans)
    for index in sorted(range(len(spans)), key=lambda each: spans[each]):
        first, last = spans[index]
        free = next((track for track, end in enumerate(ends) if end <= first), len(ends))
        if free == len(ends):
            ends.append(last)
        else:
            ends[free] = last
        tracks[index] = free
    return tracks
