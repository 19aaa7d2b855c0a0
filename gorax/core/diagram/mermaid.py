"""A chart as the text of a Mermaid flowchart.

No name in it is anybody's but ours, and every label is in quotes with all but plain characters as entities, so no text
of a definition is read as Mermaid, as HTML or as a directive.
"""

from collections.abc import Mapping

from gorax.core.diagram.chart import Block, Chart, Lane, Shape
from gorax.core.diagram.palette import (
    DASHED,
    FRAME,
    FRAME_LINE,
    INK,
    LEGEND,
    PAINTS,
    Look,
    heading_of,
    legend_of,
    look_of,
    remark_of,
    title_of,
)

_OUTLINES: Mapping[Shape, tuple[str, str]] = {
    "effect": ("[", "]"),
    "pure": ("(", ")"),
    "wait": ("[/", "/]"),
    "choice": ("{", "}"),
    "loop": ("{{", "}}"),
    "fork": ("[[", "]]"),
    "group": ("[/", "\\]"),
    "end": ("([", "])"),
    "unknown": (">", "]"),
}
_PLAIN = frozenset(" .,_-/()[]+*=!?'@|·×…")


def mermaid(chart: Chart) -> str:
    """The text. As its definition, it has at most 500 blocks, and `MAX_EDGES` dependencies."""
    return _Writer().write(chart)


class _Writer:
    def __init__(self) -> None:
        self._lines: list[str] = []
        self._indent = 0
        self._count = 0
        self._looks: set[Look] = set()

    def write(self, chart: Chart) -> str:
        """The whole text."""
        self._line("flowchart TB")
        self._indent = 1
        self._line(f'title["{_label(heading_of(chart))}"]:::is_plain')
        self._line(f'start(["{_label(chart.trigger)}"]):::is_start')
        self._line("title ~~~ start")
        self._lane("start", chart.main)
        if chart.on_failure:
            self._side("start", chart.on_failure)
        if legend := legend_of(chart):
            self._open("legend")
            for look in legend:
                self._line(f'legend_{look}["{LEGEND[look]}"]:::{self._class(look)}')
            self._close("legend")
        if remark := remark_of(chart):
            self._line(f'remark["{_label(remark)}"]:::is_plain')
        self._classes()
        return "\n".join(self._lines) + "\n"

    def _lane(self, source: str, lane: Lane) -> None:
        """The blocks of a lane, and what leads from `source` into it."""
        names = [self._block(block) for block in lane.blocks]
        label = f'|"{_label(lane.label)}"|' if lane.label else ""
        for place in lane.starts:
            self._line(f"{source} -->{label} {names[place]}")
        for before, after in lane.edges:
            self._line(f"{names[before]} --> {names[after]}")

    def _block(self, block: Block) -> str:
        """The name of what is drawn for the block, for edges to begin and end at."""
        self._count += 1
        name = f"n{self._count}"
        if block.lanes:
            frame = f"g{self._count}"
            self._open(frame)
            self._node(name, block)
            for lane in block.lanes:
                self._lane(name, lane)
            self._close(frame)
            name = frame
        else:
            self._node(name, block)
        if block.handlers:
            self._side(name, block.handlers)
        return name

    def _node(self, name: str, block: Block) -> None:
        text = "<br/>".join(map(_label, [title_of(block), *block.notes]))
        before, after = _OUTLINES[block.shape]
        self._line(f'{name}{before}"{text}"{after}:::{self._class(look_of(block))}')

    def _side(self, source: str, lane: Lane) -> None:
        """A lane that is only for when something goes wrong."""
        self._count += 1
        frame = f"g{self._count}"
        self._open(frame)
        names = [self._block(block) for block in lane.blocks]
        for before, after in lane.edges:
            self._line(f"{names[before]} --> {names[after]}")
        self._close(frame)
        self._line(f'{source} -.->|"{_label(lane.label)}"| {frame}')

    def _open(self, frame: str) -> None:
        self._line(f'subgraph {frame}[" "]')
        self._indent += 1
        self._line("direction TB")

    def _close(self, frame: str) -> None:
        self._indent -= 1
        self._line("end")
        self._line(f"style {frame} fill:{FRAME},stroke:{FRAME_LINE}")

    def _class(self, look: Look) -> str:
        self._looks.add(look)
        # Alone, some are words of Mermaid's own, such as `end`.
        return f"is_{look}"

    def _classes(self) -> None:
        for look, paint in PAINTS.items():
            if look in self._looks:
                dashes = ",stroke-dasharray:4 3" if look in DASHED else ""
                self._line(f"classDef is_{look} fill:{paint.fill},stroke:{paint.stroke},color:{INK}{dashes}")
        self._line(f"classDef is_start fill:#ffffff,stroke:{INK},color:{INK},stroke-width:2px")
        self._line(f"classDef is_plain fill:none,stroke:none,color:{INK}")

    def _line(self, text: str) -> None:
        self._lines.append(f"{'  ' * self._indent}{text}")


def _label(text: str) -> str:
    """The text as the inside of quotes; what is not a letter, a digit or harmless becomes an entity."""
    return "".join(
        character if character.isalnum() or character in _PLAIN else f"#{ord(character)};"
        for character in text
    )
