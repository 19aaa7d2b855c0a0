"""What becomes of the edges: lists, what waits for what, branches, and the conditions of what follows them."""

from itertools import product
from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.builder import compile_builder
from gorax.core.definition import InvalidDefinition, parse_definition
from tests.core.builder.canvases import canvas, outline, steps
from tests.core.builder.original_semantics import Run, nodes_that_run

REQUEST: tuple[str, dict[str, Any]] = ("action:http", {"url": "https://example.com"})
TRIGGER: tuple[str, dict[str, Any]] = ("trigger:webhook", {})
RETRY: tuple[str, dict[str, Any]] = ("control:retry", {"max_attempts": 2})


def compiled(raw: dict[str, Any]) -> str:
    definition = compile_builder(raw)
    parse_definition(definition, full_catalogue())
    return outline(definition["actions"])


def problems(raw: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(InvalidDefinition) as refused:
        compile_builder(raw)
    return [(problem.pointer, problem.message) for problem in refused.value.problems]


def with_requests(names: str, edges: str, **nodes: tuple[str, dict[str, Any]]) -> dict[str, Any]:
    return canvas({"t": TRIGGER, **nodes, **dict.fromkeys(names, REQUEST)}, edges)


@pytest.mark.parametrize(
    ("kinds", "edges", "expected"),
    [
        ("abc", "t>a a>b b>c", "a; b; c"),
        ("cba", "t>a a>b b>c", "a; b; c"),
        ("abc", "t>a t>b a>c b>c", "a; b<>; c<a b>"),
        ("abc", "t>a a>b a>c", "a; b; c<a>"),
        ("abc", "t>a", "a; b<>; c<>"),
        ("Aab", "t>A A>a[true] A>b[false]", "A {then: a | else: b}"),
        ("Aab", "t>A A>a[yes] A>b[No]", "A {then: a | else: b}"),
        ("Aabj", "t>A A>a[true] A>b[false] a>j b>j", "A {then: a | else: b}; j"),
        ("Aaj", "t>A A>a[true] a>j A>j[false]", "A {then: a}; j"),
        ("Aaj", "t>A A>a[true] A>j", "A {then: a}; j"),
        ("Aabcj", "t>A A>a[true] a>b a>c b>j c>j", "A {then: a; b; c<a>; j<b c>}"),
        ("ABabj", "t>A A>B[true] B>a[true] B>b[false] a>j b>j", "A {then: B {then: a | else: b}; j}"),
        ("Aabcd", "t>A A>a[true] A>b[true] A>c[false] A>d[false]", "A {then: a; b<> | else: c; d<>}"),
    ],
)
def test_shape(kinds: str, edges: str, expected: str) -> None:
    assert compiled(steps(kinds, edges)) == expected


@pytest.mark.parametrize(
    ("kinds", "edges", "expected"),
    [
        # Only what comes from one branch leads on, and from somewhere else as well.
        (
            "ABabj",
            "t>A t>B A>a[true] B>b[true] a>j b>j",
            "A {then: a}; B<> {then: b}; j<A B> when steps.A.output.result || steps.B.output.result",
        ),
        (
            "ABaj",
            "t>A t>B A>a[true] a>j B>j[false]",
            "A {then: a}; B<>; j<A B> when steps.A.output.result || !steps.B.output.result",
        ),
        # The inner branch that was not taken skips what the outer one would have reached.
        (
            "ABaxj",
            "t>A A>B[true] B>a[true] A>x[false] a>j x>j",
            "A {then: B {then: a} | else: x}; "
            "j when steps.A.output.result && steps.B.output.result || !steps.A.output.result",
        ),
        # What was skipped skips what depends on it alone, which has to be written out.
        (
            "ABabjk",
            "t>A t>B A>a[true] B>b[true] a>j b>j j>k",
            "A {then: a}; B<> {then: b}; j<A B> when steps.A.output.result || steps.B.output.result; k<j>",
        ),
        # A way that is always open stands beside one that may be skipped.
        (
            "ABabjk",
            "t>A t>B A>a[true] B>b[true] a>j b>j j>k t>k",
            "A {then: a}; B<> {then: b}; j<A B> when steps.A.output.result || steps.B.output.result; "
            "k_anyway<>; k<k_anyway j>",
        ),
    ],
)
def test_what_follows_several_branches(kinds: str, edges: str, expected: str) -> None:
    raw = steps(kinds, edges)
    assert compiled(raw) == expected
    conditions = [letter for letter in kinds if letter.isupper()]
    for taken in product((True, False), repeat=len(conditions)):
        results = dict(zip(conditions, taken, strict=True))
        run = Run(results)
        run.run(compile_builder(raw)["actions"])
        assert run.ran & set(kinds) == nodes_that_run(raw, results)


def test_branches_may_have_names_of_their_own() -> None:
    config = {"condition": "trigger.body.x", "true_branch": "approved", "false_branch": "edge-2"}
    raw = with_requests("ab", "t>A A>a[approved] A>b", A=("control:if", config))
    assert compiled(raw) == "A {then: a | else: b}"
    handles = with_requests("ab", "t>A A>a A>b", A=("control:if", {"condition": "true"}))
    handles["edges"][1] |= {"sourceHandle": "A-true", "label": "It did"}
    handles["edges"][2]["sourceHandle"] = "false"
    assert compiled(handles) == "A {then: a | else: b}"


def test_a_branch_can_end_the_execution() -> None:
    raw = steps("Aa", "t>A A>a[false]", A={"stop_on_true": True})
    assert compiled(raw) == "A {then: A_stop | else: a}"
    assert problems(steps("Aa", "t>A A>a[true]", A={"stop_on_true": True})) == [
        ("/nodes/1/data/config/stop_on_true", "nothing can run on the true branch, where the workflow stops")
    ]


LOOP: tuple[str, dict[str, Any]] = ("control:loop", {"source": "trigger.items", "item_variable": "item"})


@pytest.mark.parametrize(
    ("names", "edges", "expected"),
    [
        ("ab", "t>L L>a a>b", "L {each: a; b}"),
        ("ab", "t>L L>a L>b", "L {each: a}; b"),
        ("ab", "t>L L>b[done] L>a[body]", "L {each: a}; b"),
        ("abc", "t>L L>a L>b a>c b>c", "L {each: a}; b; c<L b>"),
        ("a", "t>L L>a[done]", "L; a"),
        ("abc", "t>L t>b L>a a>c b>c", "L {each: a}; b<>; c<L b>"),
    ],
)
def test_the_body_of_a_loop_hangs_on_its_first_edge(names: str, edges: str, expected: str) -> None:
    assert compiled(with_requests(names, edges, L=LOOP)) == expected


FORK: tuple[str, dict[str, Any]] = ("control:fork", {"branch_count": 2})


def test_fork_and_join() -> None:
    join = ("control:join", {"join_strategy": "wait_all"})
    raw = with_requests("abcd", "t>F F>a F>b a>c c>J b>J J>d", F=FORK, J=join)
    assert compiled(raw) == "F {a: a; c | b: b}; J; d"


def test_a_join_may_wait_for_some_branches_within_a_time() -> None:
    join = ("control:join", {"join_strategy": "wait_n", "required_count": 1, "timeout_ms": 500})
    raw = with_requests("abd", "t>F F>a F>b a>J b>J J>d", F=FORK, J=join)
    assert compiled(raw) == "F {a: a | b: b}; J; d"
    fork = compile_builder(raw)["actions"][0]
    assert (fork["config"]["wait"], fork["timeout"]) == (1, "500ms")


@pytest.mark.parametrize(
    ("edges", "config", "reason"),
    [
        ("t>F F>a F>b a>J b>J", {"required_count": 3}, "must be 1 to 2, the branches that lead here, not 3"),
        ("t>F F>a F>b a>J b>J a>d b>d", {"required_count": 1}, "must wait for the branches of one fork"),
        ("t>a t>b a>J b>J", {"required_count": 1}, "must wait for the branches of one fork"),
        (
            "t>F F>a F>b a>J b>J",
            {"required_count": 1, "timeout_ms": 5, "on_timeout": "continue"},
            "going on without the branches that are late has no counterpart",
        ),
    ],
)
def test_a_join_that_cannot_be_told(edges: str, config: dict[str, Any], reason: str) -> None:
    join = ("control:join", {"join_strategy": "wait_n", **config})
    [(_, message)] = problems(with_requests("abd", edges, F=FORK, J=join))
    assert message.startswith(reason)


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"error_strategy": "fail_fast"}, {"on_error": "fail_fast"}),
        (
            {"error_strategy": "wait_all", "max_concurrency": 2},
            {"on_error": "wait_all", "max_concurrency": 2},
        ),
        ({"wait_mode": "first", "failure_mode": "stop_all"}, {"wait": "first", "on_error": "fail_fast"}),
        ({"failure_mode": "continue"}, {"on_error": "wait_all"}),
        ({"max_concurrency": 0}, {}),
    ],
)
def test_parallel(config: dict[str, Any], expected: dict[str, Any]) -> None:
    raw = with_requests("abc", "t>P P>a P>b a>c b>c", P=("control:parallel", config))
    assert compiled(raw) == "P {a: a | b: b}; c"
    parallel = compile_builder(raw)["actions"][0]
    assert {key: value for key, value in parallel["config"].items() if key != "branches"} == expected
    assert parallel.get("on_error") == ("continue" if config.get("failure_mode") == "continue" else None)


