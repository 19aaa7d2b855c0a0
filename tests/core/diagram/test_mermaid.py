"""Mermaid text. It was read by Mermaid's own parser when it was written; here it is held against the same grammar."""

import re
import time

import pytest

from gorax.core.diagram import MAX_EDGES, Tally, mermaid
from tests.core.diagram.drawings import HOSTILE, LARGE, action, chart, log, order

_QUOTED = r'"[^"`{}<>;#&%\\\n]*(?:(?:#\d+;|<br/>)[^"`{}<>;#&%\\\n]*)*"'
_SHAPES = "|".join(
    [
        rf"\[{_QUOTED}\]",
        rf"\({_QUOTED}\)",
        rf"\(\[{_QUOTED}\]\)",
        rf"\[\[{_QUOTED}\]\]",
        rf"\{{{_QUOTED}\}}",
        rf"\{{\{{{_QUOTED}\}}\}}",
        rf"\[/{_QUOTED}/\]",
        rf"\[/{_QUOTED}\\\]",
        rf">{_QUOTED}\]",
    ]
)
_ID = r"(?:[ng]\d+|start|title|legend|legend_[a-z_]+|remark)"
_STATEMENT = re.compile(
    "|".join(
        [
            r"flowchart TB",
            r"end",
            r"direction TB",
            rf"{_ID}(?:{_SHAPES}):::is_[a-z_]+",
            rf'subgraph {_ID}\[" "\]',
            rf"{_ID} (?:-->|-\.->|~~~)(?:\|{_QUOTED}\|)? {_ID}",
            rf"style {_ID} fill:#\w+,stroke:#\w+",
            r"classDef is_[a-z_]+ fill:(?:#\w+|none),stroke:(?:#\w+|none),color:#\w+(?:,stroke-[a-z]+:[0-9a-z ]+)?",
        ]
    )
)


def statements(text: str) -> list[str]:
    """The lines, each of which must be one statement; every subgraph that begins ends."""
    lines = [line.strip() for line in text.splitlines()]
    for line in lines:
        assert _STATEMENT.fullmatch(line), line
    depth = 0
    for line in lines:
        depth += line.startswith("subgraph ")
        depth -= line == "end"
        assert depth >= 0
    assert depth == 0
    used = set(re.findall(r":::(is_\w+)", text))
    assert used == set(re.findall(r"classDef (is_\w+)", text))
    return lines


def test_a_whole_definition() -> None:
    text = mermaid(chart(*order(), on_failure={"on": ["failed", "cancelled"], "actions": [log("alarm")]}))
    lines = statements(text)
    assert 'n1{"size<br/>if<br/>trigger.body.total #62; 1000"}:::is_choice' in lines
    assert 'n1 -->|"then"| n2' in lines
    assert 'n1 -->|"else"| n3' in lines
    assert 'n4{{"Each item<br/>each · for_each<br/>trigger.body.items"}}:::is_loop' in lines
    assert "start --> g1" in lines
    assert "g1 --> g4" in lines
    assert [line for line in lines if "-.->" in line] == [
        'n5 -.->|"on error"| g6',
        'start -.->|"on failed, cancelled"| g25',
    ]


def test_an_execution_has_colours_numbers_and_a_legend() -> None:
    tallies = {
        "size": Tally({"completed": 1}),
        "each": Tally({"running": 1}, done=980, total=1000, failed=2),
        "pay": Tally({"failed": 1}),
    }
    lines = statements(mermaid(chart(*order(), tallies=tallies)))
    assert 'title["Test#58; running"]:::is_plain' in lines
    assert any(
        line.startswith('n4{{"Each item (980/1000, 2 failed)<br/>') and line.endswith("is_running")
        for line in lines
    )
    assert 'n2("big<br/>log"):::is_idle' in lines
    legend = [line for line in lines if line.startswith("legend_")]
    assert legend == [
        'legend_running["running"]:::is_running',
        'legend_completed["completed"]:::is_completed',
        'legend_failed["failed"]:::is_failed',
        'legend_idle["has not run"]:::is_idle',
    ]


def test_an_execution_whose_steps_are_not_known_says_so() -> None:
    drawn = chart(*order())
    known = type(drawn)(drawn.title, drawn.trigger, drawn.main, None, status="completed")
    lines = statements(mermaid(known))
    assert 'remark["what became of its steps is not known"]:::is_plain' in lines
    assert not any("legend" in line for line in lines)


def test_no_text_of_strangers_is_read_as_anything_else() -> None:
    hostile = [
        log("end", name=HOSTILE, when=HOSTILE),
        action(
            "graph",
            "switch",
            {"cases": [{"when": HOSTILE, "actions": [log("subgraph", name='"]')]}], "value": HOSTILE},
            name="%%{init: {}}%%",
        ),
        action("click", "parallel", {"branches": [{"name": HOSTILE[:90], "actions": [log("style")]}]}),
        action("class", HOSTILE[:100], {}),
    ]
    text = mermaid(chart(*hostile, title=HOSTILE))
    statements(text)
    assert "script>" not in text
    assert "%%" not in text


@pytest.mark.parametrize("name", LARGE)
def test_the_largest_definitions_are_drawn_at_once(name: str) -> None:
    drawn = chart(*LARGE[name])
    start = time.process_time()
    text = mermaid(drawn)
    assert time.process_time() - start < 1
    assert len(text) < 500_000
    lines = statements(text)
    assert sum(" --> " in line for line in lines) <= MAX_EDGES + 500


def test_what_is_not_drawn_is_told() -> None:
    lines = statements(mermaid(chart(*LARGE["dense"])))
    assert 'remark["54,485 more dependencies are not drawn"]:::is_plain' in lines
