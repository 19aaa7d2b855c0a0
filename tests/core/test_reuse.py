"""Which results hold in a retry."""

from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.contracts import StepOutcome
from gorax.core.reuse import lasting


def log(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "type": "log", "config": {"message": "m"}, **more}


DEFINITION = {
    "actions": [
        log("plain", on_error=[log("instead")]),
        {"id": "told", "type": "set", "config": {"variables": {"a": 1}}},
        {
            "id": "attempt",
            "type": "try_catch",
            "config": {
                "actions": [log("work", on_error=[log("deep")])],
                "catch": [{"actions": [log("caught")]}],
                "finally": [log("tidy")],
            },
        },
        {"id": "each", "type": "for_each", "config": {"items": "[1]", "actions": [log("item")]}},
        {"id": "call", "type": "sub_workflow", "config": {"workflow_id": "wf_x"}},
        {"id": "nap", "type": "delay", "config": {"duration": "1s"}},
    ],
    "on_failure": [log("note")],
}


@pytest.mark.parametrize(
    ("completed", "lasting_"),
    [
        ("plain call nap", "plain call nap"),
        ("told each attempt each[0].item each[17].item", "each[0].item each[17].item"),
        ("plain.instead", ""),
        ("attempt.work attempt.tidy attempt.caught", "attempt.work"),
        (
            "attempt attempt.work attempt.tidy attempt.caught",
            "attempt.work attempt.tidy attempt.caught",
        ),
        ("attempt attempt.work.deep", ""),
        ("plain on_failure.note", "plain"),
        ("unknown", ""),
    ],
)
def test_what_lasts(completed: str, lasting_: str) -> None:
    outcomes = {path: StepOutcome(output=path) for path in completed.split()}
    assert list(lasting(DEFINITION, full_catalogue(), outcomes)) == lasting_.split()