def test_parallel_with_named_branches() -> None:
    branches = [{"name": "mail", "nodes": ["a", "b"]}, {"name": "chat", "nodes": ["c"]}]
    config = {"branches": branches, "timeout": "30s", "failure_mode": "stop_all"}
    raw = with_requests("abcd", "t>P P>d", P=("control:parallel", config))
    assert compiled(raw) == "P {mail: a; b | chat: c}; d"
    assert compile_builder(raw)["actions"][0]["timeout"] == "30s"
    # What follows a listed node without being listed runs after all of them.
    raw = with_requests("abcd", "t>P P>a a>b P>c b>d", P=("control:parallel", config))
    assert compiled(raw) == "P {mail: a; b | chat: c}; d"


def test_try() -> None:
    config = {"tryNodes": ["a", "b"], "catchNodes": ["c"], "finallyNodes": ["d"]}
    edges = "t>T T>a[T-try] a>b T>c[T-catch] T>d[T-finally] b>e"
    assert compiled(with_requests("abcde", edges, T=("control:try", config))) == (
        "T {try: a; b | catch: c | finally: d}; e"
    )
    # Handles alone say as much, but for where the try ends.
    edges = "t>T T>a[try] T>c[catch] T>d[finally] T>e[T-output]"
    assert compiled(with_requests("acde", edges, T=("control:try", {}))) == (
        "T {try: a | catch: c | finally: d}; e"
    )


