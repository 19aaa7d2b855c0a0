"""Every example of Expr's published language definition, by its sections.

Where the page gives a result, so does the table. Where it shows a function on a variable only, the table
supplies one. Dates come from strings here, since environments hold JSON.
"""

from typing import Any

import pytest

NAMES: dict[str, Any] = {
    "user": {"Name": "Ada Lovelace", "Age": 36},
    "array": [1, 2, 3, 4, 5],
    "author": {"User": {"Name": "Ada"}},
    "stranger": {"User": None},
    "foo": {"Name": "foo"},
    "var with spaces": 7,
    "tweets": [{"Content": "x" * 241, "Size": 281}, {"Content": "short", "Size": 5}],
    "posts": [
        {"Author": "Ada", "Comments": [{"Author": "Ada"}]},
        {"Author": "Bob", "Comments": [{"Author": "Ada"}]},
    ],
    "participants": [{"Winner": False}, {"Winner": True}],
    "users": [{"Name": "John", "Age": 30}, {"Name": "Ann", "Age": 17}, {"Name": "Jane", "Age": 30}],
    "accounts": [{"Balance": 10}, {"Balance": 2.5}],
}
JOHN, ANN, JANE = NAMES["users"]
CREATED = 'let createdAt = date("2024-05-06T06:30:00Z"); '

