"""Colours: dark on light, and told apart by those who do not see red and green alike."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

from gorax.core.contracts import StepStatus
from gorax.core.diagram.chart import Block, Chart, Shape

Look = Shape | StepStatus | Literal["idle"]
"""What decides on a colour: the shape in the diagram of a definition, the status in that of an execution."""


class Paint(NamedTuple):
    """The colours of a block."""

    fill: str
    stroke: str


INK = "#1f2933"
MUTED = "#52606d"
LINE = "#7b8794"
ALERT = "#b3261e"
FRAME = "#f7f9fb"
FRAME_LINE = "#cbd2d9"

PAINTS: Mapping[Look, Paint] = {
    "effect": Paint("#dbeafe", "#2563eb"),
    "pure": Paint("#f1f5f9", "#64748b"),
    "wait": Paint("#fef3c7", "#b45309"),
    "choice": Paint("#fae8ff", "#a21caf"),
    "loop": Paint("#e0e7ff", "#4338ca"),
    "fork": Paint("#ccfbf1", "#0f766e"),
    "group": Paint("#ffffff", "#475569"),
    "end": Paint("#e2e8f0", "#0f172a"),
    "unknown": Paint("#ffffff", "#94a3b8"),
    "pending": Paint("#ffffff", "#64748b"),
    "running": Paint("#bfdbfe", "#1d4ed8"),
    "completed": Paint("#d1f0dc", "#15803d"),
    "failed": Paint("#fecdd3", "#be123c"),
    "timed_out": Paint("#fed7aa", "#c2410c"),
    "cancelled": Paint("#e7e5e4", "#57534e"),
    "skipped": Paint("#eceff3", "#7b8794"),
    "idle": Paint("#ffffff", "#9aa5b1"),
}

LEGEND: Mapping[Look, str] = {
    "running": "running",
    "completed": "completed",
    "failed": "failed",
    "timed_out": "timed out",
    "cancelled": "cancelled",
    "skipped": "skipped",
    "pending": "pending",
    "idle": "has not run",
}
"""What the statuses of blocks are called, in the order in which they are told."""

DASHED: frozenset[Look] = frozenset({"skipped", "idle", "unknown"})


def look_of(block: Block) -> Look:
    """What a block is painted as."""
    if block.tally is None:
        return block.shape
    return block.tally.status or "idle"


def legend_of(chart: Chart) -> list[Look]:
    """The statuses that the blocks of an execution have; none in the diagram of a definition."""
    if chart.status is None:
        return []
    there = {look_of(block) for block in chart.blocks()}
    return [look for look in LEGEND if look in there]


def title_of(block: Block) -> str:
    """The title, with the numbers of an execution behind it."""
    numbers = block.tally.text if block.tally else ""
    return f"{block.title} ({numbers})" if numbers else block.title


def heading_of(chart: Chart) -> str:
    """The chart's title, with the status of an execution."""
    return f"{chart.title}: {chart.status.replace('_', ' ')}" if chart.status else chart.title


def remark_of(chart: Chart) -> str:
    """What the picture does not show; empty where it shows all."""
    remarks = []
    if chart.status and chart.main.blocks[0].tally is None:
        remarks.append("what became of its steps is not known")
    if chart.omitted_edges:
        remarks.append(f"{chart.omitted_edges:,} more dependencies are not drawn")
    return "; ".join(remarks)
