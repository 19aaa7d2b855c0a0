"""Where everything stands: rows from the top down, and edges only where no block is.

An edge to the next row runs in the gap between the rows; one that passes rows runs down a track of its own beside
them. So nothing overlaps, whatever the definition is, in time that grows with the number of blocks and edges.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from gorax.core.diagram.chart import Block, Chart
from gorax.core.diagram.measure import (
    GAP_X,
    GAP_Y,
    LABEL_ROOM,
    PAD,
    TRACK,
    BlockSize,
    LaneSize,
    beside,
    framed_size,
    measure_lane,
    row_size,
)
from gorax.core.diagram.rows import Row

START_HEIGHT = 30
START_WIDTH = 110
# The lines of neighbouring tracks turn one below the other.
_TURNS = 5


class Point(NamedTuple):
    """A place in the picture."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Box:
    """A block."""

    x: float
    y: float
    width: float
    height: float
    block: Block


@dataclass(frozen=True, slots=True)
class Frame:
    """What is around the lanes of a block, or around a handler."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Edge:
    """A line with an arrow at its end."""

    kind: Literal["curve", "corners"]
    """It bends on the way to the last point; or it goes straight from point to point."""
    points: tuple[Point, ...]
    failure: bool = False
    """It leads to what runs when something goes wrong."""


@dataclass(frozen=True, slots=True)
class Label:
    """What an edge is for."""

    text: str
    middle: Point
    failure: bool = False


@dataclass(slots=True)
class Layout:
    """The picture, from the top left corner of what is drawn."""

    left: float = 0
    right: float = 0
    bottom: float = 0
    boxes: list[Box] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    """Each before those inside it."""
    edges: list[Edge] = field(default_factory=list)
    labels: list[Label] = field(default_factory=list)


def layout_of(chart: Chart) -> Layout:
    """Place everything. The start stands at the top, around x = 0."""
    placing = _Placing()
    main = measure_lane(chart.main)
    top = START_HEIGHT + GAP_Y
    start = Point(0, START_HEIGHT)
    placing.lane(main, 0, top, start)
    layout = placing.layout
    layout.left = -max(main.size.left, START_WIDTH / 2)
    layout.right = max(main.size.right, START_WIDTH / 2)
    layout.bottom = top + main.size.height
    if chart.on_failure:
        failure = measure_lane(chart.on_failure)
        framed = framed_size(failure)
        x = layout.right + 2 * GAP_X + framed.left
        middle = START_HEIGHT / 2
        placing.framed(failure, x, top)
        label_at = Point(max(START_WIDTH / 2 + LABEL_ROOM, x - LABEL_ROOM), middle - 6)
        points = (Point(START_WIDTH / 2, middle), Point(x, middle), Point(x, top))
        layout.edges.append(Edge("corners", points, failure=True))
        layout.labels.append(Label(chart.on_failure.label, label_at, failure=True))
        layout.right = x + framed.right
        layout.bottom = max(layout.bottom, top + framed.height)
    return layout


class _Placing:
    def __init__(self) -> None:
        self.layout = Layout()

    def lane(self, lane: LaneSize, x: float, y: float, source: Point | None) -> None:
        """Place a lane around `x` from `y` down, and what leads into it from `source`."""
        label_at = Point(x, y - 14)
        tops: list[float] = []
        for height in lane.heights:
            tops.append(y)
            y += height + GAP_Y
        at: dict[int, Point] = {}
        for row, top in zip(lane.rows, tops, strict=True):
            for place, middle in _middles(lane, row, x):
                at[place] = Point(middle, top)
                self._block(lane.blocks[place], middle, top)
        if source:
            for place in lane.lane.starts:
                self.layout.edges.append(Edge("curve", (source, at[place])))
            # The lane is as wide as its label, so that no two of them meet.
            self.layout.labels.append(Label(lane.lane.label, label_at))
        passing = dict(lane.long_edges)
        for edge, (before, after) in enumerate(lane.lane.edges):
            begin = Point(at[before].x, at[before].y + lane.blocks[before].own.height)
            bottom = tops[lane.row_of[before]] + lane.heights[lane.row_of[before]]
            track = passing.get(edge)
            if track is None:
                straight = () if begin.y == bottom else (Point(begin.x, bottom),)
                self.layout.edges.append(Edge("curve", (begin, *straight, at[after])))
            else:
                self._around(begin, bottom, x + lane.right, track, at[after])

    def framed(self, lane: LaneSize, x: float, y: float) -> None:
        """Place a lane with a frame around it; nothing leads into it but what leads to the frame."""
        framed = framed_size(lane)
        self.layout.frames.append(Frame(x - framed.left, y, framed.width, framed.height))
        self.lane(lane, x, y + PAD, None)

    def _block(self, block: BlockSize, x: float, y: float) -> None:
        own, box = block.own, block.box
        top = y
        if block.lanes:
            self.layout.frames.append(Frame(x - own.left, y, own.width, own.height))
            top = y + PAD
        self.layout.boxes.append(Box(x - box.left, top, box.width, box.height, block.block))
        below = Point(x, top + box.height)
        for lane, middle in _columns(block.lanes, x):
            self.lane(lane, middle, below.y + LABEL_ROOM, below)
        if block.handlers:
            framed = framed_size(block.handlers)
            begin = x + own.right
            end = begin + LABEL_ROOM + GAP_X
            height = y + min(own.height, framed.height) / 2
            self.framed(block.handlers, end + framed.left, y)
            label_at = Point((begin + end) / 2, height - 6)
            line = (Point(begin, height), Point(end, height))
            self.layout.edges.append(Edge("corners", line, failure=True))
            self.layout.labels.append(Label(block.handlers.lane.label, label_at, failure=True))

    def _around(self, begin: Point, bottom: float, right: float, track: int, target: Point) -> None:
        side = right + (track + 1) * TRACK
        turn = 8 + 4 * (track % _TURNS)
        above = target.y - GAP_Y + turn
        points = (
            begin,
            Point(begin.x, bottom + turn),
            Point(side, bottom + turn),
            Point(side, above),
            Point(target.x, above),
            target,
        )
        self.layout.edges.append(Edge("corners", points))


def _middles(lane: LaneSize, row: Row, x: float) -> Iterator[tuple[int, float]]:
    """The blocks of a row, each with where edges come in."""
    left = x - row_size(row, lane.blocks).left
    for place in row:
        size = lane.blocks[place].size
        yield place, left + size.left
        left += size.width + GAP_X


def _columns(lanes: tuple[LaneSize, ...], x: float) -> Iterator[tuple[LaneSize, float]]:
    """Lanes beside each other, each with where edges come in."""
    left = x - beside(lanes).left if lanes else x
    for lane in lanes:
        yield lane, left + lane.size.left
        left += lane.size.width + GAP_X
