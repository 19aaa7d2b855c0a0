"""Built-in functions beyond the examples of Expr's page."""

import hashlib
import hmac
from typing import Any

import pytest

from gorax.core.expressions import ExpressionError


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('split("a,b,c", ",", 0)', []),
        ('split("a,b,c", ",", -1)', ["a", "b", "c"]),
        ('split("añb", "")', ["a", "ñ", "b"]),
        ('split("abc", "", 2)', ["a", "bc"]),
        ('splitAfter("a,b,", ",")', ["a,", "b,", ""]),
        ('replace("aaa", "a", "b", 2)', "bba"),
        ('replace("ab", "", "-")', "-a-b-"),
        ('[trimPrefix(" a"), trimSuffix("a ")]', ["a", "a"]),
        ('indexOf("añb", "b") + lastIndexOf("abcabc", "bc") + lastIndexOf("abc", "")', 9),
        ('lastIndexOf("abc", "xy")', -1),
        ('["hällo"[1], "hällo"[1:3], "hällo"[-1], len("👍🏻")]', ["ä", "äl", "o", 2]),
        ('upper("ß") + lower("ÀÉ")', "SSàé"),
        ("join([]) + join(['a'], ',')", "a"),
    ],
)
def test_strings(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("[round(2.5), round(-2.5), round(0.49999999999999994), round(3)]", [3, -3, 0, 3]),
        ("[floor(-1.5), ceil(-1.5), abs(-1.5)]", [-2, -1, 1.5]),
        ('[int(2.9), int(-2.9), int("-12"), int(duration("1us"))]', [2, -2, -12, 1000]),
        ('[float(3), float("-1.5e3"), float(".5")]', [3.0, -1500.0, 0.5]),
        ("[max([1, [2.5, 2]], 1), min(3, [2, [1]]), max([]), max('a')]", [2.5, 1, None, "a"]),
        ("[mean([]), median([]), mean(1..4), median([3, 1, 2, 10])]", [0, 0, 2.5, 2.5]),
        ("[sum([]), sum([0.5, 1]), sum(1..3, # * 2)]", [0, 1.5, 12]),
        ("[bitshl(1, 63), bitshl(1, 64), bitshr(-8, 100), bitushr(-1, 63)]", [-(2**63), 0, -1, 1]),
    ],
)
def test_numbers(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            "uniq([1, 1.0, '1', true, nil, nil, [1], [1.0], {a: 1}, {a: 1.0}])",
            [1, "1", True, None, [1], {"a": 1}],
        ),
        ("sort(['b', 'a', 'B'])", ["B", "a", "b"]),
        ("sort([2, 1.5, -1])", [-1, 1.5, 2]),
        ("sort(nil)", []),
        ("sort([duration('2s'), duration('1s')])", ["1s", "2s"]),
        ("sortBy([{n: 2, i: 0}, {n: 1, i: 1}, {n: 2, i: 2}], .n) | map(.i)", [1, 0, 2]),
        ("sortBy([3, 1])", [1, 3]),
        ("take([1, 2], 9)", [1, 2]),
        ("[1, 2, 3][5:] == [] and [1, 2, 3][2:1] == [] and [1, 2, 3][-9:1] == [1]", True),
        ("flatten([1, [2, [3, [[4]]]], []])", [1, 2, 3, 4]),
        ("groupBy(['a', 'b', 'a'], #).a", ["a", "a"]),
        ("groupBy(1..3, # > 1)[true]", [2, 3]),
        ("groupBy(1..3, # > 1 ? nil : '')[nil]", [2, 3]),
        ("keys(groupBy([1, 2.5, true, nil], #))", [1, 2.5, True, None]),
        ("toPairs(fromPairs([[1, 'a'], ['b', 2]]))", [[1, "a"], ["b", 2]]),
        ("merge({a: 1, b: {c: 1}}, {b: {d: 2}}, {e: 3})", {"a": 1, "b": {"d": 2}, "e": 3}),
        ("pick({a: 1, b: 2, c: 3}, 'c', 'a', 'z')", {"c": 3, "a": 1}),
        ("pick({a: 1, b: 2}, ['a'])", {"a": 1}),
        ("omit({a: 1, b: 2, c: 3}, 'a', 'z')", {"b": 2, "c": 3}),
        ("omit({a: 1, b: 2}, ['a', 'b'])", {}),
        ("[len(b'abc'), b'abc'[0], first(b'a')]", [3, 97, 97]),
        ("map(b'ab', # + 1)", [98, 99]),
    ],
)
def test_collections(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("string(nil) + string(true) + string(1.0) + string(0.1) + string([1, 'a'])", 'niltrue10.1[1,"a"]'),
        ("to_string(nil) + to_string({a: nil, b: [1.5, 2.0]})", '{"a":null,"b":[1.5,2]}'),
        ("string(1e21) + string(2.0 ** 60)", "1e+211152921504606846976"),
        ("string(date('2024-01-02')) + string(duration('90s'))", "2024-01-02T00:00:00Z1m30s"),
        ("toJSON({b: 1.0, a: [], c: {}})", '{\n  "a": [],\n  "b": 1,\n  "c": {}\n}'),
        ("fromJSON(toJSON([1, 2.5, nil, true, 'ä', {a: []}]))", [1, 2.5, None, True, "ä", {"a": []}]),
        ("fromBase64(toBase64('häl\\nlo'))", "häl\nlo"),
        ("url_encode('a b&c/é?=~') + url_encode(5)", "a%20b%26c%2F%C3%A9%3F%3D~5"),
        ("sha256('häl')", hashlib.sha256("häl".encode()).hexdigest()),
        ("sha256(b'\\xff')", hashlib.sha256(b"\xff").hexdigest()),
        ("hmac_sha256('body', 'key')", hmac.new(b"key", b"body", "sha256").hexdigest()),
        ("uuid()", "5b6e0a52-0000-4000-8000-000000000001"),
    ],
)
def test_conversions(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("regex_replace('a1b22', '[0-9]+', '#')", "a#b#"),
        ("regex_replace('John Smith', '(\\\\w+) (?P<last>\\\\w+)', '${last}, $1')", "Smith, John"),
        ("regex_replace('ab', 'b', '$$1')", "a$1"),
        ("regex_replace('baac', 'a*', '-')", "-b-c-"),
        ("regex_replace('éa', 'x*', '-')", "-é-a-"),
        ("regex_replace('a\\nb', '(?m)^', '> ')", "> a\n> b"),
        ("regex_replace('abc', '(b)|(z)', '[$1$2]')", "a[b]c"),
        ("'a.b' matches '^a[.]b$' and 'x' not matches 'y'", True),
        ("b'\\x41' matches 'A'", True),
        ("nil matches 'a'", False),
        ("let p = 'a+'; 'caat' matches p", True),
    ],
)
def test_regular_expressions(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source) == expected


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("int('1_0')", "int() cannot read '1_0'"),
        ("int('9223372036854775808')", "int() cannot read '9223372036854775808'"),
        ("int(true)", "int() needs a number or a string, got bool"),
        ("float('nan')", "float() cannot read 'nan'"),
        ("float('1e999')", "the number is too large"),
        ("max(1, 'a')", "max needs a number, got string"),
        ("bitand(1.5, 1)", "bitand needs integers, got float"),
        ("bitshl(1, -1)", "bitshl cannot shift by -1"),
        ("len(1)", "len needs an array, a map or a string, got int"),
        ("join([1])", "join needs strings, got int: convert with map(array, string(#))"),
        ("repeat('a', -1)", "repeat needs a count of at least 0, got -1"),
        ("take([1], -1)", "take needs a count of at least 0, got -1"),
        ("sort([1], 'up')", "the order must be 'asc' or 'desc'"),
        ("fromPairs([[1]])", "fromPairs needs an array of [key, value] pairs"),
        ("fromPairs([[[], 1]])", "array cannot be used as a map key"),
        ("fromJSON('{')", "fromJSON cannot read the text"),
        ("fromBase64('*')", "fromBase64 cannot read the text"),
        ("fromBase64('/w==')", "fromBase64 found bytes that are not UTF-8 text"),
        ("regex_replace('a', 'a', '$1')", "the regular expression has no group '1'"),
        ("regex_replace('a', '(?P<x>a)', '${y}')", "the regular expression has no group 'y'"),
        ("regex_replace('a', '[', '')", "invalid regular expression '['"),
        ("'a' matches repeat('a', 1001)", "a regular expression has at most 1000 characters"),
        ("pick(1, 'a')", "pick needs a map, got int"),
        ("keys([1])", "keys needs a map, got array"),
        ("duration('1 hour')", "invalid duration '1 hour'"),
        ("timezone('Mars/Olympus')", "unknown time zone 'Mars/Olympus'"),
        ("timezone('../../etc/passwd')", "unknown time zone '../../etc/passwd'"),
        ("timezone('Europe')", "unknown time zone 'Europe'"),
    ],
)
def test_functions_refuse(evaluate: Any, source: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        evaluate(source)

    assert caught.value.message.startswith(message)
