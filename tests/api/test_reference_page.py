"""docs/api-reference.md is what the generator makes of the document that the server has."""

import httpx
import pytest

from api.reference import kind, page
from tests.docs.fences import ROOT


async def test_the_page_is_that_of_this_server(api: httpx.AsyncClient) -> None:
    document = (await api.get("/docs/api/swagger.json")).json()
    assert page(document) == (ROOT / "docs" / "api-reference.md").read_text(), "run `make reference`"


async def test_every_operation_is_there(api: httpx.AsyncClient) -> None:
    document = (await api.get("/docs/api/swagger.json")).json()
    text = page(document)
    for path, item in document["paths"].items():
        for method in item:
            assert f"`{method.upper()} {path}`" in text


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 100, "default": 20}, "integer, 1 to 100, default `20`"),
        (
            {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}]},
            "string or null, at most 9 characters",
        ),
        (
            {"type": "array", "items": {"enum": ["a", "b"]}, "minItems": 1},
            "list of `a`, `b`, at least 1 items",
        ),
        ({"type": "string", "format": "date-time"}, "time"),
        ({}, "any JSON"),
    ],
)
def test_a_schema_in_words(schema: dict[str, object], words: str) -> None:
    assert kind(schema) == words
