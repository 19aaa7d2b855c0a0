"""What methods return has the fields that the document tells of, and takes each of its examples."""

from typing import Any

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter

from gorax.client.resource import Calling
from tests.client.surface import CALLS, OPERATIONS, Json, arguments, resolved

each_call = pytest.mark.parametrize("method", [pytest.param(one, id=name) for name, one in CALLS.items()])


def success(method: Calling[..., Any]) -> Json:
    """What the document says of the answer."""
    _, _, operation = OPERATIONS[method.operation.id]
    [answer] = [one for status, one in operation["responses"].items() if status in {"200", "201", "202"}] or [
        {}
    ]
    content: Json = answer.get("content", {})
    return content


def call(method: Calling[..., Any]) -> Any:
    """A call with something for each argument that must be given."""
    return method.build(None, **{name: "x" for name, required in arguments(method).items() if required})


def unknown(value: Any) -> list[str]:
    """The fields that a model was given and does not have, at any depth."""
    if isinstance(value, list):
        return [name for one in value for name in unknown(one)]
    if not isinstance(value, BaseModel):
        return []
    inner = [name for field in type(value).model_fields for name in unknown(getattr(value, field))]
    return [*(value.model_extra or {}), *inner]


@each_call
def test_it_reads_the_example(method: Calling[..., Any]) -> None:
    answer, content = call(method).answer, success(method)
    if not content:
        assert answer.kind is None
    elif answer.kind is str:
        assert answer.accept in content
    else:
        [told] = content.values()
        read = answer.read(httpx.Response(200, json=told["example"]))
        assert read
        assert not unknown(read)


@each_call
def test_it_has_the_fields_of_the_document(method: Calling[..., Any]) -> None:
    answer, content = call(method).answer, success(method)
    if not content or answer.kind is str:
        return
    [told] = content.values()
    theirs = resolved(told["schema"])
    mine = TypeAdapter(answer.kind).json_schema(by_alias=True)
    if set(theirs.get("properties", {})) == {"data"}:
        theirs = theirs["properties"]["data"]
    compare(mine.get("$defs", {}), mine, theirs, method.operation.id)


def test_a_field_that_is_missing_would_be_seen() -> None:
    theirs = {"properties": {"id": {"type": "string"}, "age": {"type": "integer"}}, "required": ["id"]}
    compare({}, theirs, theirs, "same")
    with pytest.raises(AssertionError, match="fields"):
        compare({}, {"properties": {"id": {"type": "string"}}}, theirs, "fields")
    with pytest.raises(AssertionError, match="null"):
        compare({}, {"type": "string"}, {"anyOf": [{"type": "string"}, {"type": "null"}]}, "null")
    with pytest.raises(AssertionError, match="enum"):
        compare({}, {"enum": ["a"]}, {"enum": ["a", "b"]}, "enum")


def compare(defs: Json, mine: Json, theirs: Json, where: str) -> None:
    """Fails unless everything that the document tells of at this place is known, and nothing is asked beyond it."""
    theirs, options = resolved(theirs), [_known(defs, one) for one in mine.get("anyOf", [mine])]
    if "anyOf" in theirs:
        for one in theirs["anyOf"]:
            compare(defs, mine, one, where)
    elif "properties" in theirs:
        names = set(theirs["properties"])
        fitting = [one for one in options if set(one.get("properties", ())) == names]
        assert fitting, f"{where} has the fields {names}"
        assert set(fitting[0].get("required", ())) <= set(theirs.get("required", ())), where
        for name, field in theirs["properties"].items():
            compare(defs, fitting[0]["properties"][name], field, f"{where}.{name}")
    elif "enum" in theirs:
        assert set(theirs["enum"]) <= {value for one in options for value in one.get("enum", ())}, where
    elif theirs.get("type") == "array" and "items" in theirs:
        [array] = [one for one in options if one.get("type") == "array"]
        compare(defs, array["items"], theirs["items"], f"{where}[]")
    elif "type" in theirs:
        wider = {"integer": {"integer", "number"}}.get(theirs["type"], {theirs["type"]})
        found = {one.get("type", "any") for one in options}
        assert found & (wider | {"any"}), f"{where} may be {theirs['type']}"


def _known(defs: Json, schema: Json) -> Json:
    found: Json = defs[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found
