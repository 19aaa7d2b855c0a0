"""The documentation of the language: every type has an example, and what it lists is all there is."""

import json
import re
from pathlib import Path

import pytest

from gorax.core.actions.catalogue import flow_catalogue
from gorax.core.definition import Action, Definition
from gorax.core.definition.bounds import MAX_TEMPLATES, MAX_TOKENS

DOCS = Path(__file__).parents[3] / "docs"
PAGE = (DOCS / "definitions.md").read_text()
PAGES = PAGE + (DOCS / "control-flow.md").read_text()
EXAMPLES = [
    json.loads(block) for block in re.findall(r"^```json\n(.*?)^```", PAGES, re.DOTALL | re.MULTILINE)
]


def test_every_type_of_the_language_has_an_example() -> None:
    shown = {action["type"] for example in EXAMPLES for action in example.get("actions", [example])}
    assert {action_type.name for action_type in flow_catalogue()} <= shown


@pytest.mark.parametrize(
    ("type_", "field"),
    [
        (action_type.name, field.alias or name)
        for action_type in flow_catalogue()
        for name, field in action_type.config.model_fields.items()
    ],
)
def test_every_field_of_a_config_is_told(type_: str, field: str) -> None:
    section = PAGES.partition(f"`{type_}`")[2]
    assert f"`{field}`" in section or f'"{field}"' in section


@pytest.mark.parametrize("field", [*Definition.model_fields, *Action.model_fields])
def test_every_field_of_the_frame_is_told(field: str) -> None:
    assert f"`{field}`" in PAGE


def test_the_bounds_are_those_that_hold() -> None:
    assert f"{MAX_TEMPLATES:,} templates, and {MAX_TOKENS:,} names" in PAGE
