"""What expressions say they read."""

import pytest

from gorax.core.expressions import compile_expression


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("steps.a.output.total", {"steps.a.output.total"}),
        ("steps['http-1'].output", {"steps.http-1.output"}),
        ("steps.a.output.items[0].id", {"steps.a.output.items"}),
        ("steps[vars.name].output", {"steps", "vars.name"}),
        ("a.b[1:c].d", {"a.b", "c"}),
        ("a + b.c > d ? e : f", {"a", "b.c", "d", "e", "f"}),
        ("if a { b } else { c }", {"a", "b", "c"}),
        ("[a, {b: c, (d): e}]", {"a", "c", "d", "e"}),
        ("filter(a.items, .price > b.limit and #index < c)", {"a.items", "b.limit", "c"}),
        ("reduce(a, #acc + #, b)", {"a", "b"}),
        ("a | map(#.x) | join(b)", {"a", "b"}),
        ("let a = b.c; a.d + e", {"b.c", "e"}),
        ("(let x = y; x) + x", {"y", "x"}),
        ("map(a, let x = #; x + y) + x", {"a", "y", "x"}),
        ("$env['a b'].c", {"a b.c"}),
        ("$env[a]", {"", "a"}),
        ("'a' in $env", {""}),
        ("date(a.b).Year()", {"a.b"}),
        ("a.at.Add(b)", {"a.at", "b"}),
        ("now()", set()),
        ("1 + 2", set()),
    ],
)
def test_references(source: str, expected: set[str]) -> None:
    assert {".".join(path) for path in compile_expression(source).references} == expected


@pytest.mark.parametrize(
    ("source", "optional"),
    [
        ("a?.b.c", {"a.b.c"}),
        ("a.b ?? c", {"a.b"}),
        ("a ?? b ?? c", {"a", "b"}),
        ("a.b ?? a.b", set()),
        ("(a.b | lower()) ?? c", set()),
        ("a?.b + c", {"a.b"}),
        ("map(a, .x ?? b)", set()),
    ],
)
def test_optional_references(source: str, optional: set[str]) -> None:
    assert {".".join(path) for path in compile_expression(source).optional_references} == optional
