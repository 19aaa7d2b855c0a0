"""Reading JSON strictly: what was sent is what is meant, or it is refused."""

import json
import time
from collections.abc import Callable
from typing import Any

import hypothesis
import orjson
import pytest
from hypothesis import strategies as st

from api.strict_json import parse_json
from gorax.core.errors import Invalid


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"{}", {}),
        (b" null ", None),
        (b'"text"', "text"),
        (b'{"a":{"a":[{"a":1}]},"b":":"}', {"a": {"a": [{"a": 1}]}, "b": ":"}),
        (rb'{"quote\"colon:":"back\\"}', {'quote"colon:': "back\\"}),
        (b'{"a":"\\u0000"}', {"a": "\0"}),
        (b"[18446744073709551615,-9223372036854775808]", [2**64 - 1, -(2**63)]),
        (b"[1.5e3,123456789012345678901.5,1e22]", [1500.0, 123456789012345678901.5, 1e22]),
        (b'{"digits":"123456789012345678901234567890"}', {"digits": "123456789012345678901234567890"}),
        (b"[" * 100 + b"]" * 100, None),
    ],
)
def test_what_is_meant_is_read(text: bytes, value: object) -> None:
    read = parse_json(text)
    if value is not None:
        assert read == value


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"{", "not valid JSON"),
        (b"{'a':1}", "not valid JSON"),
        (b'{"a":1,}', "trailing comma"),
        (b'{"a":1} {}', "after document"),
        (b"NaN", "not valid JSON"),
        (b"[Infinity]", "not valid JSON"),
        (b"[1e999]", "infinity"),
        (b'"\xff\xfe"', "UTF-8"),
        (b'"\\ud800"', "surrogate"),
        (b'{"a":1,"b":{"c":1,"c":2}}', "the name 'c' is given twice"),
        (b'{"a":1,"\\u0061":2}', "the name 'a' is given twice"),
        (b"[18446744073709551616]", "18446744073709551616 is too large"),
        (b'{"a":-9223372036854775809}', "-9223372036854775809 is too large"),
        (b"[" + b"9" * 300 + b"]", "is too large"),
        (b"[" + b"9" * 5_000 + b"]", "infinity"),
        (b"[" * 101 + b"]" * 101, "nested deeper than 100 levels"),
        (b"[" * 1_000 + b"]" * 1_000, "nested deeper than 100 levels"),
        (b"[" * 100_000 + b"]" * 100_000, "depth"),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, "depth"),
        (b"[" * 100_000, "depth"),
    ],
)
def test_what_is_not_meant_is_refused_at_once(text: bytes, message: str) -> None:
    started = time.process_time()
    with pytest.raises(Invalid, match=f"^body: .*{message}") as refused:
        parse_json(text)
    assert time.process_time() - started < 0.2
    assert len(str(refused.value)) < 300


@pytest.mark.parametrize(
    "text",
    [
        b"[" + b",".join(b'{"id":%d,"name":"some \\"text\\" of it"}' % n for n in range(45_000)) + b"]",
        b"[" + b",".join([b"[]"] * 100_000) + b"]",
        b"[" + b",".join([b"1"] * 300_000) + b"]",
        b"[" + b",".join([b"1" * 18] * 100_000) + b"]",
        b'"' + b'\\"' * 300_000 + b'"',
        b"[" * 99 + b",".join([b"[]"] * 100_000) + b"]" * 99,
    ],
    ids=["objects", "lists", "numbers", "digits", "escapes", "depth"],
)
def test_strictness_costs_little_beside_reading_whatever_is_sent(text: bytes) -> None:
    def cost(read: Callable[[bytes], Any]) -> float:
        started = time.process_time()
        read(text)
        return time.process_time() - started

    plain = min(cost(orjson.loads) for _ in range(3))
    assert min(cost(parse_json) for _ in range(3)) < 2 * plain + 0.3


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=5)
    | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@hypothesis.given(JSON, st.sampled_from([None, 2]), st.booleans())
@hypothesis.settings(max_examples=100, deadline=None, database=None)
def test_whatever_is_json_is_read_as_it_is(value: Any, indent: int | None, ascii_only: bool) -> None:
    assert parse_json(json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode()) == value
