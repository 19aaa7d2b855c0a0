"""Diagrams over REST: of workflows, their versions, and executions."""

import asyncio
import re
from collections.abc import Sequence
from typing import Any
from xml.etree import ElementTree

import httpx
import pytest

from api import examples
from api.negotiation import preferred
from tests.api.test_executions import create, execute, finished
from tests.core.builder.canvases import canvas
from tests.support.processes import Stack

FORMS = ["text/plain", "text/vnd.mermaid", "image/svg+xml"]


def log(action_id: str, **rest: Any) -> dict[str, Any]:
    """An action that only computes."""
    return {"id": action_id, "type": "log", "config": {"message": "m"}, **rest}


LOOP = {
    "actions": [
        {
            "id": "each",
            "type": "for_each",
            "config": {
                "items": 40,
                "concurrency": 10,
                "on_error": "continue",
                "actions": [
                    log("one"),
                    {"id": "bad", "type": "fail", "config": {}, "when": "item % 20 == 7"},
                    log("two"),
                ],
            },
        },
        {
            "id": "size",
            "type": "if",
            "config": {"condition": "true", "then": [log("yes")], "else": [log("no")]},
        },
        log("off", when="false"),
    ],
    "on_failure": [log("alarm")],
}


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ([], "text/plain"),
        (["*/*"], "text/plain"),
        (["image/svg+xml"], "image/svg+xml"),
        (["IMAGE/SVG+XML ; q=0.5"], "image/svg+xml"),
        (["image/*"], "image/svg+xml"),
        (["text/html,image/avif,image/webp,image/svg+xml,image/*,*/*;q=0.8"], "image/svg+xml"),
        (["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"], "text/plain"),
        (["text/vnd.mermaid"], "text/vnd.mermaid"),
        (["text/vnd.mermaid;q=0.5, text/plain;q=0.1"], "text/vnd.mermaid"),
        (["text/*"], "text/plain"),
        (["text/plain;q=0, */*"], "text/vnd.mermaid"),
        (["image/svg+xml;q=0.4", "text/plain;q=0.5"], "text/plain"),
        (["image/svg+xml;q=x"], "text/plain"),
        (["application/json"], "text/plain"),
        ([",;q=,;;/*,"], "text/plain"),
        (["image/svg+xml;q=0.9," * 10_000], "image/svg+xml"),
    ],
)
def test_the_form_is_what_the_client_prefers(accept: Sequence[str], expected: str) -> None:
    assert preferred(accept, FORMS) == expected


async def test_a_workflow_as_text_and_as_a_picture(api: httpx.AsyncClient) -> None:
    workflow_id = await create(api, LOOP, name="Tom & Jerry's <orders>")
    path = f"/api/v1/workflows/{workflow_id}/diagram"
    text = await api.get(path)
    assert text.status_code == 200
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    assert text.text.startswith("flowchart TB\n")
    assert "Tom #38; Jerry's #60;orders#62; · version 1" in text.text
    mermaid = await api.get(path, headers={"Accept": "text/vnd.mermaid"})
    assert mermaid.headers["content-type"].startswith("text/vnd.mermaid")
    assert mermaid.text == text.text
    picture = await api.get(path, headers={"Accept": "image/svg+xml"})
    assert picture.headers["content-type"].startswith("image/svg+xml")
    assert picture.headers["vary"].startswith("Accept")
    assert "default-src 'none'" in picture.headers["content-security-policy"]
    written = [element.text for element in ElementTree.fromstring(picture.content).iter() if element.text]
    assert "Tom & Jerry's <orders> · version 1" in written


async def test_a_version_of_its_own(api: httpx.AsyncClient) -> None:
    workflow_id = await create(api, {"actions": [log("before")]})
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"definition": {"actions": [log("after")]}})
    path = f"/api/v1/workflows/{workflow_id}/diagram"
    assert "after<br/>log" in (await api.get(path)).text
    first = (await api.get(path, params={"version": 1})).text
    assert "before<br/>log" in first
    assert "· version 1" in first
    missing = await api.get(path, params={"version": 3})
    assert (missing.status_code, missing.json()) == (404, {"error": "version not found"})


@pytest.mark.parametrize(
    "query", ["version=0", "version=-1", "version=x", "version=1.0", "version=99999999999", "v=1"]
)
async def test_a_query_that_is_none_is_refused(api: httpx.AsyncClient, query: str) -> None:
    workflow_id = await create(api)
    response = await api.get(f"/api/v1/workflows/{workflow_id}/diagram?{query}")
    assert response.status_code == 400
    assert response.json()["error"].startswith(query.partition("=")[0])


