"""Properties of all expressions, found true of thousands of random ones."""

import copy
import json
import string
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gorax.core.expressions import (
    DEFAULT_FUEL,
    Environment,
    Expression,
    ExpressionError,
    Meter,
    Template,
    render,
    templates_in,
)
from gorax.core.expressions.functions import FUNCTIONS
from gorax.core.expressions.functions.dates import METHODS
from gorax.core.expressions.lexer import WORDS
from gorax.core.expressions.precedence import BINARY, UNARY
from gorax.core.expressions.predicates import PREDICATES

NAMES: dict[str, Any] = {
    "i": 3,
    "f": 0.5,
    "s": "häl lo",
    "t": "2024-01-02T03:04:05Z",
    "ok": True,
    "none": None,
    "list": [3, 1, 2],
    "words": ["b", "a", "ü"],
    "rows": [{"id": 1, "name": "x", "tags": ["a"]}, {"id": 2, "name": "y", "tags": []}],
    "map": {"a": 1, "b": {"c": [1, {"d": None}]}},
    "big": 2**63 - 1,
}
RUNS = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck))


class Recorder(Mapping[str, object]):
    """An environment that notes which of its names are read."""

    def __init__(self, names: dict[str, Any]) -> None:
        self.names = names
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> object:
        self.read.add(name)
        return self.names[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __len__(self) -> int:
        return len(self.names)


def environment(names: Mapping[str, object]) -> Environment:
    return Environment(names, now=lambda: datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), uuid=lambda: "u")


def outcome(run: Callable[[], Any]) -> tuple[str, Any]:
    """What happened: a value or the message of an ExpressionError; anything else is a failure."""
    try:
        return "value", run()
    except ExpressionError as raised:
        error = raised
    assert "internal error" not in error.message
    assert error.column >= 1
    return "error", str(error)


words = st.sampled_from(
    [*FUNCTIONS, *PREDICATES, *METHODS, *WORDS, *BINARY, *UNARY, *NAMES, "nil", "true", "false", "$env"]
)
marks = st.sampled_from(
    [*"()[]{}.,;:?#'\"`/*=<>!&|%^~\\@ \n\t0123456789", "?.", "..", "{{", "}}", "#acc", "0x", "b'"]
)
noise = st.lists(st.one_of(words, marks, st.text(max_size=3)), max_size=40).map(" ".join)
tight_noise = st.lists(st.one_of(words, marks, st.text(max_size=3)), max_size=40).map("".join)

literals = st.one_of(
    st.integers(-5, 5).map(lambda number: f"({number})"),
    st.sampled_from(
        ["0.5", "1e300", "9223372036854775807", "nil", "true", "false", "[]", "{}", "b'\\xff'", "1..3"]
    ),
    st.text(alphabet=string.ascii_letters + " äß€😀,", max_size=6).map(json.dumps),
    st.sampled_from(
        ["'a+'", "'1h30m'", "'2024-01-02'", "'2006-01-02'", "'UTC'", "'[1,{\"a\":2}]'", "'YQ=='"]
    ),
)
paths = st.sampled_from(
    [
        *NAMES,
        "rows[0].tags",
        "map.b.c[1].d",
        "map['a']",
        "map?.z?.y",
        "rows[-1]?.name",
        "$env",
        "$env['i']",
        "nope.x",
    ]
)
pointers = st.sampled_from(["#", ".id", "#.name", "#index", "#acc", ".tags ?? []"])


