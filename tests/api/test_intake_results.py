"""Webhooks that answer what their workflow does."""

import asyncio
import time
from typing import Any

import httpx
import pytest

from tests.api.test_executions import finished
from tests.api.test_intake import events
from tests.support.executions import WAIT, until
from tests.support.processes import Stack
from tests.support.webhooks import create, workflow


async def answering(api: httpx.AsyncClient, *actions: dict[str, Any], **settings: Any) -> dict[str, Any]:
    """A webhook that waits for the result of these actions."""
    workflow_id = await workflow(api, {"trigger": {"type": "webhook"}, "actions": list(actions)})
    return await create(
        api, workflow_id=workflow_id, auth_type="none", **{"response_mode": "result", **settings}
    )


def respond(**config: Any) -> dict[str, Any]:
    """The action."""
    return {"id": "answer", "type": "respond", "config": config}


async def test_the_workflow_chooses_the_answer(api: httpx.AsyncClient) -> None:
    webhook = await answering(
        api,
        respond(
            status=201,
            headers={
                "X-Order": "{{trigger.body.order}}",
                "Set-Cookie": "a=b",
                "Access-Control-Allow-Origin": "*",
            },
            body={"order": "{{trigger.body.order}}"},
        ),
        WAIT,
    )
    answer = await api.post(webhook["url"], json={"order": 7})
    assert (answer.status_code, answer.json()) == (201, {"order": 7})
    assert answer.headers["x-order"] == "7"
    assert "set-cookie" not in answer.headers
    # It comes from the address of the API, and must not act in a browser as one of its pages.
    assert answer.headers["content-security-policy"] == "sandbox"
    assert answer.headers["x-content-type-options"] == "nosniff"

    async def begun() -> bool:  # that Temporal has it is marked a moment after it has
        return bool((await events(api, webhook["id"]))[0]["status"] != "queued")

    await until(begun)
    [event] = await events(api, webhook["id"])
    assert (event["status"], event["response_status"]) == ("processed", 201)
    # It has answered, and goes on.
    execution = (await api.get(f"/api/v1/executions/{event['execution_id']}")).json()["data"]
    assert execution["status"] == "running"


@pytest.mark.parametrize(
    ("config", "status", "content", "content_type"),
    [
        ({}, 200, b"", None),
        ({"body": None, "status": 201}, 201, b"", None),
        ({"body": "{{trigger.body}}"}, 200, b"", None),
        ({"body": "plain"}, 200, b"plain", "text/plain; charset=utf-8"),
        ({"body": "<a/>", "headers": {"content-type": "text/xml"}}, 200, b"<a/>", "text/xml"),
        ({"body": [1, None], "status": 404}, 404, b"[1,null]", "application/json"),
        ({"body": "ignored", "status": 204}, 204, b"", None),
        ({"body": "ignored", "status": 304}, 304, b"", None),
        ({"status": 302, "headers": {"Location": "https://a.example/"}}, 302, b"", None),
        ({"body": "x", "headers": {"X-Emoji": "💩"}}, 200, b"x", "text/plain; charset=utf-8"),
    ],
)
async def test_kinds_of_answers(
    api: httpx.AsyncClient, config: dict[str, Any], status: int, content: bytes, content_type: str | None
) -> None:
    webhook = await answering(api, respond(**config))
    answer = await api.post(webhook["url"])
    assert (answer.status_code, answer.content) == (status, content)
    assert answer.headers.get("content-type") == content_type


async def test_without_an_answer_the_end_is_one(api: httpx.AsyncClient) -> None:
    webhook = await answering(api, {"id": "end", "type": "stop", "config": {"output": {"total": 3}}})
    answer = await api.post(webhook["url"])
    assert answer.status_code == 200
    assert answer.json().items() >= {"status": "completed", "output": {"total": 3}}.items()
    failing = await answering(api, {"id": "no", "type": "fail", "config": {"message": "the inside story"}})
    answer = await api.post(failing["url"])
    assert (answer.status_code, answer.json()["status"]) == (500, "failed")
    assert answer.json()["error"] == "the workflow did not complete: failed"
    assert "story" not in answer.text


async def test_an_answer_that_takes_too_long(api: httpx.AsyncClient) -> None:
    webhook = await answering(api, WAIT, respond(), response_timeout=0.5)
    began = time.monotonic()
    answer = await api.post(webhook["url"])
    assert 0.4 < time.monotonic() - began < 5
    assert (answer.status_code, answer.json()["status"]) == (202, "queued")
    assert answer.json()["execution_id"].startswith("exec_")


async def test_an_answer_that_is_too_large(api: httpx.AsyncClient) -> None:
    webhook = await answering(api, respond(body="{{trigger.body}}"))
    largest = "x" * 63_000
    assert (await api.post(webhook["url"], json=largest)).text == largest
    answer = await api.post(webhook["url"], json="x" * 65_000)
    assert answer.status_code == 500
    assert "larger than 64000 bytes" in answer.json()["error"]


async def test_a_repeated_event_has_the_first_answer(api: httpx.AsyncClient) -> None:
    webhook = await answering(api, respond(body="{{trigger.event_id}}"))
    first, again = [await api.post(webhook["url"], headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert first.text == again.text
    assert first.text.startswith("evt_")


async def test_what_begins_nothing_is_not_waited_for(api: httpx.AsyncClient) -> None:
    webhook = await answering(api, WAIT, filter="false")
    began = time.monotonic()
    assert (await api.post(webhook["url"])).json()["status"] == "filtered"
    assert time.monotonic() - began < 5


async def test_a_sender_who_leaves_ends_nothing(api: httpx.AsyncClient, stack: Stack) -> None:
    pause = {"id": "pause", "type": "delay", "config": {"duration": "1s"}}
    webhook = await answering(api, pause, respond(body="late"))
    address = httpx.URL(webhook["url"])
    assert address.host
    reader, writer = await asyncio.open_connection(address.host, address.port)
    writer.write(b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n" % address.raw_path)
    await writer.drain()
    async with asyncio.timeout(10):
        while not (known := await events(api, webhook["id"])):
            await asyncio.sleep(0.02)
    writer.close()
    del reader
    assert (await finished(api, known[0]["execution_id"]))["status"] == "completed"
