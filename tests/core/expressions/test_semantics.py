"""How operators, paths and results behave, and what errors say."""

from typing import Any

import pytest

from gorax.core.expressions import ExpressionError, Meter, compile_expression

NAMES: dict[str, Any] = {
    "steps": {
        "enrich": {"output": {"total": 5, "items": [{"id": 1}], "nothing": None}},
        "validate_order": {"output": {}},
        "http-1": {"output": "ok"},
    },
    "text": "hällo",
    "number": 3,
    "none": None,
}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("-2 ** 2", -4),
        ("2 ** 3 ** 2", 512),
        ("1 + 2 * 3 % 2", 1),
        ("-(2 - 5) ** 3 - 2 / (+4 - 3) + -2", 23),
        ("1 < 2 < 3 == true", True),
        ("1 < 3 < 2", False),
        ("1 < 2 > 1", True),
        ("false and true or true", True),
        ("true or 1 + nil", True),
        ("false and nil", False),
        ('not ("a" in ["b"]) and "a" not in ["b"]', True),
        ('"a" not contains "b"', True),
        ("0 in -1..1", True),
        ("3..1", []),
        ("true ? 1 : false ? 2 : 3", 1),
        ("false ?: 3", 3),
        ("true ?: 3", True),
        ("1; 2; 3", 3),
        ("1;", 1),
        ("{a: 1,}.a + [1, 2,][1]", 3),
        ('{1: "a", "b c": 2, (lower("C")): 3, in: 4}', {"1": "a", "b c": 2, "c": 3, "in": 4}),
        ("1 === 1 and 1 !== 2 and not (1 === 2)", True),
        ("::len([1])", 1),
        ("[[1, 2], 3]?.[0]?.[1]", 2),
        ("map(1..2, let x = #; map(2..3, let y = #; x + y))", [[3, 4], [4, 5]]),
        ("map(1..3, #index)", [0, 1, 2]),
        ("reduce(1..3, #acc + # * #index, 100)", 108),
    ],
)
def test_grammar(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source, NAMES) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("6 / 4", 1.5),
        ("6 / 3", 2.0),
        ("-7 % 3", -1),
        ("7 % -3", 1),
        ("2 ** 10", 1024.0),
        ("2 ** -1", 0.5),
        ("1 == 1.0", True),
        ("true == 1", False),
        ('"1" == 1', False),
        ("nil == false", False),
        ("[1, {a: 2.0}] == [1.0, {a: 2}]", True),
        ("{a: 1} == {a: 1, b: 2}", False),
        ('b"a" == [97]', True),
        ("9223372036854775807 * 2 / 2 == 9223372036854775807.0", True),
        ("10000000000 * 10000000000 - 10000000000 * 10000000000 + 1", 1),
        ('"a" < "b" and "B" < "a"', True),
        ("1.5 < 2 and 2 <= 2.0", True),
    ],
)
def test_numbers_and_equality(evaluate: Any, source: str, expected: Any) -> None:
    result = evaluate(source)

    assert result == expected
    assert type(result) is type(expected)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("1 / 0", "division by zero (column 3)"),
        ("1 % 0", "division by zero (column 3)"),
        ("1.5 % 2", "% does not take float and int (column 5)"),
        ("1 + 'a'", "+ does not take int and string (column 3)"),
        ("'a' < 1", "cannot compare string with int (column 5)"),
        ("nil < 1", "cannot compare nil with int (column 5)"),
        ("true and 1", "and needs true or false, got int (column 6)"),
        ("1 ? 2 : 3", "a condition must be true or false, got int (column 3)"),
        ("not nil", "not needs true or false, got nil (column 1)"),
        ("-'a'", "- needs a number, got string (column 1)"),
        ("filter([1], # + 1)", "the predicate of filter must be true or false, got int (column 1)"),
        ("9e307 * 100", "the number is too large (column 7)"),
        ("(-8) ** 0.5", "-8 ** 0.5 is not a number (column 6)"),
        ("2 ** 5000", "the number is too large (column 3)"),
        ("9223372036854775807 + 1", "the integer does not fit into 64 bits (column 1)"),
        ("'a' in 'abc'", "in needs an array or a map, got string (column 5)"),
        ("map({a: 1}, #)", "map needs an array, got map (column 1)"),
        ("sort([1, 'a'])", "cannot compare int with string (column 1)"),
        ("{(1): 2}", "a map key must be a string, got int (column 3)"),
        ("lower(1)", "lower needs a string, got int (column 1)"),
        ("1 + lower(nil)", "lower needs a string, got nil (column 5)"),
        ("reduce([], #acc)", "reduce of an empty array needs an initial value (column 1)"),
    ],
)
def test_mistakes_of_types(evaluate: Any, source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(source)

    assert str(caught.value) == message
    assert caught.value.source == source


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("steps.nope.output", "no key 'nope' in steps; it has enrich, http-1, validate_order (column 7)"),
        (
            "steps.enrich.output.x",
            "no key 'x' in steps.enrich.output; it has items, nothing, total (column 21)",
        ),
        ("steps['http-1'].output.x", "cannot read 'x': steps['http-1'].output is a string (column 24)"),
        (
            "steps.validate_order.output.a",
            "no key 'a' in steps.validate_order.output; it has nothing (column 29)",
        ),
        ("steps.enrich.output.nothing.x", "cannot read 'x': steps.enrich.output.nothing is nil (column 29)"),
        (
            "steps.enrich.output.items.id",
            "cannot read 'id': steps.enrich.output.items is an array (column 27)",
        ),
        (
            "steps.enrich.output.items[1]",
            "index 1 is out of range: steps.enrich.output.items has 1 elements (column 26)",
        ),
        ("stepz.enrich", "unknown name 'stepz'; there is none, number, steps, text (column 1)"),
        ("number.x", "cannot read 'x': number is an int (column 8)"),
        ("now().Year", "Year is a method of a time.Time: write Year() (column 7)"),
        ("filter(steps.enrich.output.items, .price > 1)", "no key 'price' in #; it has id (column 36)"),
    ],
)
def test_missing_data_is_named(evaluate: Any, source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(source, NAMES)

    assert str(caught.value) == message


def test_long_lists_of_keys_are_cut(evaluate: Any) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate("big.x", {"big": {f"key{number:02}" + "k" * 100: 1 for number in range(50)}})

    assert caught.value.message.endswith("…, …")
    assert len(caught.value.message) < 500


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("none?.x", None),
        ("none?.x.y.z", None),
        ("steps?.nope", None),
        ("steps.nope?.output", None),
        ("nope?.x", None),
        ("steps?.nope ?? 1", 1),
        ("steps.nope.output.x ?? 1", 1),
        ("nope ?? none ?? 2", 2),
        ("steps.enrich.output.items[5] ?? 3", 3),
        ("steps.enrich.output.items?.[5]", None),
        ("steps.enrich.output.total ?? 1", 5),
        ("'enrich' in steps and 'nope' not in steps", True),
        ("'x' in none", False),
        ("none contains 'x'", False),
        ("get(steps, 'nope')", None),
        ("get(none, 'nope')", None),
        ("get([1], 7)", None),
        ("first([]) ?? last([])", None),
        ("find([1], # > 1)", None),
    ],
)
def test_optional_data(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source, NAMES) == expected


