"""What expressions read: refused when it cannot be there, warned of when it may not."""

from typing import Annotated, Any

import pytest

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import Config, FlowAction, SetsVariables
from gorax.core.definition import InvalidDefinition, missing_credentials, parse_definition, warnings_of
from tests.core.definition.samples import CATALOGUE, action, finish, log, of, problems, when


def warnings(raw: dict[str, Any]) -> list[str]:
    definition = parse_definition(raw, CATALOGUE)
    return [str(warning).removeprefix("definition") for warning in warnings_of(definition, CATALOGUE)]


def reading(expression: str, **rest: Any) -> list[str]:
    actions = log("a"), log("b", f"{{{{{expression}}}}}", **rest), log("c")
    found = problems(of(*actions, variables={"x": 1}))
    return [problem.removeprefix("/actions/1/config/message: ") for problem in found]


@pytest.mark.parametrize(
    "expression",
    [
        "trigger.body.anything.at.all",
        "trigger.type",
        "steps.a.output.message",
        "steps['a'].status",
        "steps.a.error?.message",
        "steps.a.attempts",
        "vars.x",
        "env.tenant_id + env.workflow_id + env.workflow_name + env.execution_id + env.started_at",
        "env.version + 1",
        "env.trigger_type",
        "let item = trigger.body; item.x",
        "map(trigger.body.items, .price)",
        "keys(steps)",
        "now()",
    ],
)
def test_what_exists_can_be_read(expression: str) -> None:
    assert reading(expression) == []


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("tirgger.body", "there is no name \"tirgger\" here; did you mean 'trigger'? (column 3)"),
        ("1 + stepz.a", "there is no name \"stepz\" here; did you mean 'steps'? (column 7)"),
        ("item.x", 'there is no name "item" here; there are env, steps, trigger, vars (column 3)'),
        ("error.message", "error can only be read in handlers"),
        ("env.tenant", "there is no env.tenant; did you mean 'tenant_id'?"),
        ("trigger.bdy", "there is no trigger.bdy; did you mean 'body'?"),
        ("trigger.headers.x", 'trigger.headers is only there when trigger.type is "webhook"'),
        ("trigger.scheduled_at", 'trigger.scheduled_at is only there when trigger.type is "schedule"'),
        ("steps.aa.output", "there is no action \"aa\"; did you mean 'a'?"),
        ("steps.a.outptu", 'steps.a has no "outptu"; what the action gave is steps.a.output'),
        ("steps.a.message", "what the action gave is steps.a.output"),
        ("steps.b.output", "'b' cannot read itself"),
        ("steps.c.output", "'c' runs after 'b'"),
        ("a +", "unexpected end"),
        ("credentials.key + ''", "credentials"),
        ("credentials.key", "credentials can only be used in the config of an action that connects"),
    ],
)
def test_what_cannot_be_there_is_refused(expression: str, expected: str) -> None:
    assert expected in reading(expression)[0]


def test_every_place_that_holds_an_expression_is_checked() -> None:
    raw = of(
        action("i", "if", when("nope1", [log("x", when="nope2")])),
        action("t", "transform", {"mapping": {"a/b": "nope3"}, "default": ["{{nope4}}"]}),
        action("s", "pick", {"cases": [{"when": "nope5", "actions": []}]}),
        log("l", on_error=[log("h", "{{nope6}}")]),
        output={"a": ["{{nope7}}"]},
        on_failure=[log("f", "{{nope8}}")],
    )
    found = dict(problem.split(": ", 1) for problem in problems(raw))
    assert {pointer: message.split('"')[1] for pointer, message in found.items()} == {
        "/actions/0/config/condition": "nope1",
        "/actions/0/config/then/0/when": "nope2",
        "/actions/1/config/mapping/a~1b": "nope3",
        "/actions/1/config/default/0": "nope4",
        "/actions/2/config/cases/0/when": "nope5",
        "/actions/3/on_error/0/config/message": "nope6",
        "/output/a/0": "nope7",
        "/on_failure/0/config/message": "nope8",
    }


