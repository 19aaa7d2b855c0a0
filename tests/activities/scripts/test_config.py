"""What the config accepts, when it is stored and when it runs."""

from typing import Any

import pytest

from activities.connectors.code import ACTION
from gorax.core.definition import check_config
from gorax.core.definition.config import config_problems
from gorax.core.errors import StepError

REFUSED: list[tuple[dict[str, Any], str]] = [
    ({}, "script"),
    ({"script": ""}, "script"),
    ({"script": "x" * 65_537}, "65536"),
    ({"script": 1}, "script"),
    ({"script": "1", "timeout": 0}, "at most 60 seconds"),
    ({"script": "1", "timeout": "61s"}, "at most 60 seconds"),
    ({"script": "1", "timeout": "soon"}, "not a duration"),
    ({"script": "1", "memory_limit_mb": 7}, "8"),
    ({"script": "1", "memory_limit_mb": 257}, "256"),
    ({"script": "1", "memory": 32}, "memory"),
]


@pytest.mark.parametrize(("config", "message"), REFUSED)
def test_a_config_out_of_bounds_is_refused_when_it_is_stored(config: dict[str, Any], message: str) -> None:
    problems = list(config_problems(ACTION, config))
    assert problems
    assert any(message in problem.pointer + problem.message for problem in problems)


@pytest.mark.parametrize(("config", "message"), REFUSED)
def test_a_config_out_of_bounds_is_refused_when_it_runs(config: dict[str, Any], message: str) -> None:
    with pytest.raises(StepError, match=message):
        check_config(ACTION, config)


def test_what_the_interpreter_adds_is_not_offered_to_authors() -> None:
    assert set(ACTION.config.model_json_schema()["properties"]) == {
        "script",
        "input",
        "timeout",
        "memory_limit_mb",
    }
