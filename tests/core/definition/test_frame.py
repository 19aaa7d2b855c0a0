"""The frame of a definition: fields, ids, order and nesting."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator

from gorax.core.definition import Definition, InvalidDefinition, load_definition, parse_definition
from tests.core.definition.samples import CATALOGUE, action, log, of, problems, when


def test_a_whole_definition_is_accepted_and_kept() -> None:
    raw: dict[str, Any] = {
        "trigger": {"type": "webhook", "config": {"path": "/orders"}},
        "variables": {"limit": 1000},
        "input_schema": {"type": "object", "required": ["id"]},
        "actions": [
            log("first", "order {{trigger.body.id}}", name="Note it", position={"x": 1}, metadata=[1]),
            action(
                "second",
                "send",
                {"to": "{{trigger.headers['x-reply-to']}}"},
                retry={
                    "max_attempts": 5,
                    "initial_interval": "1s",
                    "backoff": 2,
                    "max_interval": "PT1M",
                    "jitter": False,
                    "retry_on": ["http_5"],
                    "not_on": ["timeout"],
                },
                timeout="30s",
                on_error=[log("rescue", "{{error.message}}")],
                mode="durable",
                sensitive=True,
                when="trigger.body.total > vars.limit",
            ),
            log("beside", depends_on=["first"]),
        ],
        "output": {"id": "{{trigger.body.id}}"},
        "on_failure": {"on": ["failed", "cancelled"], "actions": [log("alarm", "{{error.type}}")]},
        "timeout": "2h",
        "metadata": {"team": "shop"},
    }
    definition = parse_definition(raw, CATALOGUE)
    second = definition.actions[1]
    assert second.retry
    assert (second.timeout, second.retry.max_interval, definition.timeout) == (30, 60, 7200)
    assert [handler.id for handler in second.handlers] == ["rescue"]
    assert definition.actions[0].position == {"x": 1}
    assert load_definition(raw) == definition


def test_what_is_left_out_has_its_default() -> None:
    definition = parse_definition(of(log("a")), CATALOGUE)
    assert definition.trigger.type == "manual"
    assert definition.timeout == 86_400
    assert (definition.on_failure, definition.input_schema) == (None, None)
    assert "output" not in definition.model_fields_set
    first = definition.actions[0]
    assert (first.depends_on, first.on_error, first.mode, first.sensitive) == (None, "fail", None, False)


def test_the_originals_prefixes_are_accepted() -> None:
    raw = of(action("a", "control:if", when("true", [])), trigger={"type": "trigger:webhook"})
    assert parse_definition(raw, CATALOGUE).trigger.type == "webhook"


def test_on_failure_may_be_just_a_list() -> None:
    handler = parse_definition(of(log("a"), on_failure=[log("b")]), CATALOGUE).on_failure
    assert handler
    assert handler.on == ["failed"]
    assert problems(of(log("a"), on_failure=[log("b", "{{x}}")]))[0].startswith(
        "/on_failure/0/config/message:"
    )
    assert problems(of(log("a"), on_failure={"actions": [log("b", "{{x}}")]}))[0].startswith(
        "/on_failure/actions/0/config/message:"
    )


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, ": must be an object, not null"),
        ([], ": must be an object, not a list"),
        ({}, "/actions: is required"),
        (of(), "/actions: must have at least 1 item, not 0"),
        ({"actions": {"a": 1}}, "/actions: must be a list, not an object"),
        (of(log("a"), onfailure=[]), "/onfailure: unknown field; did you mean 'on_failure'?"),
        (of(log("a"), trigger={"type": "cron"}), "/trigger/type: must be 'manual', 'webhook' or 'schedule'"),
        (of(log("a"), timeout="400d"), "/timeout: must be less than or equal to 31536000"),
        (of(log("a"), timeout=0), "/timeout: must be greater than 0"),
        (of(log("a"), variables={"a b": 1}), "/variables/a b: must start with a letter or _"),
        (of(log("a"), on_failure={"on": ["x"], "actions": [log("b")]}), "/on_failure/on/0: must be 'failed'"),
        (of({"id": "a"}), "/actions/0/type: is required"),
        (of(log("a", depnds_on=[])), "/actions/0/depnds_on: unknown field; did you mean 'depends_on'?"),
        (of(log("a", retry={"max_attempt": 1})), "/actions/0/retry/max_attempt: unknown field; did you mean"),
        (
            of(log("a", retry={"max_attempts": 101})),
            "/actions/0/retry/max_attempts: must be less than or equal",
        ),
        (of(log("a", retry={"initial_interval": "1 fortnight"})), "not a duration: write"),
        (of(log("a", retry={"jitter": "no"})), '/actions/0/retry/jitter: must be true or false, not "no"'),
        (
            of(log("a", retry={"initial_interval": "2m", "max_interval": "1m"})),
            "/actions/0/retry: max_interval must not be shorter",
        ),
        (of(log("a", on_error="ignore")), "/actions/0/on_error: must be 'fail' or 'continue'"),
        (of(log("a", on_error=[{"id": "b"}])), "/actions/0/on_error/0/type: is required"),
        (of(log("a", mode="quick")), "/actions/0/mode: must be 'durable' or 'fast'"),
        (of(log("a", sensitive="yes")), "/actions/0/sensitive: must be true or false"),
        (of(log("a", when=True)), "/actions/0/when: must be a string, not true"),
        (of(action("a", "htp")), '/actions/0/type: there is no action type "htp"'),
        (of(action("a", "swich")), "did you mean 'switch'?"),
        (of(log("a"), log("b", depends_on=["c"])), "/actions/1/depends_on/0: 'c' is not in this list"),
        (of(log("a", depends_on=["a"])), "/actions/0/depends_on/0: 'a' cannot wait for itself"),
        (of(log("a", depends_on=["b"]), log("b")), "/actions/0/depends_on: actions wait for each other"),
    ],
)
def test_a_frame_that_is_wrong_is_refused_at_its_place(raw: object, expected: str) -> None:
    assert expected in problems(raw)[0]


@pytest.mark.parametrize("bad", ["", "1a", "a b", 'a"b', "a\nb", "a'b", "é", "a" * 65, "a.b", "-a", 7, None])
def test_an_id_that_could_be_misread_is_refused(bad: object) -> None:
    assert problems(of({"id": bad, "type": "log", "config": {"message": "x"}}))[0].startswith(
        "/actions/0/id: must"
    )


def test_ids_are_unique_in_the_whole_definition() -> None:
    inside = action("i", "if", when("true", [log("a")]))
    [problem] = problems(of(log("a"), inside))
    assert problem.startswith(
        "/actions/1/config/then/0/id: 'a' is the id of /actions/0 too, and must be unique"
    )
    for twin in (log("x", on_error=[log("a")]), log("a")):
        assert "must be unique" in problems(of(log("a"), twin))[0]
    assert "must be unique" in problems(of(log("a"), on_failure=[log("a")]))[0]


def test_an_action_waits_only_for_those_of_its_own_list() -> None:
    inside = action("i", "if", when("true", [log("b", depends_on=["a"])]))
    assert "'a' is not in this list" in problems(of(log("a"), inside))[0]


def test_nested_actions_are_found_wherever_a_type_declares_them() -> None:
    broken = {"id": "x", "type": "fail", "config": {"type": 1}}
    raw = of(
        action("s", "pick", {"cases": [{"when": "true", "actions": [broken]}]}),
        action("p", "beside", {"branches": {"a/b": {"actions": [{**broken, "id": "y"}]}}}),
    )
    assert problems(raw) == [
        "/actions/0/config/cases/0/actions/0/config/type: must be a string, not 1",
        "/actions/1/config/branches/a~1b/actions/0/config/type: must be a string, not 1",
    ]


def test_a_nested_frame_that_is_wrong_is_refused_at_its_place() -> None:
    raw = of(action("i", "if", when("true", [{"id": "x", "typ": "log"}])))
    assert problems(raw) == [
        "/actions/0/config/then/0/type: is required",
        "/actions/0/config/then/0/typ: unknown field; did you mean 'type'?",
    ]


def nested(levels: int) -> dict[str, Any]:
    inner = log("leaf")
    for level in range(levels):
        inner = action(f"i{level}", "if", when("true", [inner]))
    return of(inner)


def test_nesting_has_a_bound() -> None:
    assert problems(nested(9)) == []
    assert "must not be nested deeper than 10 lists" in problems(nested(10))[0]


def test_all_problems_of_a_form_are_told_at_once_up_to_fifty() -> None:
    raw = of(*(action(f"a{number}", "fail", {"type": 1}) for number in range(60)))
    with pytest.raises(InvalidDefinition) as raised:
        parse_definition(raw, CATALOGUE)
    assert len(raised.value.problems) == 50
    assert str(raised.value).startswith("definition/actions/0/config/type: must be a string")
    assert str(raised.value).endswith("(and 49 more problems)")


def test_an_error_is_one_line_whatever_the_definition_holds() -> None:
    with pytest.raises(InvalidDefinition) as raised:
        parse_definition(of(log("a"), **{"x\ny\u2028z": 1}), CATALOGUE)
    assert str(raised.value).splitlines() == [str(raised.value)]
    assert raised.value.problems[0].pointer == "/x\ny\u2028z"


def test_the_models_describe_themselves_as_json_schema() -> None:
    schema = Definition.model_json_schema()
    Draft202012Validator.check_schema(schema)
    accepted = of(log("a", timeout="5s", on_error=[log("b")]), on_failure=[log("c")])
    assert list(Draft202012Validator(schema).iter_errors(accepted)) == []
    assert list(Draft202012Validator(schema).iter_errors(of(log("a b")))) != []
    described = schema["$defs"]["Action"]["properties"]
    assert all("description" in field for field in described.values())
