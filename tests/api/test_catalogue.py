"""What editors ask for: the action types, and the schema of a definition."""

import httpx
import jsonschema
import pytest

from api import examples
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.schema import definition_schema

KEYS = {
    *("name", "aliases", "kind", "summary", "description", "output", "config_schema", "example", "defaults"),
}


async def test_every_type_is_listed_with_all_that_an_editor_needs(api: httpx.AsyncClient) -> None:
    response = await api.get("/api/v1/action-types")
    assert response.status_code == 200
    types = response.json()["data"]
    assert [each["name"] for each in types] == [action_type.name for action_type in full_catalogue()]
    for each in types:
        assert set(each) == KEYS
        assert each["summary"], each["name"]
        assert each["description"], each["name"]
        assert each["output"], each["name"]
        jsonschema.Draft202012Validator(each["config_schema"]).validate(each["example"])


async def test_effects_tell_their_defaults(api: httpx.AsyncClient) -> None:
    http = (await api.get("/api/v1/action-types/http")).json()["data"]
    assert http["kind"] == "effect"
    assert http["aliases"] == ["http_request"]
    assert http["defaults"] == {
        "timeout": 30,
        "max_attempts": 3,
        "mode": "durable",
        "fast_when": {"method": ["GET", "HEAD", "OPTIONS"]},
    }
    assert "`{status, headers, body, url, elapsed_ms}`" in http["output"]
    assert http["config_schema"]["properties"]["query"]["description"] == "Added to the URL's own query."


@pytest.mark.parametrize("name", ["for_each", "loop", "control:loop", "control%3Afor_each", "action:foreach"])
async def test_a_type_is_found_by_all_its_names(api: httpx.AsyncClient, name: str) -> None:
    response = await api.get(f"/api/v1/action-types/{name}")
    assert response.json()["data"]["name"] == "for_each"


@pytest.mark.parametrize("name", ["nope", "HTTP", "action:action:http", "http ", "%00", "x" * 5_000, "🙂"])
async def test_there_is_no_other(api: httpx.AsyncClient, name: str) -> None:
    response = await api.get(f"/api/v1/action-types/{name}")
    assert response.status_code == 404
    assert response.json()["error"] in {"action type not found", "no such route"}


async def test_the_example_of_the_documentation_is_true(api: httpx.AsyncClient) -> None:
    shown = {**examples.ACTION_TYPE}
    there = (await api.get("/api/v1/action-types/formula")).json()["data"]
    assert there["config_schema"].pop("$defs") == {}
    there["config_schema"].pop("description")
    assert there == shown


async def test_the_schema_is_that_of_the_language(api: httpx.AsyncClient) -> None:
    response = await api.get("/api/v1/definition-schema")
    assert response.headers["content-type"] == "application/schema+json"
    assert response.json() == definition_schema(full_catalogue())
    jsonschema.Draft202012Validator(response.json()).validate(examples.DEFINITION)


@pytest.mark.parametrize("path", ["action-types", "action-types/http", "definition-schema"])
async def test_who_has_it_need_not_load_it_again(api: httpx.AsyncClient, path: str) -> None:
    first = await api.get(f"/api/v1/{path}")
    tag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, max-age=300"
    for known in (tag, tag.removeprefix("W/"), f'"other", {tag}', "*"):
        again = await api.get(f"/api/v1/{path}", headers={"If-None-Match": known})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for unknown in ('"other"', "", tag[:-2]):
        again = await api.get(f"/api/v1/{path}", headers={"If-None-Match": unknown})
        assert again.status_code == 200
        assert again.content == first.content


@pytest.mark.parametrize("path", ["action-types", "action-types/http", "definition-schema"])
async def test_nobody_is_told_who_does_not_say_for_whom(api: httpx.AsyncClient, path: str) -> None:
    response = await api.get(f"/api/v1/{path}", headers={"X-Tenant-ID": ""})
    assert response.status_code in {400, 401}
