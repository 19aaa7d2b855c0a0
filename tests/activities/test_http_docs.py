"""The page about `http` tells of every field."""

from pathlib import Path

from activities.connectors.http import ACTION
from activities.http.config import HttpConfig
from gorax.core.actions.catalogue import full_catalogue

PAGE = Path(__file__).parents[2] / "docs" / "http.md"


def test_every_field_is_documented() -> None:
    text = PAGE.read_text()
    for name in HttpConfig.model_fields:
        assert f"`{name}`" in text, name


def test_the_catalogue_has_the_action() -> None:
    assert full_catalogue().effect("action:http") is ACTION
    HttpConfig.model_validate(ACTION.example)
    assert HttpConfig.model_json_schema()["properties"]["method"]["default"] == "GET"
