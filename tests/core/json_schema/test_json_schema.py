"""JSON Schema, held against another implementation, and against schemas and values that mean harm."""

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gorax.core.json_schema import SchemaError, Violation, compile_schema

ORDER = {
    "type": "object",
    "required": ["id", "lines"],
    "properties": {
        "id": {"type": "string", "pattern": "^[a-z]{2}-[0-9]+$"},
        "lines": {"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/line"}},
    },
    "additionalProperties": False,
    "$defs": {
        "line": {
            "type": "object",
            "properties": {"sku": {"type": "string"}, "count": {"type": "integer", "minimum": 1}},
            "required": ["sku"],
        }
    },
}


def test_a_value_that_fits_has_no_violations() -> None:
    assert compile_schema(ORDER).violations({"id": "ab-1", "lines": [{"sku": "x", "count": 2.0}]}) == []


def test_every_violation_has_its_place() -> None:
    found = compile_schema(ORDER).violations({"id": "AB", "lines": [{"sku": 1}, {"count": 0}], "x/y": 1})
    assert found == [
        Violation("/id", "must match the pattern ^[a-z]{2}-[0-9]+$"),
        Violation("/lines/0/sku", "must be a string"),
        Violation("/lines/1/count", "must be at least 1"),
        Violation("/lines/1/sku", "is required"),
        Violation("/x~1y", "is not allowed"),
    ]


@pytest.mark.parametrize(
    ("schema", "pointer", "message"),
    [
        ("x", "", "must be a schema"),
        ({"type": "strng"}, "/type", "must be one of"),
        ({"requried": ["a"]}, "/requried", "did you mean 'required'"),
        ({"properties": {"a": 1}}, "/properties/a", "must be a schema"),
        ({"$ref": "https://example.com/s.json"}, "/$ref", "must refer to a place in this schema"),
        ({"$ref": "other.json#/a"}, "/$ref", "must refer to a place in this schema"),
        ({"$ref": "#/$defs/nope"}, "/$ref", "a place that is not there"),
        ({"$ref": "#nope"}, "/$ref", "an $anchor that is not there"),
        ({"pattern": "(?=a)"}, "/pattern", "RE2"),
        ({"pattern": "("}, "/pattern", "RE2"),
        ({"pattern": "a" * 1001}, "/pattern", "at most 1,000"),
        ({"patternProperties": {"(?<!a)": {}}}, "/patternProperties", "RE2"),
        ({"minimum": "1"}, "/minimum", "must be a number"),
        ({"minLength": -1}, "/minLength", "0 or more"),
        ({"multipleOf": 0}, "/multipleOf", "above 0"),
        ({"items": [{}]}, "/items", "prefixItems"),
        ({"required": "a"}, "/required", "list of names"),
        ({"exclusiveMinimum": True}, "/exclusiveMinimum", "must be a number"),
        ({"allOf": []}, "/allOf", "at least one"),
        ({"unevaluatedProperties": False}, "/unevaluatedProperties", "not supported"),
        ({"$schema": "http://json-schema.org/draft-07/schema#"}, "/$schema", "2020-12"),
        ({"properties": {"a": {"$id": "https://x"}}}, "/properties/a/$id", "root only"),
    ],
)
def test_what_is_no_schema_is_refused_at_its_place(schema: Any, pointer: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message.replace("$", r"\$")) as raised:
        compile_schema(schema)
    assert raised.value.pointer == pointer


