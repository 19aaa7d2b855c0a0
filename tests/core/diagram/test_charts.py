"""From definitions to charts: shapes, labels and numbers, all by what the types declare."""

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import all_actions, load_definition
from gorax.core.diagram import MAX_EDGES, Tally, chart_of
from gorax.core.diagram.chart import Block, Chart
from tests.core.diagram.drawings import HOSTILE, action, chart, dense, log, order


def blocks(drawn: Chart) -> dict[str, Block]:
    """Every block by its title."""
    return {block.title: block for block in drawn.blocks()}


def test_the_shape_follows_from_what_a_type_is() -> None:
    shapes = {title: block.shape for title, block in blocks(chart(*order())).items()}
    assert {shapes[name] for name in ("size", "kind")} == {"choice"}
    assert shapes["Each item"] == "loop"
    assert shapes["both"] == "fork"
    assert shapes["safely"] == "group"
    assert shapes["pause"] == "wait"
    assert shapes["done"] == "end"
    assert shapes["big"] == "pure"
    assert shapes["away"] == "unknown"


@pytest.mark.parametrize("name", [action_type.name for action_type in full_catalogue()])
def test_every_type_is_drawn_with_all_that_is_in_it(name: str) -> None:
    found = full_catalogue().get(name)
    assert found
    definition = load_definition({"actions": [action("a", name, found.example)]})
    drawn = chart_of(definition, full_catalogue(), title="t")
    assert drawn.main.blocks[0].shape != "unknown"
    assert len(list(drawn.blocks())) == len(list(all_actions(definition, full_catalogue())))


def test_lists_are_called_what_they_are() -> None:
    drawn = blocks(chart(*order()))
    labels = {title: [lane.label for lane in block.lanes] for title, block in drawn.items() if block.lanes}
    assert labels == {
        "size": ["then", "else"],
        "Each item": [""],
        "both": ["stock", "branches[1]"],
        "safely": ["actions", "catch[0]: errors http_4xx,…", "finally"],
        "kind": ['cases[0]: equals "gift"', "cases[1]: when trigger.body…", "default"],
    }
    assert drawn["one"].handlers is not None
    assert drawn["one"].handlers.label == "on error"


def test_empty_lists_are_not_there() -> None:
    [block] = chart(action("a", "if", {"condition": "true", "then": [log("b")], "else": []})).main.blocks
    assert [lane.label for lane in block.lanes] == ["then"]


def test_notes_tell_the_type_and_what_decides() -> None:
    drawn = blocks(chart(*order()))
    assert drawn["Each item"].notes == ("each · for_each", "trigger.body.items")
    assert drawn["size"].notes == ("if", "trigger.body.total > 1000")
    assert drawn["pause"].notes == ("delay", "when vars.slow")
    [tolerant] = chart(log("a", on_error="continue")).main.blocks
    assert tolerant.notes == ("log", "goes on after an error")


def test_edges_are_what_is_waited_for() -> None:
    lane = chart(log("a"), log("b"), log("c", depends_on=["a"]), log("d", depends_on=[])).main
    assert lane.edges == ((0, 1), (0, 2))
    assert lane.starts == (0, 3)


def test_edges_beyond_the_bound_are_counted() -> None:
    drawn = chart(*dense(500))
    assert len(drawn.main.edges) == MAX_EDGES
    assert drawn.omitted_edges == sum(min(place, 130) for place in range(500)) - MAX_EDGES


def test_texts_of_strangers_become_short_lines() -> None:
    [first, second, third] = chart(
        log("a", name=HOSTILE), log("b", name="\u202e\x00 \u2028\x07"), log("c", name="漢字" * 100)
    ).main.blocks
    assert first.title == "a\"b<script>alert('1')</script>&amp;`x`…"
    assert second.title == "b"
    assert third.title == "漢字" * 9 + "漢…"
    assert len(third.hint) < 420


@pytest.mark.parametrize(
    ("tally", "status", "text"),
    [
        (Tally(), None, ""),
        (Tally({"completed": 1}), "completed", ""),
        (Tally({"completed": 998, "failed": 2}), "failed", "1000×, 2 failed"),
        (Tally({"completed": 5, "running": 1, "timed_out": 1}), "running", "7×, 1 running, 1 timed out"),
        (Tally({"skipped": 2, "completed": 1}), "completed", "3×, 2 skipped"),
        (Tally({"completed": 1}, done=980, total=1000, failed=2), "completed", "980/1000, 2 failed"),
        (Tally({"running": 1}, done=3), "running", "3"),
        (Tally({"completed": 7}, partial=True), "completed", "at least 7×"),
        (Tally(partial=True), None, "not counted"),
    ],
)
def test_numbers_of_an_execution(tally: Tally, status: str | None, text: str) -> None:
    assert (tally.status, tally.text) == (status, text)


def test_what_a_loop_did_not_count_is_not_taken_for_what_did_not_run() -> None:
    tallies = {
        "each": Tally({"running": 1}, done=9_000, total=10_000, partial=True),
        "one": Tally({"completed": 2}),
    }
    drawn = blocks(chart(*order(), tallies=tallies))
    texts = {name: block.tally.text for name, block in drawn.items() if block.tally}
    assert texts["Each item"] == "9000/10000"
    assert texts["one"] == "at least 2×"
    assert texts["two"] == texts["bad"] == "not counted"
    assert texts["size"] == ""
