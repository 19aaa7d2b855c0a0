"""The examples of the documentation hold."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from activities.connectors.http import ACTION
from activities.http.config import HttpConfig
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import parse_definition

PAGE = Path(__file__).parents[2] / "docs" / "http.md"
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", PAGE.read_text(), re.DOTALL)]


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 8


@pytest.mark.parametrize("action", EXAMPLES, ids=lambda action: action["id"])
def test_an_example_is_a_valid_action(action: dict[str, Any]) -> None:
    parse_definition({"actions": [action]}, full_catalogue())


def test_every_field_is_documented() -> None:
    text = PAGE.read_text()
    for name in HttpConfig.model_fields:
        assert f"`{name}`" in text, name


def test_the_catalogue_has_the_action() -> None:
    assert full_catalogue().effect("action:http") is ACTION
    HttpConfig.model_validate(ACTION.example)
    assert HttpConfig.model_json_schema()["properties"]["method"]["default"] == "GET"