async def test_nodes_and_edges_are_drawn_as_what_they_compile_to(api: httpx.AsyncClient) -> None:
    nodes = {
        "hook": ("trigger:webhook", {}),
        "ask": ("action:http", {"url": "https://example.com"}),
        "vip": ("control:if", {"condition": "steps.ask.body.vip"}),
        "tell": ("action:transform", {"mapping": {"a": "trigger.body.a"}}),
    }
    workflow_id = await create(api, canvas(nodes, "hook>ask ask>vip vip>tell[true]"))
    text = (await api.get(f"/api/v1/workflows/{workflow_id}/diagram")).text
    assert 'start(["webhook"])' in text
    assert "Ask<br/>ask · http" in text
    assert '-->|"then"|' in text


async def test_an_execution_is_coloured_by_what_became_of_it(api: httpx.AsyncClient) -> None:
    workflow_id = await create(api, LOOP)
    execution_id = (await execute(api, workflow_id))["execution_id"]
    await finished(api, execution_id)
    # What it ran is what is drawn, whatever came after.
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"definition": {"actions": [log("after")]}})
    await api.delete(f"/api/v1/workflows/{workflow_id}")
    text = (await api.get(f"/api/v1/executions/{execution_id}/diagram")).text
    assert "· version 1#58; completed" in text
    assert '"each (40/40, 2 failed)<br/>for_each"}}:::is_completed' in text
    assert '"one (40×)<br/>log"):::is_completed' in text
    assert '"bad (40×, 2 failed, 38 skipped)<br/>' in text
    assert '"two (38×)<br/>log"):::is_completed' in text
    assert '"yes<br/>log"):::is_completed' in text
    assert '"no<br/>log"):::is_idle' in text
    assert '"off<br/>log<br/>when false"):::is_skipped' in text
    assert '"alarm<br/>log"):::is_idle' in text
    assert "legend_completed" in text
    picture = await api.get(f"/api/v1/executions/{execution_id}/diagram", headers={"Accept": "image/svg+xml"})
    written = [element.text for element in ElementTree.fromstring(picture.content).iter()]
    assert "each (40/40, 2 failed)" in written
    assert "has not run" in written


async def test_a_large_loop_is_counted_without_reading_all_of_it(api: httpx.AsyncClient) -> None:
    definition = {
        "actions": [
            {
                "id": "each",
                "type": "for_each",
                "config": {"items": 2_500, "actions": [log("one"), log("two")]},
            }
        ]
    }
    execution_id = (await execute(api, await create(api, definition)))["execution_id"]
    assert (await finished(api, execution_id))["status"] == "completed"
    text = (await api.get(f"/api/v1/executions/{execution_id}/diagram")).text
    assert '"each (2500/2500)<br/>for_each"}}:::is_completed' in text
    [counted] = re.findall(r"one \(at least (\d+)×\)", text)
    assert 100 < int(counted) < 2_500


async def test_a_running_execution_is_drawn_too(api: httpx.AsyncClient) -> None:
    definition = {"actions": [log("a"), {"id": "w", "type": "delay", "config": {"duration": "1m"}}, log("z")]}
    execution_id = (await execute(api, await create(api, definition)))["execution_id"]
    path = f"/api/v1/executions/{execution_id}/diagram"
    async with asyncio.timeout(20):
        while ":::is_running" not in (text := (await api.get(path)).text):
            await asyncio.sleep(0.1)
    assert '"w<br/>delay"/]:::is_running' in text
    assert '"z<br/>log"):::is_idle' in text
    assert "version 1#58; running" in text


@pytest.mark.parametrize("thing", ["workflows/{workflow}", "executions/{execution}"])
async def test_another_tenant_s_is_not_there(
    api: httpx.AsyncClient, stack: Stack, tenant: str, thing: str
) -> None:
    workflow_id = await create(api)
    execution_id = (await execute(api, workflow_id))["execution_id"]
    path = f"/api/v1/{thing.format(workflow=workflow_id, execution=execution_id)}/diagram"
    async with stack.client(f"{tenant}_other") as other:
        response = await other.get(path)
    assert response.status_code == 404
    for missing in ("wf_1", "%00", "x" * 2_000):
        unknown = await api.get(f"/api/v1/{thing.partition('/')[0]}/{missing}/diagram")
        assert unknown.status_code == 404


async def test_the_example_of_the_documentation_is_true(api: httpx.AsyncClient) -> None:
    created = (await api.post("/api/v1/workflows", json=examples.CREATE_WORKFLOW)).json()["data"]
    text = (await api.get(f"/api/v1/workflows/{created['id']}/diagram")).text
    assert text == examples.DIAGRAM.replace("version 3", "version 1")