EXAMPLES: list[tuple[str, Any]] = [
    # Literals
    ("/* a comment */ true", True),
    ("false // a comment", False),
    ("42", 42),
    ("0x2A", 42),
    ("0o52", 42),
    ("0b101010", 42),
    ("0.5", 0.5),
    (".5", 0.5),
    ('"foo"', "foo"),
    ("'bar'", "bar"),
    ("[1, 2, 3]", [1, 2, 3]),
    ("{a: 1, b: 2, c: 3}", {"a": 1, "b": 2, "c": 3}),
    ("nil", None),
    ('b"hello"', [104, 101, 108, 108, 111]),
    (r"b'\xff\x00'", [255, 0]),
    # Strings
    (r'"Hello\nWorld"', "Hello\nWorld"),
    (r'"\t\u00e9"', "\té"),
    ("`Hello\nWorld`", "Hello\nWorld"),
    (r"`raw \n`", r"raw \n"),
    # Bytes
    ('b"abc"', [97, 98, 99]),
    ('b"ÿ"', [195, 191]),
    (r'b"\xff"', [255]),
    (r'b"\x00\x01"', [0, 1]),
    (r'b"\101"', [65]),
    # Operators
    ("1 + 2 - 3 * 4 / 5", 0.6000000000000001),
    ("7 % 3", 1),
    ("2 ^ 3", 8),
    ("2 ** 3", 8),
    ("[1 == 1, 1 != 1, 1 < 2, 1 > 2, 1 <= 1, 1 >= 2]", [True, False, True, False, True, False]),
    ("not true or !false and true && true || false", True),
    ("true ? 1 : 2", 1),
    ("nil ?? 3", 3),
    ("if 1 > 2 { 1 } else { 2 }", 2),
    ("if 1 > 2 {\n  1\n} else if 2 > 1 {\n  2\n} else {\n  3\n}", 2),
    ('"a" + "b"', "ab"),
    ('"foobar" contains "oba"', True),
    ('"foobar" startsWith "foo"', True),
    ('"foobar" endsWith "foo"', False),
    ('"foobar" matches "^fo+b"', True),
    # Membership
    ("user.Name", "Ada Lovelace"),
    ('user["Name"]', "Ada Lovelace"),
    ("array[0]", 1),
    ("array[-1]", 5),
    ('"John" in ["John", "Jane"]', True),
    ('"name" in {"name": "John", "age": 30}', True),
    # Optional chaining
    ("author.User?.Name", "Ada"),
    ("author.User != nil ? author.User.Name : nil", "Ada"),
    ("stranger.User?.Name", None),
    # Nil coalescing
    ('author.User?.Name ?? "Anonymous"', "Ada"),
    ('stranger.User?.Name ?? "Anonymous"', "Anonymous"),
    ('stranger.User != nil ? stranger.User.Name : "Anonymous"', "Anonymous"),
    # Slices
    ("array[1:4] == [2, 3, 4]", True),
    ("array[1:-1] == [2, 3, 4]", True),
    ("array[:3] == [1, 2, 3]", True),
    ("array[3:] == [4, 5]", True),
    ("array[:] == array", True),
    # Pipes and ranges
    ('user.Name | lower() | split(" ")', ["ada", "lovelace"]),
    ('split(lower(user.Name), " ")', ["ada", "lovelace"]),
    ("1..3 == [1, 2, 3]", True),
    # Variables
    ("let x = 42; x * 2", 84),
    ("let x = 42; \nlet y = 2; \nx * y", 84),
    ('let name = user.Name | lower() | split(" "); \n"Hello, " + name[0] + "!"', "Hello, ada!"),
    # $env
    ('foo.Name == $env["foo"].Name', True),
    ('$env["var with spaces"]', 7),
    ("'foo' in $env", True),
    ("'bar' in $env", False),
    # Predicates
    ("filter(0..9, {# % 2 == 0})", [0, 2, 4, 6, 8]),
    ("filter(tweets, {len(.Content) > 240})", NAMES["tweets"][:1]),
    ("filter(tweets, len(.Content) > 240)", NAMES["tweets"][:1]),
    (
        "filter(posts, {\n    let post = #; \n    any(.Comments, .Author == post.Author)\n})",
        NAMES["posts"][:1],
    ),
    # String functions
    ('trim("  Hello  ") == "Hello"', True),
    ('trim("__Hello__", "_") == "Hello"', True),
    ('trimPrefix("HelloWorld", "Hello") == "World"', True),
    ('trimSuffix("HelloWorld", "World") == "Hello"', True),
    ('upper("hello") == "HELLO"', True),
    ('lower("HELLO") == "hello"', True),
    ('split("apple,orange,grape", ",") == ["apple", "orange", "grape"]', True),
    ('split("apple,orange,grape", ",", 2) == ["apple", "orange,grape"]', True),
    ('splitAfter("apple,orange,grape", ",") == ["apple,", "orange,", "grape"]', True),
    ('splitAfter("apple,orange,grape", ",", 2) == ["apple,", "orange,grape"]', True),
    ('replace("Hello World", "World", "Universe") == "Hello Universe"', True),
    ('repeat("Hi", 3) == "HiHiHi"', True),
    ('indexOf("apple pie", "pie") == 6', True),
    ('lastIndexOf("apple pie apple", "apple") == 10', True),
    ('hasPrefix("HelloWorld", "Hello") == true', True),
    ('hasSuffix("HelloWorld", "World") == true', True),
    # Date functions
    (CREATED + "createdAt - now()", "-38m9s"),
    (CREATED + 'createdAt + duration("1h")', "2024-05-06T07:30:00Z"),
    (CREATED + 'createdAt > now() - duration("1h")', True),
    ("now().Year() == 2024", True),
    ('duration("1h").Seconds() == 3600', True),
    ('date("2023-08-14")', "2023-08-14T00:00:00Z"),
    ('date("15:04:05")', "0000-01-01T15:04:05Z"),
    ('date("2023-08-14T00:00:00Z")', "2023-08-14T00:00:00Z"),
    ('date("2023-08-14 00:00:00", "2006-01-02 15:04:05", "Europe/Zurich")', "2023-08-13T22:00:00Z"),
    ('date("2023-08-14").Year() == 2023', True),
    ('timezone("Europe/Zurich")', "Europe/Zurich"),
    ('timezone("UTC")', "UTC"),
    ('date("2023-08-14 00:00:00").In(timezone("Europe/Zurich")).Hour()', 2),
    # Number functions
    ("max(5, 7) == 7", True),
    ("min(5, 7) == 5", True),
    ("abs(-5) == 5", True),
    ("ceil(1.5) == 2.0", True),
    ("floor(1.5) == 1.0", True),
    ("round(1.5) == 2.0", True),
    # Array functions
    ("all(tweets, {.Size < 280})", False),
    ("any(tweets, {.Size > 280})", True),
    ("one(participants, {.Winner})", True),
    ("none(tweets, {.Size > 280})", False),
    ("map(tweets, {.Size})", [281, 5]),
    ('filter(users, .Name startsWith "J")', [JOHN, JANE]),
    ("find([1, 2, 3, 4], # > 2) == 3", True),
    ("findIndex([1, 2, 3, 4], # > 2) == 2", True),
    ("findLast([1, 2, 3, 4], # > 2) == 4", True),
    ("findLastIndex([1, 2, 3, 4], # > 2) == 3", True),
    ("groupBy(users, .Age)", {"30": [JOHN, JANE], "17": [ANN]}),
    ("count(users, .Age > 18)", 2),
    ("len(filter(users, .Age > 18))", 2),
    ("count([true, false, true]) == 2", True),
    ("concat([1, 2], [3, 4]) == [1, 2, 3, 4]", True),
    ("flatten([1, 2, [3, 4]]) == [1, 2, 3, 4]", True),
    ("uniq([1, 2, 3, 2, 1]) == [1, 2, 3]", True),
    ('join(["apple", "orange", "grape"], ",") == "apple,orange,grape"', True),
    ('join(["apple", "orange", "grape"]) == "appleorangegrape"', True),
    ("reduce(1..9, #acc + #)", 45),
    ("reduce(1..9, #acc + #, 0)", 45),
    ("sum([1, 2, 3]) == 6", True),
    ("sum(accounts, .Balance)", 12.5),
    ("reduce(accounts, #acc + .Balance, 0)", 12.5),
    ("sum(map(accounts, .Balance))", 12.5),
    ("mean([1, 2, 3]) == 2.0", True),
    ("median([1, 2, 3]) == 2.0", True),
    ("first([1, 2, 3]) == 1", True),
    ("last([1, 2, 3]) == 3", True),
    ("take([1, 2, 3, 4], 2) == [1, 2]", True),
    ("reverse([3, 1, 4]) == [4, 1, 3]", True),
    ("reverse(reverse([3, 1, 4])) == [3, 1, 4]", True),
    ("sort([3, 1, 4]) == [1, 3, 4]", True),
    ('sort([3, 1, 4], "desc") == [4, 3, 1]', True),
    ("sortBy(users, .Age)", [ANN, JOHN, JANE]),
    ('sortBy(users, .Age, "desc")', [JOHN, JANE, ANN]),
    # Map functions
    ('keys({"name": "John", "age": 30}) == ["name", "age"]', True),
    ('values({"name": "John", "age": 30}) == ["John", 30]', True),
    # Type conversion
    ('type(42) == "int"', True),
    ('type("hello") == "string"', True),
    ('type(now()) == "time.Time"', True),
    ('[type(nil), type(true), type(1.5), type([]), type({})] | join(" ")', "nil bool float array map"),
    ('int("123") == 123', True),
    ('float("123.45") == 123.45', True),
    ('string(123) == "123"', True),
    ('toJSON({"name": "John", "age": 30})', '{\n  "age": 30,\n  "name": "John"\n}'),
    ('fromJSON(\'{"name": "John", "age": 30}\')', {"name": "John", "age": 30}),
    ('toBase64("Hello World") == "SGVsbG8gV29ybGQ="', True),
    ('fromBase64("SGVsbG8gV29ybGQ=") == "Hello World"', True),
    ('toPairs({"name": "John", "age": 30}) == [["name", "John"], ["age", 30]]', True),
    ('fromPairs([["name", "John"], ["age", 30]]) == {"name": "John", "age": 30}', True),
    # Miscellaneous
    ("len([1, 2, 3]) == 3", True),
    ('len({"name": "John", "age": 30}) == 2', True),
    ('len("Hello") == 5', True),
    ("get([1, 2, 3], 1) == 2", True),
    ('get({"name": "John", "age": 30}, "name") == "John"', True),
    # Bitwise functions
    ("bitand(0b1010, 0b1100) == 0b1000", True),
    ("bitor(0b1010, 0b1100) == 0b1110", True),
    ("bitxor(0b1010, 0b1100) == 0b110", True),
    ("bitnand(0b1010, 0b1100) == 0b10", True),
    ("bitnot(0b1010) == -0b1011", True),
    ("bitshl(0b101101, 2) == 0b10110100", True),
    ("bitshr(0b101101, 2) == 0b1011", True),
    ("bitushr(-0b101, 2) == 4611686018427387902", True),
]