@pytest.mark.parametrize("source", ["steps.nope.x?.y", "text.x ?? 1", "number.x ?? 1", "steps?.enrich.nope"])
def test_only_what_is_marked_is_optional(evaluate: Any, source: str) -> None:
    with pytest.raises(ExpressionError):
        evaluate(source, NAMES)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "unexpected end of expression (column 1)"),
        ("1 +", "unexpected end of expression (column 4)"),
        ("a.", "unexpected end of expression, expected a name after the dot (column 3)"),
        ("a ? b", "unexpected end of expression, expected ':' (column 6)"),
        ("[1 2]", "unexpected number '2', expected ']' (column 4)"),
        (
            "{-: 1}",
            "unexpected symbol '-', a map key is a name, a string, a number or an expression in parentheses",
        ),
        ("a ?? b || c", "?? and || cannot be mixed: put one of them into parentheses (column 8)"),
        ("1 not == 2", "unexpected word 'not' (column 3)"),
        ("'abc", "literal not terminated (column 1)"),
        ("`abc", "literal not terminated (column 1)"),
        ("1 /* abc", "unclosed comment (column 3)"),
        (r"'\q'", r"invalid char escape"),
        (r"b'\u0041'", r"invalid char escape in bytes"),
        ("0b15", "bad number syntax: '0b15' (column 1)"),
        ("1e", "bad number syntax: '1e' (column 1)"),
        ("12abc", "bad number syntax: '12a' (column 1)"),
        ("9223372036854775808", "integer literal is too large (column 1)"),
        ("1e999", "float literal is too large (column 1)"),
        ("a @ b", "unrecognized character '@' (column 3)"),
        ("lowr('a')", "unknown function 'lowr'; did you mean 'lower'? (column 1)"),
        ("lower()", "lower takes 1 argument, got 0 (column 1)"),
        ("split('a')", "split takes 2 to 3 arguments, got 1 (column 1)"),
        ("max()", "max takes at least 1 argument, got 0 (column 1)"),
        ("filter([1])", "filter needs a predicate (column 1)"),
        ("filter()", "filter needs an array (column 1)"),
        ("'a'.toUpperCase()", "unknown method 'toUpperCase': functions are called as name(value) (column 5)"),
        ("#", "# is only available inside the predicate of a function such as filter or map (column 1)"),
        ("map([1], #x)", "unknown pointer #x: there are #, #index and #acc (column 10)"),
        ("map([1], #acc)", "#acc is only available in the predicate of reduce (column 10)"),
        ("map([1], {a: #})", "a map needs braces of its own inside those of the predicate: {{key: value}}"),
        ("map([1], 1; 2)", "put a predicate with several statements into { and } (column 11)"),
        ("let x = 1; let x = 2; x", "the variable 'x' is already declared (column 12)"),
        ("let x = 1", "unexpected end of expression, expected ';' (column 10)"),
        ("'a' matches '('", "invalid regular expression '('"),
        ("if true { 1 }", "unexpected end of expression, expected 'else' (column 14)"),
    ],
)
def test_syntax_errors_say_where(source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_expression(source)

    assert str(caught.value).startswith(message)
    assert 1 <= caught.value.column <= len(source) + 1
    assert caught.value.source == source


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("now()", "2024-05-06T07:08:09Z"),
        ("[now()]", ["2024-05-06T07:08:09Z"]),
        (
            "{at: now(), for: duration('90m'), where: timezone('UTC')}",
            {
                "at": "2024-05-06T07:08:09Z",
                "for": "1h30m0s",
                "where": "UTC",
            },
        ),
        ("{a: b'hi'}", {"a": [104, 105]}),
        (
            "groupBy([1, 1.5, true, nil, 'x'], #)",
            {
                "1": [1],
                "1.5": [1.5],
                "true": [True],
                "nil": [None],
                "x": ["x"],
            },
        ),
        ("fromPairs([[now(), 1], [duration('1s'), 2]])", {"2024-05-06T07:08:09Z": 1, "1s": 2}),
        ("keys(groupBy([1, true, nil, 9223372036854775807 * 4], #)) | len()", 4),
        ('"\\ud800"', "�"),
    ],
)
def test_results_are_json(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source, NAMES) == expected


