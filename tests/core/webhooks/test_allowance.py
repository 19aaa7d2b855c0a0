"""What is looked at while others wait, and what is too much for that."""

from typing import Any

import pytest

from gorax.core.expressions import DEFAULT_FUEL
from gorax.core.json_schema import MAX_STEPS, compile_schema
from gorax.core.webhooks.filters import GLANCE, WHOLE, CostlyError, unwanted
from gorax.core.webhooks.keys import dedupe_key

MANY = {"body": {"items": list(range(3_000)), "key": "k"}}
FEW = {"body": {"items": [1, 2], "key": "k"}}
COSTLY = "all(trigger.body.items, # >= 0)"
ENDLESS = "all(0..9999, all(0..9999, true))"
INTEGERS = compile_schema({"properties": {"items": {"items": {"type": "integer"}}}})


def test_a_glance_is_a_small_part_of_the_whole() -> None:
    assert WHOLE == (DEFAULT_FUEL, MAX_STEPS)
    assert GLANCE.fuel * 50 <= WHOLE.fuel
    assert GLANCE.steps * 200 <= WHOLE.steps


@pytest.mark.parametrize("trigger", [FEW, MANY])
def test_what_most_webhooks_ask_is_answered_at_a_glance(trigger: dict[str, Any]) -> None:
    assert dedupe_key("trigger.body.key", trigger, {}, GLANCE) == "expression:k"
    assert unwanted(None, "trigger.body.key == 'k'", trigger, GLANCE) is None
    assert unwanted(None, "trigger.body.nothing.at.all", trigger, GLANCE) is not None


def test_what_costs_more_is_looked_at_again() -> None:
    assert unwanted(INTEGERS, COSTLY, FEW, GLANCE) is None
    for schema, expression in ((INTEGERS, None), (None, COSTLY)):
        with pytest.raises(CostlyError):
            unwanted(schema, expression, MANY, GLANCE)
        assert unwanted(schema, expression, MANY) is None
    with pytest.raises(CostlyError):
        dedupe_key(f"{COSTLY} ? 'a' : 'b'", MANY, {}, GLANCE)
    assert dedupe_key(f"{COSTLY} ? 'a' : 'b'", MANY, {}) == "expression:a"


def test_what_costs_more_than_all_there_is_is_not_wanted() -> None:
    with pytest.raises(CostlyError):
        unwanted(None, ENDLESS, FEW, GLANCE)
    assert "budget" in str(unwanted(None, ENDLESS, FEW))
    assert dedupe_key(ENDLESS, FEW, {"idempotency-key": "1"}) == "idempotency-key:1"
