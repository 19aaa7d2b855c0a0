"""A chart as an SVG picture: complete in itself, without scripts, fonts or anything else from elsewhere."""

from collections.abc import Iterator
from xml.sax.saxutils import escape

from gorax.core.diagram.chart import Chart
from gorax.core.diagram.labels import columns
from gorax.core.diagram.layout import START_HEIGHT, START_WIDTH, Box, Edge, Frame, Label, Layout, layout_of
from gorax.core.diagram.measure import NOTE_COLUMN, NOTE_LINE, TITLE_COLUMN, TITLE_LINE
from gorax.core.diagram.outlines import number as _n
from gorax.core.diagram.outlines import outline_of
from gorax.core.diagram.palette import (
    ALERT,
    DASHED,
    FRAME,
    FRAME_LINE,
    INK,
    LEGEND,
    LINE,
    MUTED,
    PAINTS,
    heading_of,
    legend_of,
    look_of,
    remark_of,
    title_of,
)

_MARGIN = 24
_HEADING = 40
_LEGEND = 44
_SWATCH = 14

_STYLE = (
    "text{font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif;text-anchor:middle}"
    f".t{{font-size:13px;font-weight:600;fill:{INK}}}.n{{font-size:11px;fill:{MUTED}}}"
    f".l{{font-size:11px;fill:{INK};paint-order:stroke;stroke:#fff;stroke-width:4px}}.l.x{{fill:{ALERT}}}"
    f".h{{font-size:15px;font-weight:600;fill:{INK};text-anchor:start}}.k{{font-size:11px;fill:{MUTED};text-anchor:start}}"
    f".e{{fill:none;stroke:{LINE};stroke-width:1.3;marker-end:url(#a)}}"
    f".e.x{{stroke:{ALERT};stroke-dasharray:5 4;marker-end:url(#b)}}"
    f".f{{fill:{FRAME};stroke:{FRAME_LINE}}}"
)


def svg(chart: Chart) -> str:
    """The picture, at its natural size: a viewer that fits it into a page scales it."""
    layout = layout_of(chart)
    legend = [*_legend(chart, layout)]
    wanted = max(columns(heading_of(chart)) * (TITLE_COLUMN + 1.5), _legend_width(chart))
    left, top = layout.left - _MARGIN, -_HEADING - _MARGIN / 2
    width = max(layout.right - layout.left, wanted) + 2 * _MARGIN
    height = layout.bottom - top + _MARGIN + (_LEGEND if legend else 0)
    size = (
        f'viewBox="{_n(left)} {_n(top)} {_n(width)} {_n(height)}" width="{_n(width)}" height="{_n(height)}"'
    )
    heading = escape(heading_of(chart))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            f"<title>{heading}</title>",
            f"<style>{_STYLE}</style>",
            f"<defs>{_arrow('a', LINE)}{_arrow('b', ALERT)}</defs>",
            f'<rect x="{_n(left)}" y="{_n(top)}" width="{_n(width)}" height="{_n(height)}" fill="#fff"/>',
            f'<text class="h" x="{_n(layout.left)}" y="{_n(top + 30)}">{heading}</text>',
            *map(_frame, layout.frames),
            _start(chart),
            *map(_edge, layout.edges),
            *map(_box, layout.boxes),
            *(_label(label) for label in layout.labels if label.text),
            *legend,
            "</svg>\n",
        ]
    )


def _frame(frame: Frame) -> str:
    size = f'width="{_n(frame.width)}" height="{_n(frame.height)}"'
    return f'<rect class="f" x="{_n(frame.x)}" y="{_n(frame.y)}" {size} rx="8"/>'


def _start(chart: Chart) -> str:
    size = f'x="{-START_WIDTH / 2:g}" y="0" width="{START_WIDTH}" height="{START_HEIGHT}" rx="{START_HEIGHT / 2:g}"'
    pill = f'<rect {size} fill="#fff" stroke="{INK}" stroke-width="1.6"/>'
    return f'{pill}<text class="t" x="0" y="19">{escape(chart.trigger)}</text>'


def _box(box: Box) -> str:
    look = look_of(box.block)
    paint = PAINTS[look]
    dashes = ' stroke-dasharray="4 3"' if look in DASHED else ""
    outline = outline_of(box.block.shape, box.x, box.y, box.width, box.height)
    x = _n(box.x + box.width / 2)
    y = box.y + 7 + TITLE_LINE - 4
    lines = [f'<text class="t" x="{x}" y="{_n(y)}">{escape(title_of(box.block))}</text>']
    for number, note in enumerate(box.block.notes, 1):
        lines.append(f'<text class="n" x="{x}" y="{_n(y + number * NOTE_LINE)}">{escape(note)}</text>')
    hint = f"<title>{escape(box.block.hint)}</title>"
    return (
        f'<g>{hint}<g fill="{paint.fill}" stroke="{paint.stroke}"{dashes}>{outline}</g>{"".join(lines)}</g>'
    )


def _edge(edge: Edge) -> str:
    *way, end = edge.points
    path = "M" + " L".join(f"{_n(x)} {_n(y)}" for x, y in way)
    if edge.kind == "corners" or way[-1].x == end.x:
        path += f" L{_n(end.x)} {_n(end.y)}"
    else:
        last = way[-1]
        half = (last.y + end.y) / 2
        path += f" C{_n(last.x)} {_n(half)} {_n(end.x)} {_n(half)} {_n(end.x)} {_n(end.y)}"
    return f'<path class="{"e x" if edge.failure else "e"}" d="{path}"/>'


def _label(label: Label) -> str:
    x, y = label.middle
    return (
        f'<text class="{"l x" if label.failure else "l"}" x="{_n(x)}" y="{_n(y)}">{escape(label.text)}</text>'
    )


def _legend(chart: Chart, layout: Layout) -> Iterator[str]:
    x, y = layout.left, layout.bottom + _LEGEND
    for look in legend_of(chart):
        paint = PAINTS[look]
        dashes = ' stroke-dasharray="4 3"' if look in DASHED else ""
        square = f'x="{_n(x)}" y="{_n(y - 11)}" width="{_SWATCH}" height="{_SWATCH}" rx="3"'
        yield f'<rect {square} fill="{paint.fill}" stroke="{paint.stroke}"{dashes}/>'
        yield f'<text class="k" x="{_n(x + _SWATCH + 6)}" y="{_n(y)}">{LEGEND[look]}</text>'
        x += _entry_width(LEGEND[look])
    if remark := remark_of(chart):
        yield f'<text class="k" x="{_n(x)}" y="{_n(y)}">{escape(remark)}</text>'


def _legend_width(chart: Chart) -> float:
    entries = sum(_entry_width(LEGEND[look]) for look in legend_of(chart))
    return entries + columns(remark_of(chart)) * NOTE_COLUMN


def _entry_width(text: str) -> float:
    return _SWATCH + 6 + columns(text) * NOTE_COLUMN + 18


def _arrow(name: str, colour: str) -> str:
    box = 'viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7" orient="auto"'
    return f'<marker id="{name}" {box}><path d="M0 0.5 L8 4 L0 7.5 Z" fill="{colour}"/></marker>'
