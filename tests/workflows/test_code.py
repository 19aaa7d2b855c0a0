"""`code` in an execution: what its script sees, and what becomes of its end."""

from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.definition import InvalidDefinition, parse_definition
from tests.support.interpreter import Interpreter


def code(action_id: str, script: str, **config: Any) -> dict[str, Any]:
    return {"id": action_id, "type": "code", "config": {"script": script, **config}}


async def test_a_script_sees_the_execution_as_expressions_do(interpreter: Interpreter) -> None:
    done = await interpreter.run(
        {
            "variables": {"rate": 2},
            "actions": [
                {"id": "sum", "type": "transform", "config": {"expression": "trigger.body.a + 1"}},
                {"id": "unread", "type": "transform", "config": {"expression": "'x'"}},
                code(
                    "twice",
                    "const text = `${{a: 1}.a}{{not a template}}`;\n"
                    "return [context.steps.sum.output * context.vars.rate, context.trigger.body,\n"
                    "  context.input, context.env.workflow_name, text, Object.keys(context.steps).sort()];",
                    input={"b": "{{steps.sum.output}}"},
                ),
                code("after", "return context.steps.twice.output.result[0] + 1;"),
            ],
            "output": "{{steps.after.output.result}}",
        },
        {"a": 4},
    )
    assert done.status == "completed"
    assert done.output == 11
    assert done.steps["twice"].output["result"] == [
        10,
        {"a": 4},
        {"b": 5},
        "test",
        "1{{not a template}}",
        ["sum", "unread"],
    ]


async def test_a_script_that_fails_is_not_tried_again(interpreter: Interpreter) -> None:
    done = await interpreter.run({"actions": [code("bad", "\nmissing();")]})
    assert done.status == "failed"
    assert done.error
    assert (done.error.type, done.error.attempt) == ("script", 1)
    assert done.error.details["line"] == 2


async def test_a_script_that_is_slow_moves_to_an_activity(interpreter: Interpreter) -> None:
    slow = "const until = Date.now() + 3500; while (Date.now() < until); return 'done';"
    done = await interpreter.run({"actions": [code("slow", slow, timeout="8s")]})
    assert done.output == {"result": "done", "logs": []}
    assert "activity_task_completed_event_attributes" in done.events


async def test_a_script_that_never_ends_times_out(interpreter: Interpreter) -> None:
    done = await interpreter.run({"actions": [code("endless", "while (true);", timeout="1s")]})
    assert done.error
    assert done.error.type == "timeout"


@pytest.mark.parametrize(
    ("config", "pointer"),
    [
        ({"script": "return 1", "context": {"trigger": 1}}, "/actions/0/config/context"),
        ({"script": "{{trigger.body}}" + "x" * 70_000}, "/actions/0/config/script"),
    ],
)
def test_what_cannot_run_is_refused_at_save(config: dict[str, Any], pointer: str) -> None:
    with pytest.raises(InvalidDefinition) as caught:
        parse_definition({"actions": [{"id": "a", "type": "code", "config": config}]}, full_catalogue())
    assert pointer in [problem.pointer for problem in caught.value.problems]
