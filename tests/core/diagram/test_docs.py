"""The page about diagrams shows what is drawn."""

import json
from pathlib import Path

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import parse_definition
from gorax.core.diagram import MAX_EDGES, chart_of, mermaid
from gorax.core.diagram.palette import LEGEND
from tests.docs.fences import fences

FILE = Path(__file__).parents[3] / "docs" / "diagrams.md"
PAGE = FILE.read_text()


def test_the_definition_is_drawn_as_shown() -> None:
    [raw] = fences(FILE, "json")
    [drawn] = fences(FILE, "mermaid")
    definition = parse_definition(json.loads(raw.text), full_catalogue())
    assert mermaid(chart_of(definition, full_catalogue(), title="Orders · version 1")) == drawn.text


def test_the_words_and_numbers_are_those_in_use() -> None:
    assert f"`{LEGEND['idle']}`" in PAGE
    assert f"At most {MAX_EDGES:,} dependencies" in PAGE