def nested(keyword: str, levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {}
    for _ in range(levels):
        schema = {keyword: schema}
    return schema


def nested_value(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


FAN_OUT = {
    "$defs": {f"d{i}": {"allOf": [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(40)} | {"d40": {}},
    "$ref": "#/$defs/d0",
}


@pytest.mark.parametrize(
    "schema",
    [
        nested("not", 90),
        {"properties": {str(number): {} for number in range(5_000)}},
        {"anyOf": [{}] * 5_000},
        {"pattern": "((a{100}){100}){100}"},
        {"enum": list(range(10_000))},
    ],
    ids=["deep", "wide", "many", "exploding pattern", "long enum"],
)
def test_schemas_that_cost_too_much_are_refused_at_once(schema: Any) -> None:
    start = time.process_time()
    with pytest.raises(SchemaError):
        compile_schema(schema)
    assert time.process_time() - start < 0.5


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"$ref": "#"}, 1),
        ({"$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}, "$ref": "#/$defs/a"}, 1),
        (FAN_OUT, 1),
        ({"items": {"$ref": "#"}}, nested_value(5_000)),
        ({"const": [1]}, nested_value(5_000)),
        ({"uniqueItems": True}, [nested_value(900)]),
        ({"items": {"anyOf": [{"not": {}}] * 400}}, [1] * 10_000),
    ],
    ids=["itself", "each other", "fan-out", "deep value", "deep const", "deep unique", "many forms"],
)
def test_a_check_that_would_not_end_says_so(schema: Any, value: Any) -> None:
    compiled = compile_schema(schema)
    start = time.process_time()
    found = compiled.violations(value)
    assert time.process_time() - start < 1
    assert found
    assert "too" in found[-1].message or "form" in found[-1].message


def test_a_pattern_that_would_backtrack_does_not() -> None:
    compiled = compile_schema({"pattern": "^(a+)+$"})
    start = time.process_time()
    assert compiled.violations("a" * 100_000 + "!")
    assert time.process_time() - start < 0.2


def test_no_more_violations_than_anyone_reads() -> None:
    assert len(compile_schema({"items": {"type": "string"}}).violations([1] * 1000)) == 20


names = st.sampled_from(["a", "b", "ab"])
numbers = st.one_of(st.integers(-3, 9), st.sampled_from([0.5, 1.0, 2.5, 0.3]))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, st.sampled_from(["", "a", "ab", "b1"])),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(names, inner, max_size=3)),
    max_leaves=8,
)
sizes = st.integers(0, 3)
types = st.sampled_from(["null", "boolean", "object", "array", "number", "string", "integer"])


def schemas_with(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    some = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(names, inner, max_size=3)
    keywords = {
        "type": st.one_of(types, st.lists(types, min_size=1, max_size=3, unique=True)),
        "enum": st.lists(values, min_size=1, max_size=3),
        "const": values,
        "minimum": numbers,
        "exclusiveMaximum": numbers,
        "multipleOf": st.sampled_from([1, 2, 0.5]),
        "minLength": sizes,
        "maxItems": sizes,
        "minProperties": sizes,
        "pattern": st.sampled_from(["^a", "b$", "[0-9]"]),
        "uniqueItems": st.booleans(),
        "required": st.lists(names, unique=True, max_size=2),
        "dependentRequired": st.dictionaries(names, st.lists(names, unique=True, max_size=2), max_size=2),
        "properties": named,
        "patternProperties": st.dictionaries(st.sampled_from(["^a", "b"]), inner, max_size=2),
        "additionalProperties": inner,
        "propertyNames": inner,
        "dependentSchemas": named,
        "prefixItems": some,
        "items": inner,
        "contains": inner,
        "minContains": sizes,
        "maxContains": sizes,
        "allOf": some,
        "anyOf": some,
        "oneOf": some,
        "not": inner,
        "if": inner,
        "then": inner,
        "else": inner,
        "$ref": st.sampled_from(["#/$defs/a", "#/$defs/b"]),
    }
    return st.lists(st.sampled_from(sorted(keywords)), max_size=3, unique=True).flatmap(
        lambda chosen: st.fixed_dictionaries({name: keywords[name] for name in chosen})
    )


schemas = st.recursive(st.booleans(), schemas_with, max_leaves=8)
leaves = st.one_of(st.booleans(), st.fixed_dictionaries({"type": types}))


@settings(max_examples=200, deadline=None)
@given(
    schema=schemas_with(schemas), definitions=st.fixed_dictionaries({"a": leaves, "b": leaves}), value=values
)
def test_it_agrees_with_the_reference_validator(schema: Any, definitions: Any, value: Any) -> None:
    whole = {**schema, "$defs": definitions}
    assert (compile_schema(whole).violations(value) == []) == Draft202012Validator(whole).is_valid(value)