PROGRAMS: list[tuple[str, Any]] = [
    (
        """
        let orders = [
          {id: "a", lines: [{sku: "x", n: 2, price: 10}, {sku: "y", n: 1, price: 5.5}]},
          {id: "b", lines: [{sku: "x", n: 1, price: 10}]},
        ];
        {
          revenue: sum(orders, sum(.lines, .n * .price)),
          pieces: reduce(orders, #acc + sum(.lines, .n), 0),
          totals: map(orders, {{id: .id, total: sum(.lines, .n * .price)}}),
        }
        """,
        {"revenue": 35.5, "pieces": 4, "totals": [{"id": "a", "total": 25.5}, {"id": "b", "total": 10}]},
    ),
    (
        """
        let rights = {mask: 0b101, names: ["see", "change", "own"]};
        rights.names | filter(rights.mask | bitshr(#index) | bitand(1) == 1)
        """,
        ["see", "own"],
    ),
    (
        """
        let tickets = [{owner: {name: "Mia"}, tags: ["urgent"]}, {owner: nil, tags: nil}];
        tickets
        // nobody owns the second one
        | filter("urgent" in (.tags ?? []))
        | map(.owner?.name ?? "nobody")
        """,
        ["Mia"],
    ),
    (
        """"one two  two three" | split(" ") | filter(# != "") | groupBy(#) | toPairs()
           | map({{word: #[0], times: len(#[1])}}) | sortBy(.times, "desc") | first()""",
        {"word": "two", "times": 2},
    ),
    (
        "let digits = map(split('40 56', ''), # in map(0..9, string(#)) ? int(#) : nil); filter(digits, # != nil)",
        [4, 0, 5, 6],
    ),
    ("10..99 | filter(let n = #; n == (n / 10 | floor() | int()) * (n % 10) * 2)", [36]),
]


@pytest.mark.parametrize(("source", "expected"), EXAMPLES)
def test_example_of_the_page(evaluate: Any, source: str, expected: Any) -> None:
    result = evaluate(source, NAMES)

    assert result == expected
    assert isinstance(result, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(("source", "expected"), PROGRAMS)
def test_whole_program(evaluate: Any, source: str, expected: Any) -> None:
    assert evaluate(source) == expected
