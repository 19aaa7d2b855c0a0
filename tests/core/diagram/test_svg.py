"""SVG pictures: well-formed, harmless, and with nothing on top of anything else."""

import time
from itertools import combinations
from xml.etree import ElementTree

import pytest

from gorax.core.diagram import Tally, svg
from gorax.core.diagram.layout import Box, Frame, Layout, layout_of
from tests.core.diagram.drawings import HOSTILE, LARGE, action, chain, chart, dense, fan, log, nested, order

NAMESPACE = "{http://www.w3.org/2000/svg}"
ELEMENTS = {"svg", "title", "style", "defs", "marker", "rect", "text", "path", "g", "polygon"}


def read(text: str) -> ElementTree.Element:
    """The picture as XML, held to a list of elements and attributes that can do no harm."""
    root = ElementTree.fromstring(text)
    for element in root.iter():
        assert element.tag.removeprefix(NAMESPACE) in ELEMENTS
        assert not any(name.startswith("on") or "href" in name for name in element.attrib)
    return root


def texts(root: ElementTree.Element) -> list[str]:
    """What is written in the picture."""
    return [element.text or "" for element in root.iter(f"{NAMESPACE}text")]


def overlap(one: Box | Frame, other: Box | Frame) -> bool:
    """Whether two rectangles have anything in common but an edge."""
    return (
        one.x < other.x + other.width
        and other.x < one.x + one.width
        and one.y < other.y + other.height
        and other.y < one.y + one.height
    )


def inside(one: Box | Frame, other: Frame) -> bool:
    """Whether a rectangle is inside a frame."""
    return (
        other.x <= one.x
        and other.y <= one.y
        and one.x + one.width <= other.x + other.width
        and one.y + one.height <= other.y + other.height
    )


def check_layout(layout: Layout) -> None:
    """Nothing overlaps: boxes never, frames only where one is inside the other, lines no boxes."""
    for one, other in combinations(layout.boxes, 2):
        assert not overlap(one, other), (one.block.title, other.block.title)
    for frame, around in combinations(layout.frames, 2):
        assert not overlap(frame, around) or inside(frame, around) or inside(around, frame)
    for frame in layout.frames:
        for box in layout.boxes:
            assert not overlap(frame, box) or inside(box, frame)
    for edge in layout.edges:
        for (x, y), (to_x, to_y) in zip(edge.points, edge.points[1:], strict=False):
            if edge.kind == "curve" and x != to_x:
                continue  # it bends in the gap between two rows
            # Where it begins and ends it touches what it connects.
            across, down = max(abs(to_x - x) - 2, 0.2), max(abs(to_y - y) - 2, 0.2)
            line = Frame((x + to_x - across) / 2, (y + to_y - down) / 2, across, down)
            crossed = [box.block.title for box in layout.boxes if overlap(line, box)]
            assert crossed == [], edge
    everything: list[Box | Frame] = [*layout.boxes, *layout.frames]
    for shown in everything:
        assert layout.left <= shown.x
        assert shown.x + shown.width <= layout.right
        assert shown.y + shown.height <= layout.bottom


DRAWN = {
    "order": chart(*order()),
    "failure": chart(*order(), on_failure=[log("alarm"), log("told")]),
    "chain": chart(*chain(7)),
    "fan": chart(*fan(9)),
    "dense": chart(*dense(9)),
    "nested": chart(*nested(10, 5)),
}


@pytest.mark.parametrize("name", DRAWN)
def test_nothing_overlaps(name: str) -> None:
    check_layout(layout_of(DRAWN[name]))
    read(svg(DRAWN[name]))


def test_all_that_is_drawn_is_in_the_view() -> None:
    root = read(svg(DRAWN["failure"]))
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (width, height) == (float(root.attrib["width"]), float(root.attrib["height"]))
    for rectangle in root.iter(f"{NAMESPACE}rect"):
        x, y, across, down = (float(rectangle.attrib[name]) for name in ("x", "y", "width", "height"))
        assert left <= x
        assert top <= y
        assert x + across <= left + width
        assert y + down <= top + height


def test_everything_is_written_that_the_chart_tells() -> None:
    found = texts(read(svg(DRAWN["failure"])))
    assert found[0] == "Test"
    assert {"manual", "Each item", "each · for_each", "trigger.body.items", "then", "else", "stock"} <= {
        *found
    }
    assert {"branches[1]", 'cases[0]: equals "gift"', "on error", "on failed", "alarm"} <= {*found}


def test_what_runs_after_a_failure_hangs_on_dashed_lines() -> None:
    root = read(svg(DRAWN["failure"]))
    classes = [element.attrib.get("class") for element in root.iter(f"{NAMESPACE}path")]
    assert classes.count("e x") == 2
    style = next(root.iter(f"{NAMESPACE}style")).text or ""
    assert ".e.x{" in style
    assert "stroke-dasharray:5 4" in style


def test_an_execution_has_colours_numbers_and_a_legend() -> None:
    tallies = {
        "size": Tally({"completed": 1}),
        "each": Tally({"running": 1}, done=980, total=1000, failed=2),
        "pay": Tally({"failed": 1}),
    }
    root = read(svg(chart(*order(), tallies=tallies)))
    found = texts(root)
    assert found[0] == "Test: running"
    assert "Each item (980/1000, 2 failed)" in found
    assert found[-4:] == ["running", "completed", "failed", "has not run"]
    fills = {
        (group.find(f"{NAMESPACE}text").text): group.find(f"{NAMESPACE}g").attrib["fill"]  # type: ignore[union-attr]
        for group in root.iter(f"{NAMESPACE}g")
        if group.find(f"{NAMESPACE}text") is not None
    }
    assert len({fills[name] for name in ("size", "Each item (980/1000, 2 failed)", "pay", "big")}) == 4
    assert fills["big"] == fills["kind"]


def test_no_text_of_strangers_is_read_as_anything_else() -> None:
    hostile = [
        log("a", name=HOSTILE, when=HOSTILE),
        action("b", "parallel", {"branches": [{"name": HOSTILE[:90], "actions": [log("c", name="]]>")]}]}),
        log("d", name="\u0000\u0007\u202e\ufffe\uffff\u2028"),
        action("e", HOSTILE[:100], {}),
    ]
    found = texts(read(svg(chart(*hostile, title=HOSTILE))))
    assert "a\"b<script>alert('1')</script>&amp;`x`…" in found
    assert "]]>" in found


@pytest.mark.parametrize("name", LARGE)
def test_the_largest_definitions_are_drawn_at_once(name: str) -> None:
    drawn = chart(*LARGE[name])
    start = time.process_time()
    text = svg(drawn)
    assert time.process_time() - start < 2
    assert len(text) < 2_000_000
    read(text)
