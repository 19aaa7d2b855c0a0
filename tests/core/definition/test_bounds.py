"""Definitions that mean harm are refused, clearly and at once."""

import time
from typing import Any

import pytest

from gorax.core.definition import load_definition, parse_definition
from tests.core.definition.samples import CATALOGUE, action, log, of, problems, when


def deep(levels: int, key: str | None = "a") -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value] if key is None else {key: value}
    return value


def deep_actions(levels: int) -> dict[str, Any]:
    inner = log("leaf")
    for level in range(levels):
        inner = action(f"i{level}", "if", when("true", [inner]))
    return of(inner)


def shared(levels: int) -> Any:
    value: Any = [1]
    for _ in range(levels):
        value = [value, value]
    return value


HOSTILE: dict[str, tuple[object, str]] = {
    "10,000 actions": (of(*(log(f"a{n}") for n in range(10_000))), "must be at most 512 KB"),
    "10,000 small actions": ({"actions": [{}] * 10_000}, "/actions: must have at most 500 items"),
    "501 actions in lists": (
        of(*(action(f"i{n}", "if", when("true", [log(f"a{n}_{m}") for m in range(100)])) for n in range(5))),
        "/actions: must have at most 500 actions in all",
    ),
    "1,000 lists deep": (deep_actions(1_000), "must not be nested deeper than 100 levels"),
    "100,000 objects deep": (deep(100_000), "must not be nested deeper than 100 levels"),
    "100,000 lists deep": (of(log("a", metadata=deep(100_000, None))), "must not be nested deeper"),
    "10 MB of text": (of(log("a", "x" * 10_000_000)), "must be at most 512 KB"),
    "10 million items": (of(log("a", metadata=[0] * 10_000_000)), "must be at most 512 KB"),
    "a million fields": ({str(n): None for n in range(1_000_000)}, "must be at most 512 KB"),
    "40,000 unknown fields": (of(log("a"), **{f"k{n}": 1 for n in range(40_000)}), "unknown field"),
    "one list a trillion times": (of(log("a", metadata=shared(40))), "must be at most 512 KB"),
    "wide characters": (of(log("a", "€" * 200_000)), "must be at most 512 KB"),
    "large variables": (of(log("a"), variables={"a": "x" * 65_536}), "/variables: must be at most 64 KB"),
    "a large schema": (
        of(log("a"), input_schema={"title": "x" * 65_536}),
        "/input_schema: must be at most 64",
    ),
    "NUL in an id": (of(log("a\x00")), "/actions/0/id: must not contain a NUL character"),
    "NUL in a key": (of(log("a", metadata={"\x00": 1})), "/actions/0/metadata: must not contain a NUL"),
    "half a surrogate pair": (of(log("a", "\ud800")), "must not contain half of a surrogate pair"),
    "not a number": (of(log("a", metadata=float("nan"))), "/actions/0/metadata: must be a finite number"),
    "infinity": (of(log("a", metadata=float("inf"))), "must be a finite number"),
    "a huge integer": (of(log("a", metadata=10**400)), "must fit into 64 bits"),
    "no JSON": (of(log("a", metadata={1, 2})), "must be JSON, not set"),
    "numbers as keys": ({1: 2}, "must have strings as keys"),
    "open templates": (of(log("a", "{{" * 30_000)), "must have at most 5,000 templates"),
    "many templates": (of(log("a", "{{a}}" * 5_001)), "must have at most 5,000 templates"),
    "long expressions": (
        of(*(log(f"a{n}", f"{{{{{n}{'+1' * 2000}}}}}") for n in range(100))),
        "must have at most 30,000 names, numbers and signs",
    ),
    "one endless expression": (of(log("a", "{{" + "1+" * 60_000 + "1}}")), "30,000 names"),
    "an endless condition": (of(log("a", when="1+" * 3_000)), "/actions/0/when: must have at most 4096"),
    "nested braces": (of(log("a", "{{" + "[" * 2_000 + "]" * 2_000 + "}}")), "/actions/0/config/message:"),
    "a slow pattern": (of(log("a"), input_schema={"pattern": "(?=(a+)+$)"}), "/input_schema/pattern: is not"),
    "a remote schema": (
        of(log("a"), input_schema={"$ref": "http://169.254.169.254/"}),
        "/input_schema/$ref:",
    ),
    "a circle of 500": (
        of(*(log(f"a{n}", depends_on=[f"a{(n + 1) % 500}"]) for n in range(500))),
        "actions wait for each other in a circle",
    ),
    "dense dependencies": (
        of(*(log(f"a{n}", depends_on=[f"a{m}" for m in range(100)]) for n in range(500))),
        "'a0' cannot wait for itself",
    ),
    "a long unknown id": (of(log("a", f"{{{{steps.{'b' * 3_000}.output}}}}")), "there is no action"),
    "an id like code": (of(log("a'; drop table x; --")), "/actions/0/id: must start with a letter"),
    "an id on two lines": (of(log("a\nb")), "/actions/0/id: must start with a letter"),
}


@pytest.mark.parametrize(("raw", "expected"), HOSTILE.values(), ids=HOSTILE)
def test_it_is_refused_quickly(raw: object, expected: str) -> None:
    start = time.process_time()
    found = problems(raw)
    took = time.process_time() - start
    assert expected in found[0]
    assert len(found[0]) < 500
    assert took < 2, "it takes a third of a second on an idle machine"


def test_what_is_just_within_the_bounds_is_accepted() -> None:
    assert problems(of(*(log(f"a{n}") for n in range(500)))) == []
    assert problems(of(log("a", metadata=deep(90)))) == []
    assert problems(of(log("a", metadata=["€"] * 50_000))) == []
    html = f"<p>{'x' * 9_000}</p>{{{{trigger.body.name}}}}"
    assert (
        problems(
            of(
                log("a", metadata=None),
                *(action(f"s{n}", "send", {"to": "a", "body": html}) for n in range(50)),
            )
        )
        == []
    )


def test_braces_inside_an_expressions_strings_do_not_hide_its_size() -> None:
    hidden = '{{ "}}" + ' + "+".join(["1"] * 1_000) + ' + "{{" }}'
    raw = of(*(log(f"a{n}", hidden) for n in range(30)))
    assert "30,000 names" in problems(raw)[-1]


def test_a_definition_is_checked_and_loaded_fast_enough() -> None:
    def typical(count: int) -> dict[str, Any]:
        return of(
            *(
                action(
                    f"a{n}",
                    "send",
                    {
                        "to": f"{{{{trigger.body.to{n % 50}}}}}",
                        "body": {"n": f"step {n} of {{{{env.execution_id}}}}"},
                    },
                    retry={"max_attempts": 3, "initial_interval": "1s"},
                    when="trigger.body.total > 10",
                )
                for n in range(count)
            )
        )

    def best(work: Any) -> float:
        times = []
        for _ in range(5):
            start = time.process_time()
            work()
            times.append(time.process_time() - start)
        return min(times)

    # The CPU's time, and generous all the same: the aims are a third of these.
    small, large = typical(20), typical(500)
    assert best(lambda: parse_definition(small, CATALOGUE)) < 0.010
    assert best(lambda: parse_definition(large, CATALOGUE)) < 0.250
    assert best(lambda: load_definition(small)) < 0.002