@pytest.mark.parametrize("trigger", ["webhook", "schedule"])
def test_each_kind_of_trigger_has_its_own_fields(trigger: str) -> None:
    reads = {"webhook": "headers.x", "schedule": "scheduled_at"}
    for kind, field in reads.items():
        raw = of(log("a", f"{{{{trigger.{field}}}}}"), trigger={"type": trigger})
        assert (problems(raw) == []) == (kind == trigger)


def test_actions_that_run_in_parallel_cannot_read_each_other() -> None:
    def diamond(message: str) -> list[str]:
        return problems(
            of(
                log("start"),
                log("left", depends_on=["start"]),
                log("right", message, depends_on=["start"]),
                log("end", "{{steps.left.output}}{{steps.right.output}}", depends_on=["left", "right"]),
            )
        )

    assert diamond("{{steps.start.output}}") == []
    assert (
        "'left' need not have finished before 'right' starts: name it in depends_on"
        in (diamond("{{steps.left.output}}")[0])
    )


def test_an_action_inside_another_reads_what_ran_before_that_one() -> None:
    inside = action("i", "if", when("steps.a.status == 'completed'", [log("x", "{{steps.a.output}}")]))
    assert problems(of(log("a"), inside)) == []
    late = action("i", "if", when("true", [log("x", "{{steps.z.output}}{{steps.i.output}}")]))
    found = problems(of(late, log("z")))
    assert "'i' cannot read itself: it has not finished here" in found[0]
    assert "'z' runs after 'i'" in found[1]


def test_another_branch_cannot_be_read() -> None:
    branches = action("i", "if", when("true", [log("x")], [log("y", "{{steps.x.output}}")]))
    assert "'x' runs inside 'i', and cannot be read here" in problems(of(branches))[0]


def test_a_branch_that_may_not_have_run_is_warned_of_unless_read_with_care() -> None:
    branches = action("i", "if", when("trigger.body.x", [log("x")]))

    def after(expression: str) -> list[str]:
        return warnings(of(branches, log("z", f"{{{{{expression}}}}}")))

    assert after("steps.i.output.taken") == []
    assert after("steps?.x?.output") == []
    assert after("steps.x.output.message ?? 'none'") == []
    assert after("steps.x.output") == [
        "/actions/1/config/message: 'x' may not have run here: read it with ?. or ??, "
        "or the action may fail (column 3)"
    ]


def test_a_branch_that_always_runs_is_read_freely() -> None:
    branches = {"branches": {"one": {"actions": [log("x")]}}}
    read = log("z", "{{steps.x.output}}")
    assert warnings(of(action("p", "beside", branches), read)) == []
    for doubt in ({"when": "trigger.body.x"}, {"on_error": "continue"}):
        assert "'x' may not have run" in warnings(of(action("p", "beside", branches, **doubt), read))[0]


def test_the_steps_of_a_loop_are_only_read_inside_it() -> None:
    body = [log("x", "{{item}} {{index}}"), log("y", "{{steps.x.output}}")]
    loop = {"items": "trigger.body.items", "actions": body, "output": "{{steps.y.output}} {{item}}"}
    assert problems(of(action("e", "each", loop))) == []
    outside = log("z", "{{steps.x.output}}{{item}}")
    found = problems(of(action("e", "each", loop), outside))
    assert 'there is no name "item" here' in found[0]
    assert "'x' runs inside 'e', and cannot be read here" in found[1]


def test_a_loop_may_rename_its_variable() -> None:
    def loop(reads: str) -> list[str]:
        config = {"items": "1..3", "item": "order", "actions": [log("x", f"{{{{{reads}.id}}}}")]}
        return problems(of(action("e", "each", config)))

    assert loop("order") == []
    assert "there are env, index, order, steps, trigger, vars" in loop("item")[0]


def test_handlers_read_the_error_and_the_action_that_failed() -> None:
    handler = log("h", "{{error.message}} {{error.details.x}} {{steps.a.error.type}}")
    assert problems(of(log("a", on_error=[handler]))) == []
    assert "there is no error.mesage" in problems(of(log("a", on_error=[log("h", "{{error.mesage}}")])))[0]
    assert problems(of(log("a"), on_failure=[log("f", "{{error.type}}")])) == []
    caught = {"actions": [log("x")], "catch": [log("y", "{{error.type}} {{steps?.x?.output}}")]}
    assert problems(of(action("t", "attempt", caught))) == []
    assert "error can only be read" in problems(of(log("a", on_error=[handler]), log("b", "{{error}}")))[0]


