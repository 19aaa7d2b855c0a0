"""The Postman collection of docs/clients.md: every operation, as committed, as served, and green from first to last."""

import asyncio
import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from api.postman.files import COLLECTION, ENVIRONMENT, FILES
from api.postman.steps import Step
from api.postman.story import STORY
from tests.docs.fences import ROOT
from tests.support.node import needs_node_modules, node_module
from tests.support.processes import Stack

COMMITTED = ROOT / "docs" / "api"
RUN_SECONDS = 60

STEPS: tuple[Step, ...] = tuple(step for chapter in STORY for step in chapter.steps)


def items() -> Iterator[dict[str, Any]]:
    """The requests of the committed collection, in order."""
    for folder in json.loads((COMMITTED / COLLECTION).read_text())["item"]:
        yield from folder["item"]


@pytest.mark.parametrize("name", FILES)
async def test_the_committed_file_is_what_the_server_serves(api: httpx.AsyncClient, name: str) -> None:
    served = await httpx.AsyncClient(base_url=api.base_url, trust_env=False).get(f"/docs/api/{name}")
    assert served.headers["content-type"] == "application/json"
    assert served.content == (COMMITTED / name).read_bytes(), "run `make postman`"


async def test_every_operation_is_in_it(api: httpx.AsyncClient) -> None:
    document = (await api.get("/docs/api/swagger.json")).json()
    operations = [
        operation["operationId"] for item in document["paths"].values() for operation in item.values()
    ]
    assert sorted(set(operations)) == sorted({step.operation for step in STEPS})


def test_no_two_requests_are_called_alike() -> None:
    names = [item["name"] for item in items()]
    assert len(names) == len(set(names)) == len(STEPS)


def test_every_request_looks_at_its_status() -> None:
    for item in items():
        script = "\n".join(item["event"][-1]["script"]["exec"])
        assert re.search(r"pm\.response\.to\.have\.status\(2\d\d\)", script), item["name"]


def test_a_variable_is_filled_before_it_is_used() -> None:
    collection = json.loads((COMMITTED / COLLECTION).read_text())
    ours = {variable["key"] for variable in collection["variable"]}
    filled = {variable["key"] for variable in collection["variable"] if variable["value"]}
    for item in items():
        sent = [header for header in item["request"]["header"] if not header.get("disabled")]
        query = [one for one in item["request"]["url"].get("query", ()) if not one.get("disabled")]
        url = item["request"]["url"]
        used = json.dumps([sent, query, url["raw"], url.get("variable"), item["request"].get("body")])
        names = set(re.findall(r"\{\{(\w+)\}\}", used))
        assert names <= ours, item["name"]
        assert names <= filled, item["name"]
        filled |= set(re.findall(r'collectionVariables\.set\("(\w+)", pm', str(item["event"])))


@needs_node_modules
async def test_it_runs_green_and_leaves_nothing(stack: Stack, tenant: str) -> None:
    process = await asyncio.create_subprocess_exec(
        *(node_module("newman"), "run", str(COMMITTED / COLLECTION), "-e", str(COMMITTED / ENVIRONMENT)),
        *("--env-var", f"baseUrl={stack.url}", "--env-var", f"tenant={tenant}", "--color", "off"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), RUN_SECONDS)
    assert process.returncode == 0, printed.decode()
    async with stack.client(tenant) as client:
        for noun in ("workflows", "credentials", "schedules", "webhooks"):
            assert (await client.get(f"/api/v1/{noun}")).json()["total"] == 0, noun
