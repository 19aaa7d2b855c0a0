"""The page about the builder holds what it says."""

import json
import re
from pathlib import Path

import pytest

from gorax.core.builder import compile_builder
from tests.core.builder.canvases import canvas

_PAGE = (Path(__file__).parents[3] / "docs" / "visual-builder.md").read_text()
_ROWS = re.findall(r"^\| `(.+?)` \| `(.+?)` \|$", _PAGE.partition("## References")[2], re.MULTILINE)


def test_the_example_becomes_what_the_page_shows() -> None:
    authored, becomes = map(json.loads, re.findall(r"```json\n(.*?)```", _PAGE, re.DOTALL))
    assert compile_builder(authored) == becomes


def test_the_table_is_read() -> None:
    assert len(_ROWS) == 17


@pytest.mark.parametrize(("source", "becomes"), _ROWS)
def test_references_become_what_the_page_says(source: str, becomes: str) -> None:
    nodes = {
        "hook": ("trigger:webhook", {}),
        "http-1": ("action:http", {"url": "https://example.com"}),
        "last": ("action:formula", {"expression": source.replace("\\|", "|")}),
    }
    compiled = compile_builder(canvas(nodes, "hook>http-1 http-1>last", variables={"API_URL": "x"}))
    assert compiled["actions"][-1]["config"]["expression"] == becomes.replace("\\|", "|")