def test_nothing_is_certain_when_an_execution_fails() -> None:
    assert "'a' may not have run" in warnings(of(log("a"), on_failure=[log("f", "{{steps.a.output}}")]))[0]


def test_a_handler_cannot_be_relied_upon() -> None:
    raw = of(log("a", on_error=[log("h")]), log("b", "{{steps.h.output}}"))
    assert "'h' may not have run" in warnings(raw)[0]


def test_variables_must_be_set_where_the_types_say_what_they_set() -> None:
    class PutConfig(Config):
        values: Annotated[dict[str, Any], SetsVariables()]

    put = FlowAction(name="put", config=PutConfig, summary="put", example={}, run=finish)
    catalogue = Catalogue([*CATALOGUE, put])

    def definition(name: str) -> dict[str, Any]:
        setting = action("p", "put", {"values": {"total": "{{vars.limit}}"}})
        return of(setting, log("a", f"{{{{vars.{name}}}}}"), variables={"limit": 1})

    for name in ("limit", "total"):
        parse_definition(definition(name), catalogue)
    with pytest.raises(InvalidDefinition, match=r"nothing sets vars\.totl: .* did you mean 'total'\?"):
        parse_definition(definition("totl"), catalogue)


def test_credentials_are_for_actions_that_connect() -> None:
    send = action(
        "a", "send", {"to": "{{credentials.mail.address}}", "body": {"k": "Bearer {{credentials.k}}"}}
    )
    assert problems(of(send)) == []
    definition = parse_definition(
        of(log("l"), action("i", "if", when("trigger.body != nil", [send]))), CATALOGUE
    )
    assert missing_credentials(definition, CATALOGUE, {"cred_1": "mail", "k": "other"}) == []
    assert [
        str(problem)
        for problem in missing_credentials(definition, CATALOGUE, {"cred_1": "mial", "k": "other"})
    ] == [
        "definition/actions/1/config/then/0/config/to: "
        "there is no credential \"mail\" yet; did you mean 'mial'?"
    ]
    for place in (of(log("a", "{{credentials.k}}")), of(send, output="{{credentials.k}}")):
        assert "credentials can only be used in the config" in problems(place)[0]
    assert "credentials" in problems(of(action("f", "formula", {"expression": "credentials.k"})))[0]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (of(action("s", "finish"), log("b")), "/actions/1: never runs: 's' always ends the execution before"),
        (of(log("a", when="false")), "/actions/0/when: always false: the action never runs"),
        (of(log("a", when=" true ")), "/actions/0/when: always true"),
        (of(log("a", timeout="2h"), timeout="1h"), "/actions/0/timeout: longer than the execution"),
        (of(log("a", retry={"max_attempts": 2})), "/actions/0/retry: has no effect: 'log' runs inside"),
        (of(log("a", mode="fast")), "/actions/0/mode: has no effect"),
        (
            of(log("a", "steps.x.output")),
            "/actions/0/config/message: is this text itself; for the value write {{",
        ),
        (of(action("i", "if", when("trigger.body", []))), "/actions/0/config: 'i' holds no actions"),
        (of(log("a"), variables={"x": "{{trigger.body}}"}), "/variables/x: variables are constants"),
    ],
)
def test_what_is_suspicious_is_warned_of(raw: dict[str, Any], expected: str) -> None:
    [warning] = warnings(raw)
    assert warning.startswith(expected)


def test_what_is_usual_is_not_warned_of() -> None:
    raw = of(
        action("s", "send", {"to": "a"}, retry={"max_attempts": 2}, mode="fast", timeout="1m"),
        action("stop_early", "finish", when="steps.s.output.empty"),
        log("b", "see steps.x for more", when="trigger.body.x"),
    )
    assert warnings(raw) == []