def test_keys_that_become_the_same_text_are_refused(evaluate: Any) -> None:
    with pytest.raises(ExpressionError, match="two keys of the map are '1'"):
        evaluate("groupBy([1, '1'], #)")


def test_numbers_and_booleans_are_different_keys(evaluate: Any) -> None:
    assert evaluate("let g = groupBy([1, true, 1.0], #); [len(g), g[1], g[true]]") == [2, [1, 1.0], [True]]


def test_values_of_the_environment_are_passed_by_reference(evaluate: Any) -> None:
    for source in (
        "steps.enrich.output",
        "steps.nope ?? steps.enrich.output",
        "true ? steps.enrich.output : 1",
    ):
        assert evaluate(source, NAMES) is NAMES["steps"]["enrich"]["output"]
    assert evaluate("{a: [steps.enrich]}", NAMES)["a"][0] is NAMES["steps"]["enrich"]


def test_evaluating_changes_nothing_it_was_given(evaluate: Any) -> None:
    names = {"rows": [{"b": 2, "a": [3, 1, 2]}]}
    evaluate("[sort(rows[0].a), reverse(rows), merge(rows[0], {c: now()}), concat(rows, rows)]", names)

    assert names == {"rows": [{"b": 2, "a": [3, 1, 2]}]}


def test_results_do_not_share_their_literals(evaluate: Any) -> None:
    first = evaluate("{a: [1, 2]}")
    first["a"].append(3)

    assert evaluate("{a: [1, 2]}") == {"a": [1, 2]}


def test_a_meter_counts_across_evaluations(evaluate: Any) -> None:
    meter = Meter(1000)
    evaluate("1 + 1", meter=meter)
    once = meter.spent
    evaluate("1 + 1", meter=meter)

    assert once > 0
    assert meter.spent == 2 * once
    with pytest.raises(ExpressionError, match="budget of 1000 steps"):
        evaluate("map(1..1000, #)", meter=meter)
    assert meter.spent == 1000


def test_a_compiled_expression_is_shared() -> None:
    assert compile_expression("1 + 41") is compile_expression("1 + 41")
    assert compile_expression("1 + 41").source == "1 + 41"


@pytest.mark.parametrize(
    "source", ["credentials.a.b", "$env.credentials", "lower(credentials['a'].b)", "credentials"]
)
def test_credentials_are_no_values(source: str) -> None:
    with pytest.raises(ExpressionError, match=r"\{\{credentials\.NAME\}\}"):
        compile_expression(source)
