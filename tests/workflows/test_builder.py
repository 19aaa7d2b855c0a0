"""Definitions of the visual builder, run as they compile: they do what the original does with them."""

from typing import Any

from gorax.core.builder import compile_builder
from tests.core.builder.canvases import canvas
from tests.support.interpreter import Finished, Interpreter


async def drawn(interpreter: Interpreter, nodes: dict[str, Any], edges: str, body: Any = None) -> Finished:
    return await interpreter.run(compile_builder(canvas(nodes, edges)), body)


def fail(kind: str) -> tuple[str, dict[str, Any]]:
    return "fail", {"type": kind, "message": f"{kind} happened"}


async def test_a_loop_with_break_conditions(interpreter: Interpreter) -> None:
    breaks = [{"operator": "equals", "field": "row.name", "value": "c"}, {"condition": "${loop.index} == 7"}]
    nodes = {
        "t": ("trigger:manual", {}),
        "each-row": (
            "control:loop",
            {"source": "${trigger.rows}", "item_variable": "row", "break_conditions": breaks},
        ),
        "say": ("action:transform", {"mapping": {"text": "${loop.index}: ${row.name}"}}),
        "after": ("action:formula", {"expression": "steps.each-row.iteration_count"}),
    }
    rows = [{"name": name} for name in "abcde"]
    finished = await drawn(
        interpreter, nodes, "t>each-row each-row>say[body] each-row>after[done]", {"rows": rows}
    )
    assert finished.output == 3
    assert finished.steps["each-row"].output["results"][2] == {"text": "2: c"}


async def test_a_loop_over_an_object(interpreter: Interpreter) -> None:
    config = {"source": "trigger.prices", "item_variable": "price", "key_variable": "sku"}
    nodes = {
        "loop": ("control:loop", config),
        "say": ("action:transform", {"mapping": {"is": "${sku} ${price}"}}),
    }
    finished = await drawn(interpreter, nodes, "loop>say", {"prices": {"z": 1, "a": 2}})
    assert finished.output["results"] == [{"is": "a 2"}, {"is": "z 1"}]


async def test_a_loop_that_goes_on_after_an_error(interpreter: Interpreter) -> None:
    nodes = {
        "loop": ("control:loop", {"source": "trigger.body", "item_variable": "n", "on_error": "continue"}),
        "odd": ("control:if", {"condition": "n % 2 == 1"}),
        "bad": fail("odd"),
    }
    finished = await drawn(interpreter, nodes, "loop>odd odd>bad[true]", [1, 2, 3])
    assert finished.status == "completed"
    assert (finished.output["succeeded"], finished.output["failed"]) == (1, 2)


async def test_a_try_with_its_parts(interpreter: Interpreter) -> None:
    parts = {
        "try_nodes": ["bad", "late"],
        "catch_nodes": ["mend"],
        "finally_nodes": ["tidy"],
        "error_binding": "problem",
    }
    nodes = {
        "t": ("trigger:manual", {}),
        "guard": ("control:try", parts),
        "bad": fail("no_stock"),
        "late": ("probe", {}),
        "mend": (
            "action:transform",
            {"mapping": {"why": "${problem.message}", "where": "${problem.node_id}"}},
        ),
        "tidy": ("probe", {}),
        "after": ("action:transform", {"mapping": {"why": "${steps.mend.why}"}}),
    }
    finished = await drawn(interpreter, nodes, "t>guard guard>after")
    assert finished.output == {"why": "no_stock happened"}
    assert finished.order == ["guard", "guard.bad", "guard.mend", "guard.tidy", "after"]
    assert finished.steps["guard.mend"].output == {"why": "no_stock happened", "where": "bad"}


async def test_a_join_that_waits_for_some(interpreter: Interpreter) -> None:
    nodes = {
        "start": ("control:fork", {"branch_count": 3}),
        "a": ("control:delay", {"duration": "1m"}),
        "b": ("control:delay", {"duration": "2m"}),
        "c": ("control:delay", {"duration": "9h"}),
        "meet": ("control:join", {"join_strategy": "wait_n", "required_count": 2}),
    }
    finished = await drawn(interpreter, nodes, "start>a start>b start>c a>meet b>meet c>meet")
    assert finished.status == "completed"
    assert finished.statuses()["start.c"] == "cancelled"


async def test_a_parallel_that_goes_on_after_an_error(interpreter: Interpreter) -> None:
    branches = [{"name": "bad", "nodes": ["bad"]}, {"name": "good", "nodes": ["good"]}]
    nodes = {
        "both": ("control:parallel", {"failure_mode": "continue", "branches": branches}),
        "bad": fail("broken"),
        "good": ("probe", {}),
        "after": ("action:formula", {"expression": "1"}),
    }
    finished = await drawn(interpreter, nodes, "both>after")
    assert finished.output == 1
    assert finished.statuses() == {
        "both": "failed",
        "both.bad": "failed",
        "both.good": "completed",
        "after": "completed",
    }


async def test_branches_that_meet_again(interpreter: Interpreter) -> None:
    nodes = {
        "vip": ("control:if", {"condition": "${trigger.total} > 100"}),
        "gift": ("probe", {"value": "a gift"}),
        "end": ("action:transform", {"mapping": {"gift": "steps.gift"}}),
    }
    edges = "vip>gift[true] gift>end vip>end[false]"
    for total, gift in ((500, "a gift"), (5, None)):
        finished = await drawn(interpreter, nodes, edges, {"total": total})
        assert finished.output == {"gift": gift}
