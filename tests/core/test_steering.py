"""What follows from a version's definition, worked out once."""

from typing import Any

import pytest
from pydantic import ValidationError

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.steering import Steerings, action_form

PLAIN: dict[str, Any] = {
    "actions": [
        {"id": "ask", "type": "action:http", "config": {"url": "https://example.com"}},
        {"id": "say", "type": "log", "config": {"message": "m"}},
    ],
    "timeout": "5m",
    "input_schema": {"type": "object", "required": ["order"]},
}
DRAWN: dict[str, Any] = {
    "nodes": [
        {"id": "t", "type": "trigger:webhook", "data": {}},
        {"id": "f", "type": "action:formula", "data": {"config": {"expression": "1 + 1"}}},
    ],
    "edges": [{"id": "e", "source": "t", "target": "f"}],
}


def test_it_has_what_an_execution_is_begun_with() -> None:
    steering = Steerings(full_catalogue()).of("wf_a", 1, PLAIN)
    assert steering.definition == PLAIN
    assert steering.timeout == 300
    assert set(steering.traits) == {"action:http"}
    assert steering.input_problems({"order": 1}) == []
    [problem] = steering.input_problems({})
    assert problem.pointer == "/order"


def test_without_a_schema_everything_may_come_in() -> None:
    steering = Steerings(full_catalogue()).of("wf_a", 1, {"actions": PLAIN["actions"]})
    assert steering.input_problems(object()) == []


def test_nodes_and_edges_become_actions() -> None:
    steering = Steerings(full_catalogue()).of("wf_a", 1, DRAWN)
    assert [action["type"] for action in steering.definition["actions"]] == ["formula"]
    assert steering.definition == action_form(DRAWN)


def test_a_version_is_worked_out_once_and_others_are_others() -> None:
    steerings = Steerings(full_catalogue())
    first = steerings.of("wf_a", 1, PLAIN)
    assert steerings.of("wf_a", 1, {"nodes": "never looked at"}) is first
    assert steerings.of("wf_a", 2, PLAIN) is not first
    assert steerings.of("wf_b", 1, PLAIN) is not first


def test_what_is_kept_is_bounded_by_its_size() -> None:
    steerings = Steerings(full_catalogue(), kept_bytes=1_000)
    first = steerings.of("wf_a", 1, PLAIN)
    for number in range(2, 5):
        steerings.of("wf_a", number, PLAIN)
        assert steerings.of("wf_a", 1, PLAIN) is first  # used last, so it stays
    for number in range(5, 15):
        steerings.of("wf_a", number, PLAIN)
    assert steerings.of("wf_a", 1, PLAIN) is not first
    large = {**PLAIN, "metadata": "x" * 2_000}
    assert steerings.of("wf_large", 1, large).definition == large


def test_what_is_no_definition_any_more_is_refused() -> None:
    with pytest.raises(ValidationError):
        Steerings(full_catalogue()).of("wf_a", 1, {"actions": "none"})