def larger(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions made of smaller ones."""
    operators = st.sampled_from([name for name in BINARY if name != "|"] + ["not in", "not contains"])
    return st.one_of(
        st.tuples(parts, operators, parts).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
        st.tuples(parts, operators, parts, operators, parts).map(" ".join),
        st.tuples(st.sampled_from(["-", "not ", "!", "+"]), parts).map(lambda p: f"{p[0]}({p[1]})"),
        st.tuples(parts, parts, parts).map(lambda p: f"({p[0]}) ? ({p[1]}) : ({p[2]})"),
        st.tuples(parts, parts, parts).map(lambda p: f"if {p[0]} {{ {p[1]} }} else {{ {p[2]} }}"),
        st.tuples(st.sampled_from(list(FUNCTIONS)), st.lists(parts, max_size=3)).map(
            lambda p: f"{p[0]}({', '.join(p[1])})"
        ),
        st.tuples(parts, st.sampled_from(list(FUNCTIONS))).map(lambda p: f"({p[0]}) | {p[1]}()"),
        st.tuples(st.sampled_from(list(PREDICATES)), parts, st.one_of(parts, pointers)).map(
            lambda p: f"{p[0]}({p[1]}, {{{p[2]}}})"
        ),
        st.tuples(parts, st.one_of(parts, pointers), parts).map(
            lambda p: f"reduce({p[0]}, #acc + {p[1]}, {p[2]})"
        ),
        st.tuples(parts, st.sampled_from(sorted(METHODS)), st.lists(parts, max_size=1)).map(
            lambda p: f"({p[0]}).{p[1]}({', '.join(p[2])})"
        ),
        st.tuples(parts, parts).map(lambda p: f"({p[0]})[{p[1]}]"),
        st.tuples(parts, parts, parts).map(lambda p: f"({p[0]})[{p[1]}:{p[2]}]"),
        st.tuples(parts, parts).map(lambda p: f"(let v = {p[0]}; [v, {p[1]}, v])"),
        st.lists(parts, max_size=3).map(lambda p: f"[{', '.join(p)}]"),
        st.lists(st.tuples(st.sampled_from(["a", "b", "'c d'"]), parts), max_size=3).map(
            lambda p: "{" + ", ".join(f"{key}: {value}" for key, value in p) + "}"
        ),
    )


expressions = st.recursive(st.one_of(literals, paths, pointers), larger, max_leaves=14)
json_values = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(-1e15, 1e15),
        st.text(max_size=8),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)
    ),
    max_leaves=12,
)


def is_json(value: Any) -> bool:
    orjson.dumps(value)
    if isinstance(value, dict):
        return all(type(key) is str and is_json(item) for key, item in value.items())
    if isinstance(value, list):
        return all(map(is_json, value))
    return type(value) in (str, bool, float, type(None)) or -(2**63) <= value < 2**63


@given(st.one_of(noise, tight_noise, st.text(max_size=60)))
@RUNS
def test_any_text_compiles_or_is_refused(source: str) -> None:
    outcome(lambda: Expression(source).evaluate(environment(NAMES)))


@given(expressions)
@settings(RUNS, max_examples=600)
def test_any_expression_gives_json_within_its_budget(source: str) -> None:
    names = copy.deepcopy(NAMES)
    meter, again = Meter(), Meter()
    expression = Expression("nil")
    kind, first = outcome(lambda: Expression(source))
    if kind == "value":
        expression = first
    kind, value = outcome(lambda: expression.evaluate(environment(names), meter))

    assert meter.spent <= DEFAULT_FUEL
    assert names == NAMES
    if kind == "value":
        assert is_json(value)
    assert outcome(lambda: expression.evaluate(environment(names), again)) == (kind, value)
    assert again.spent == meter.spent


@given(expressions)
@RUNS
def test_only_references_are_read(source: str) -> None:
    kind, expression = outcome(lambda: Expression(source))
    if kind == "error":
        return
    recorder = Recorder(NAMES)
    outcome(lambda: expression.evaluate(environment(recorder)))

    heads = {path[0] for path in expression.references if path}
    # $env copies what is no plain dict, also where only one name of it is wanted.
    assert recorder.read <= heads or "$env" in source
    assert expression.optional_references <= expression.references


@given(expressions)
@RUNS
def test_what_is_not_referenced_does_not_matter(source: str) -> None:
    kind, expression = outcome(lambda: Expression(source))
    if kind == "error" or () in expression.references:
        return
    pruned: dict[str, Any] = {}
    for path in expression.references:
        copy_path(NAMES, pruned, path)
    kind, value = outcome(lambda: expression.evaluate(environment(NAMES)))
    kind_pruned, value_pruned = outcome(lambda: expression.evaluate(environment(pruned)))

    assert kind == kind_pruned
    if kind == "value":
        assert value == value_pruned


def copy_path(source: Any, target: dict[str, Any], path: tuple[str, ...]) -> None:
    """Copy to ``target`` what ``source`` has below ``path``."""
    head, *rest = path
    if not isinstance(source, dict) or head not in source:
        return
    if rest and isinstance(source[head], dict):
        if not isinstance(target.get(head), dict):
            target[head] = {}
        copy_path(source[head], target[head], tuple(rest))
    elif isinstance(source[head], dict) and isinstance(target.get(head), dict):
        target[head].update(source[head])
    else:
        target[head] = source[head]


@given(
    st.one_of(expressions.map(lambda e: f"a {{{{ {e} }}}} b {{{{{e}}}}}"), tight_noise, st.text(max_size=50))
)
@RUNS
def test_any_text_is_a_template_or_is_refused(text: str) -> None:
    kind, template = outcome(lambda: Template(text))
    if kind == "error":
        return
    kind, rendered = outcome(lambda: template.render(environment(NAMES)))
    if kind == "value":
        assert is_json(rendered)
    if template.is_static:
        assert rendered == text


@given(json_values)
@RUNS
def test_trees_without_templates_are_left_alone(value: Any) -> None:
    if "{{" not in json.dumps(value):
        assert render(value, environment({})) is value
        assert list(templates_in(value)) == []


@given(json_values, json_values)
@RUNS
def test_json_in_json_out(value: Any, other: Any) -> None:
    env = environment({"x": value, "y": other})

    def evaluate(source: str) -> Any:
        return Expression(source).evaluate(env)

    assert evaluate("x") is value
    assert evaluate("[x, {k: y}]") == [value, {"k": other}]
    assert evaluate("fromJSON(toJSON(x)) == x") is True
    assert evaluate("x == x and [x] == [x]") is True
    assert evaluate("(x == y) == (y == x)") is True
    assert evaluate("x in [y, x]") is True
    assert evaluate("len(uniq([x, y, x]))") == (1 if evaluate("x == y") else 2)
    assert Template("{{x}}").render(env) is value


@given(st.lists(st.integers(-50, 50)), st.integers(-9, 9), st.integers(-9, 9))
@RUNS
def test_lists_behave_like_lists(items: list[int], start: int, stop: int) -> None:
    env = environment({"x": items, "a": start, "b": stop})

    def evaluate(source: str) -> Any:
        return Expression(source).evaluate(env)

    assert evaluate("sort(x)") == sorted(items)
    assert evaluate("sort(x, 'desc')") == sorted(items, reverse=True)
    assert evaluate("x[a:b]") == items[start:stop]
    assert evaluate("reverse(x)") == items[::-1]
    assert evaluate("sum(x)") == sum(items)
    assert evaluate("uniq(x)") == list(dict.fromkeys(items))
    assert evaluate("concat(x, x) == flatten([x, [x]])") is True
    assert evaluate("map(toPairs(groupBy(x, # % 3)), #[1]) | flatten() | sort()") == sorted(items)
    assert evaluate("reduce(x, #acc + #, 0) == sum(x)") is True


@given(st.text(max_size=20), st.text(min_size=1, max_size=3))
@RUNS
def test_strings_behave_like_strings(text: str, part: str) -> None:
    env = environment({"x": text, "p": part})

    def evaluate(source: str) -> Any:
        return Expression(source).evaluate(env)

    assert evaluate("join(split(x, p), p)") == text
    assert evaluate("join(splitAfter(x, p))") == text
    assert evaluate("split(x, '')") == list(text)
    assert evaluate("x contains p") is (part in text)
    assert evaluate("indexOf(x, p)") == text.find(part)
    assert evaluate("lastIndexOf(x, p)") == text.rfind(part)
    assert evaluate("replace(x, p, '')") == text.replace(part, "")
    assert evaluate("fromBase64(toBase64(x))") == text
    assert evaluate("len(x)") == len(text)
    assert Template("<{{x}}>").render(env) == f"<{text}>"


@given(st.integers(-(2**80), 2**80), st.integers(-(2**80), 2**80))
@RUNS
def test_integers_are_exact(a: int, b: int) -> None:
    env = environment({"a": a, "b": b})

    def holds(source: str) -> bool:
        return Expression(source).evaluate(env) is True

    assert holds("(a + b) - b == a")
    assert holds("(a < b) == (b > a) and (a <= b) == not (a > b)")
    assert holds("b == 0 or a % b == -(-a % b)")
    assert holds("a * b == b * a")
    assert holds("int(string(a % 1000000007)) == a % 1000000007")
