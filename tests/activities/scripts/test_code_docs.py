"""The documentation of the action: its examples run and give what it says."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.connectors.code import ACTION
from activities.scripts.config import MAX_RESULT_BYTES, MAX_SCRIPT, CodeConfig
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import parse_definition
from gorax.core.expressions import Environment, Meter, render
from tests.activities.scripts.conftest import Run
from tests.docs.fences import fences

FILE = Path(__file__).parents[3] / "docs" / "code.md"
PAGE = FILE.read_text()
BLOCKS = [json.loads(fence.text) for fence in fences(FILE, "json")]
EXAMPLES = list(zip(BLOCKS[::2], BLOCKS[1::2], strict=True))


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 3


@pytest.mark.parametrize(("action", "told"), EXAMPLES, ids=lambda block: block.get("id", ""))
async def test_an_example_gives_what_is_told(run: Run, action: dict[str, Any], told: dict[str, Any]) -> None:
    environment = Environment(told["context"], now=lambda: datetime.now(UTC), uuid=lambda: "")
    config = dict(action["config"])
    if "input" in config:
        config["input"] = render(config["input"], environment, Meter(10_000))
    assert await run(**config, context=told["context"]) == told["output"]


async def test_the_example_of_the_catalogue_runs(run: Run) -> None:
    config = {**ACTION.example, "input": [{"paid": True}, {"paid": False}]}
    assert (await run(**config))["result"] == {"count": 1}
    parse_definition({"actions": [{"id": "a", "type": "code", "config": ACTION.example}]}, full_catalogue())


@pytest.mark.parametrize("name", [name for name in CodeConfig.model_fields if name != "context"])
def test_every_field_is_documented(name: str) -> None:
    assert f"| `{name}` |" in PAGE


def test_the_bounds_are_those_that_hold() -> None:
    assert f"{MAX_SCRIPT:,} characters" in PAGE
    assert f"{MAX_RESULT_BYTES:,} bytes" in PAGE


def test_the_catalogue_has_the_action() -> None:
    assert full_catalogue().effect("action:code") is ACTION
