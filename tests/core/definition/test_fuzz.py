"""Whatever JSON comes, a definition is accepted or refused with places; and what is accepted can be walked."""

import time
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from gorax.core.definition import (
    InvalidDefinition,
    all_actions,
    load_definition,
    parse_definition,
    warnings_of,
)
from gorax.core.dry_run import dry_run
from tests.core.definition.samples import CATALOGUE

SECONDS = 2

json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner)),
    max_leaves=20,
)
readable = st.sampled_from(
    [
        *(
            "true",
            "false",
            "trigger.body?.n > 1",
            "trigger.body.n == 2",
            "vars.x == 1",
            "now()",
            "len(steps)",
        ),
        *("env.version > 1", "trigger.body", "steps?.a1?.output ?? 1", "1..3", "trigger.body ?? false"),
    ]
)
doubtful = st.sampled_from(
    [
        *("steps.a0.output.message", "steps['a1'].status == 'completed'", "item", "error.message", "a +"),
        *("trigger.headers", "credentials.k", "steps.a2.output", "steps.a3.nope", "vars.y"),
    ]
)
expressions = st.one_of(*[readable] * 9, doubtful)
texts = st.one_of(
    expressions.map(lambda source: f"{{{{{source}}}}}"),
    expressions.map(lambda source: f"text {{{{{source}}}}} text"),
    st.just("plain"),
)
odd = st.one_of(st.none(), st.integers(-1, 3), st.lists(st.integers(), max_size=2), texts)


def one_of(draw: st.DrawFn, usual: Any, unusual: st.SearchStrategy[Any] = odd) -> Any:
    """Mostly what is expected, so that definitions get past the first check."""
    return (
        draw(unusual)
        if draw(st.integers(0, 19)) == 0
        else draw(usual)
        if isinstance(usual, st.SearchStrategy)
        else usual
    )


@st.composite
def lists(draw: st.DrawFn, ids: Any, depth: int) -> list[Any]:
    count = draw(st.integers(0 if depth else 1, 3 if depth < 2 else 0))
    made: list[Any] = []
    for _ in range(count):
        made.append(draw(actions(ids, depth, [each["id"] for each in made])))
    return made


@st.composite
def actions(draw: st.DrawFn, ids: Any, depth: int, before: list[str]) -> dict[str, Any]:
    action_id = one_of(draw, f"a{next(ids)}", st.sampled_from(["a1", "a b", "x"]))

    def nested() -> Any:
        return one_of(draw, lists(ids, depth + 1))

    kind = draw(
        st.sampled_from(["log", "send", "set", "if", "pick", "each", "beside", "attempt", "fail", "stop"])
    )
    config: dict[str, Any]
    match kind:
        case "log":
            config = {"message": one_of(draw, texts)}
        case "send":
            config = {"to": one_of(draw, texts), "body": one_of(draw, st.lists(texts, max_size=2))}
        case "set":
            config = {"variables": {"x": one_of(draw, texts)}}
        case "if":
            config = {"condition": one_of(draw, expressions), "then": nested(), "else": nested()}
        case "pick":
            config = {
                "cases": [{"when": one_of(draw, expressions), "actions": nested()}],
                "default": nested(),
            }
        case "each":
            config = {"items": one_of(draw, expressions), "actions": nested(), "output": one_of(draw, texts)}
        case "beside":
            config = {"branches": {"left": {"actions": nested()}, "right": {"actions": nested()}}}
        case "attempt":
            config = {"actions": nested(), "catch": nested()}
        case "fail":
            config = {"message": one_of(draw, texts)}
        case _:
            config = {"output": one_of(draw, texts)}
    made = {"id": action_id, "type": one_of(draw, kind), "config": one_of(draw, config)}
    if draw(st.integers(0, 3)) == 0:
        made["when"] = one_of(draw, expressions)
    if before and draw(st.integers(0, 3)) == 0:
        made["depends_on"] = draw(st.lists(st.sampled_from(before), unique=True, max_size=2))
    if draw(st.integers(0, 5)) == 0:
        made["on_error"] = one_of(draw, st.sampled_from(["continue", "fail"]))
    return made


@st.composite
def definitions(draw: st.DrawFn) -> dict[str, Any]:
    ids = iter(range(1_000))
    made: dict[str, Any] = {"actions": draw(lists(ids, 0)), "variables": {"x": 1}}
    if draw(st.booleans()):
        made["output"] = draw(texts)
    if draw(st.integers(0, 3)) == 0:
        made["on_failure"] = one_of(draw, lists(ids, 1))
    return made


def check(raw: Any, test_data: Any) -> None:
    start = time.process_time()
    try:
        definition = parse_definition(raw, CATALOGUE)
    except InvalidDefinition as error:
        refusal = error
    else:
        event("accepted")
        assert load_definition(raw) == definition
        warnings_of(definition, CATALOGUE)
        done = dry_run(definition, CATALOGUE, test_data, context={})
        # Every action is told of, once.
        told = sorted(step.action_id for step in done.steps)
        assert told == sorted(action.id for _, action in all_actions(definition, CATALOGUE))
        assert time.process_time() - start < SECONDS
        return
    event("refused")
    assert 1 <= len(refusal.problems) <= 20
    assert "\n" not in str(refusal)
    assert all(problem.pointer == "" or problem.pointer.startswith("/") for problem in refusal.problems)
    assert time.process_time() - start < SECONDS


@settings(max_examples=80, deadline=None)
@given(json_values)
def test_any_json(raw: Any) -> None:
    check(raw, None)


@settings(max_examples=150, deadline=None)
@given(definitions(), json_values | st.fixed_dictionaries({"n": st.integers(0, 3)}))
def test_anything_that_looks_like_a_definition(raw: Any, test_data: Any) -> None:
    check(raw, test_data)
