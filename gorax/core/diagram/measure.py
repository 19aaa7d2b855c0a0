"""How much room everything needs, from the inside out. All lengths are pixels at the natural size."""

from dataclasses import dataclass

from gorax.core.diagram.chart import Block, Lane
from gorax.core.diagram.labels import columns
from gorax.core.diagram.palette import title_of
from gorax.core.diagram.rows import Row, rows_of, tracks_of

# Wide enough for the widest of the usual sans-serif fonts; there is no font to ask here.
TITLE_COLUMN = 8.2
NOTE_COLUMN = 6.4
TITLE_LINE = 17
NOTE_LINE = 14
GAP_X = 28
GAP_Y = 40
LABEL_ROOM = 52
"""Between a block and the lanes in it, whose labels stand there."""
PAD = 16
TRACK = 10
_MIN_WIDTH = 92
# What an outline takes from the room for the text.
_CORNERS = {"choice": 28, "wait": 20, "end": 20, "loop": 16, "fork": 16}


@dataclass(frozen=True, slots=True)
class Size:
    """The room around a vertical line at which edges come in and go out."""

    left: float
    right: float
    height: float

    @property
    def width(self) -> float:
        """All of it."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class LaneSize:
    """A list of actions, in rows."""

    size: Size
    lane: Lane
    blocks: tuple["BlockSize", ...]
    rows: tuple[Row, ...]
    heights: tuple[float, ...]
    """Of the rows."""
    right: float
    """Of the widest row: beyond it are the tracks of edges that pass rows."""
    long_edges: tuple[tuple[int, int], ...]
    """Edges that pass rows: their places in `lane.edges`, and their tracks."""
    row_of: tuple[int, ...]
    """Of each block."""


@dataclass(frozen=True, slots=True)
class BlockSize:
    """An action with all that is in it, and what handles its errors beside it."""

    size: Size
    block: Block
    box: Size
    """Of the block itself."""
    own: Size
    """With the frame around the lanes in it, without handlers."""
    lanes: tuple[LaneSize, ...] = ()
    handlers: LaneSize | None = None


def measure_block(block: Block) -> BlockSize:
    """The room that an action needs."""
    texts = [columns(title_of(block)) * TITLE_COLUMN, *(columns(note) * NOTE_COLUMN for note in block.notes)]
    half = max(_MIN_WIDTH, max(texts) + 24 + _CORNERS.get(block.shape, 0)) / 2
    box = own = Size(half, half, 14 + TITLE_LINE + NOTE_LINE * len(block.notes))
    lanes = tuple(measure_lane(lane) for lane in block.lanes)
    if lanes:
        inner = beside(lanes)
        side = max(inner.left, box.left) + PAD
        other = max(inner.right, box.right) + PAD
        own = Size(side, other, PAD + box.height + LABEL_ROOM + inner.height + PAD)
    if block.handlers is None:
        return BlockSize(own, block, box, own, lanes)
    handlers = measure_lane(block.handlers)
    framed = framed_size(handlers)
    size = Size(own.left, own.right + LABEL_ROOM + GAP_X + framed.width, max(own.height, framed.height))
    return BlockSize(size, block, box, own, lanes, handlers)


def framed_size(lane: LaneSize) -> Size:
    """The room of a lane with a frame around it."""
    size = lane.size
    return Size(size.left + PAD, size.right + PAD, size.height + 2 * PAD)


def beside(lanes: tuple[LaneSize, ...]) -> Size:
    """The room of lanes beside each other."""
    height = max(lane.size.height for lane in lanes)
    if len(lanes) == 1:
        return Size(lanes[0].size.left, lanes[0].size.right, height)
    half = (sum(lane.size.width for lane in lanes) + GAP_X * (len(lanes) - 1)) / 2
    return Size(half, half, height)


def measure_lane(lane: Lane) -> LaneSize:
    """The room that a list of actions needs."""
    blocks = tuple(map(measure_block, lane.blocks))
    rows = tuple(rows_of(lane))
    row_of = [0] * len(blocks)
    left = right = columns(lane.label) * NOTE_COLUMN / 2
    for number, row in enumerate(rows):
        across = row_size(row, blocks)
        left, right = max(left, across.left), max(right, across.right)
        for place in row:
            row_of[place] = number
    heights = tuple(max(blocks[place].size.height for place in row) for row in rows)
    passing = [edge for edge, (before, after) in enumerate(lane.edges) if row_of[after] - row_of[before] > 1]
    tracks = tracks_of([(row_of[lane.edges[edge][0]], row_of[lane.edges[edge][1]]) for edge in passing])
    room = (max(tracks) + 2) * TRACK if tracks else 0
    height = sum(heights) + GAP_Y * (len(rows) - 1)
    return LaneSize(
        size=Size(left, right + room, height),
        lane=lane,
        blocks=blocks,
        rows=rows,
        heights=heights,
        right=right,
        long_edges=tuple(zip(passing, tracks, strict=True)),
        row_of=tuple(row_of),
    )


def row_size(row: Row, blocks: tuple[BlockSize, ...]) -> Size:
    """The room of blocks beside each other."""
    sizes = [blocks[place].size for place in row]
    height = max(size.height for size in sizes)
    if len(sizes) == 1:
        return Size(sizes[0].left, sizes[0].right, height)
    half = (sum(size.width for size in sizes) + GAP_X * (len(sizes) - 1)) / 2
    return Size(half, half, height)