def test_a_listed_node_belongs_to_one_list_and_is_reached_through_it() -> None:
    try_ = ("control:try", {"try_nodes": ["a"], "catch_nodes": ["a"]})
    [(pointer, message)] = problems(with_requests("a", "t>T", T=try_))
    assert (pointer, message[:27]) == ("/nodes/2", '"a" stands in two lists of ')
    [(pointer, message)] = problems(
        with_requests("ab", "t>T t>b b>a", T=("control:try", {"try_nodes": ["a"]}))
    )
    assert pointer == "/nodes/2"
    assert message == '"a" runs inside "T" (try), so nothing else may lead to it, as "b" does'


def test_a_retry_node_is_the_retry_of_the_node_behind_it() -> None:
    raw = with_requests("ab", "t>a a>R R>b", R=RETRY)
    assert compiled(raw) == "a; b"
    assert compile_builder(raw)["actions"][1]["retry"]["max_attempts"] == 3
    try_ = ("control:try", {"try_nodes": ["R"]})
    assert compiled(with_requests("ab", "t>T R>a T>b", T=try_, R=RETRY)) == "T {try: a}; b"


@pytest.mark.parametrize(
    ("names", "edges", "reason"),
    [
        ("ab", "t>R R>a R>b", "a retry node must lead to the one node that it tries again, not to 2"),
        ("a", "t>R", "a retry node must lead to the one node that it tries again, not to 0"),
        ("a", "t>R R>L L>a", '"L" cannot be tried again'),
        ("ab", "t>R R>a R>b[R-failed]", "what runs after the last failed attempt goes into catch_nodes"),
    ],
)
def test_a_retry_node_that_cannot_be_told(names: str, edges: str, reason: str) -> None:
    found = problems(with_requests(names, edges, R=RETRY, L=LOOP))
    assert found[0][0] == "/nodes/1"
    assert found[0][1].startswith(reason)


def test_circles_are_named() -> None:
    assert problems(steps("abc", "t>a a>b b>c c>a")) == [
        ("/nodes/1", "nodes lead to each other in a circle: a → b → c → a")
    ]
    [(_, message)] = problems(with_requests("ab", "t>L L>a a>b b>L", L=LOOP))
    assert message == "nodes lead to each other in a circle: L → a → b → L"


def test_triggers() -> None:
    raw = canvas({"t": ("trigger:schedule", {"cron": "0 9 * * *", "timezone": "UTC"}), "a": REQUEST}, "t>a")
    assert compile_builder(raw)["trigger"] == {
        "type": "schedule",
        "config": {"cron": "0 9 * * *", "timezone": "UTC"},
    }
    assert "trigger" not in compile_builder(canvas({"a": REQUEST}, ""))
    [(pointer, message)] = problems(canvas({"t": TRIGGER, "u": TRIGGER, "a": REQUEST}, "t>a u>a"))
    assert (pointer, message) == ("/nodes/1", '"u" is a second trigger beside "t": a workflow has one')
    assert problems(canvas({"t": TRIGGER, "a": REQUEST}, "a>t"))[0][0] == "/edges/0"
    assert problems(canvas({"t": TRIGGER}, ""))[0] == (
        "/nodes",
        "there is only a trigger, and nothing for it to start",
    )


def test_a_deep_nest_is_refused_at_its_node() -> None:
    names = "ABCDEFGHIJ"
    edges = " ".join(f"{first}>{second}[true]" for first, second in zip("t" + names, names, strict=False))
    found = problems(steps(names + "z", f"{edges.replace('t>A[true]', 't>A')} J>z[true]"))
    assert found == [("/nodes/10", "branches must not be nested deeper than 9")]
    edges = edges.replace("t>A[true]", "t>A").replace("I>J[true]", "I>z[true]")
    assert compiled(steps("ABCDEFGHIz", edges)).count("{") == 9
