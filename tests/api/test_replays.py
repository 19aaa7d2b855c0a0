"""Executions that begin from earlier ones: retries and reruns."""

import asyncio
from typing import Any

import httpx
import pytest

from tests.support.executions import get, is_waiting, statuses, until
from tests.support.receiver import Receiver, Reply

ECHO = {
    "actions": [{"id": "echo", "type": "transform", "config": {"expression": "trigger.body"}}],
    "output": "{{steps.echo.output}}",
}


def post(receiver: Receiver, name: str, **action: Any) -> dict[str, Any]:
    """An action with an effect that the receiver counts."""
    config = {"method": "POST", "url": f"{receiver.url}/{name}", "body": {"of": "{{trigger.body?.order}}"}}
    return {"id": name, "type": "http", "config": config, "retry": {"max_attempts": 1}, **action}


async def repeat(
    api: httpx.AsyncClient, execution_id: str, how: str, status: int = 202, **request: Any
) -> Any:
    """What the API answers: the new execution, or why there is none."""
    answer = await api.post(f"/api/v1/executions/{execution_id}/{how}", **request)
    assert answer.status_code == status, answer.text
    if status != 202:
        return answer.json()["error"]
    accepted = answer.json()["data"]
    assert answer.headers["location"] == f"/api/v1/executions/{accepted['execution_id']}"
    return accepted


async def create(api: httpx.AsyncClient, definition: dict[str, Any] | None = None) -> str:
    """The id of a new workflow, which by default answers with what it is sent."""
    answer = await api.post("/api/v1/workflows", json={"name": "Orders", "definition": definition or ECHO})
    assert answer.status_code == 201, answer.text
    workflow_id: str = answer.json()["data"]["id"]
    return workflow_id


async def execute(api: httpx.AsyncClient, workflow_id: str, body: Any = None) -> str:
    """The id of a new execution."""
    answer = await api.post(f"/api/v1/workflows/{workflow_id}/execute", json=body)
    execution_id: str = answer.json()["data"]["execution_id"]
    return execution_id


async def finished(api: httpx.AsyncClient, execution_id: str) -> dict[str, Any]:
    """The execution, once it has ended."""

    async def ended() -> bool:
        return (await get(api, execution_id))["status"] not in {"pending", "running"}

    await until(ended, 30)
    return await get(api, execution_id)


async def failing(api: httpx.AsyncClient, workflow_id: str, body: Any = None) -> str:
    """The id of an execution that has failed."""
    execution_id = await execute(api, workflow_id, body)
    assert (await finished(api, execution_id))["status"] == "failed"
    return execution_id


async def test_a_retry_goes_on_where_the_execution_failed(api: httpx.AsyncClient, receiver: Receiver) -> None:
    each = {"items": "[1, 2]", "actions": [post(receiver, "item")]}
    workflow_id = await create(
        api,
        {
            "actions": [
                post(receiver, "first", sensitive=True),
                {"id": "each", "type": "for_each", "config": each},
                {"id": "sum", "type": "transform", "config": {"expression": "steps.first.output.status + 1"}},
                post(receiver, "second"),
                {"id": "told", "type": "set", "config": {"variables": {"x": "{{steps.sum.output}}"}}},
            ],
            "output": ["{{steps.first.output.body}}", "{{vars.x}}"],
        },
    )
    receiver.answer("/first", Reply(json={"id": 7}))
    receiver.answer("/second", Reply(status=500))
    failed = await failing(api, workflow_id, {"order": 5})
    receiver.answer("/second", Reply(json={"ok": True}))
    accepted = await repeat(api, failed, "retry")
    execution = await finished(api, accepted["execution_id"])
    assert execution["status"] == "completed", execution
    assert execution["output"] == [{"id": 7}, 201]
    assert (execution["trigger_type"], execution["retry_of"]) == ("replay", failed)
    assert execution["trigger_data"] == {"order": 5}
    counts = {name: len(receiver.received(f"/{name}")) for name in ("first", "item", "second")}
    assert counts == {"first": 1, "item": 2, "second": 2}
    assert set((await statuses(api, execution["id"])).values()) == {"completed"}
    shown = (await api.get(f"/api/v1/executions/{execution['id']}/steps")).json()["data"]["steps"][0]
    assert (shown["id"], shown["input"], shown["output"]) == ("first", "***", "***")


async def test_a_retry_of_a_retry_still_has_the_first_results(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    large = {"text": "x" * 100_000}  # more than the record of a step that was not run keeps
    workflow_id = await create(
        api,
        {
            "actions": [post(receiver, "large"), post(receiver, "second"), post(receiver, "third")],
            "output": "{{len(steps.large.output.body.text)}}",
        },
    )
    receiver.answer("/large", Reply(json=large))
    receiver.answer("/second", Reply(status=500))
    receiver.answer("/third", Reply(status=500))
    first = await failing(api, workflow_id, {})
    receiver.answer("/second", Reply(json={}))
    second = (await repeat(api, first, "retry"))["execution_id"]
    assert (await finished(api, second))["status"] == "failed"
    assert "go on from there" in await repeat(api, first, "retry", 409)
    receiver.answer("/third", Reply(json={}))
    third = await finished(api, (await repeat(api, second, "retry"))["execution_id"])
    assert (third["status"], third["output"]) == ("completed", 100_000)
    assert [len(receiver.received(f"/{name}")) for name in ("large", "second", "third")] == [1, 2, 2]


async def test_what_was_done_for_a_failure_is_done_for_the_next_one_too(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    attempt = {
        "actions": [post(receiver, "work"), post(receiver, "more")],
        "finally": [post(receiver, "release")],
    }
    done = {"actions": [post(receiver, "early")], "finally": [post(receiver, "tidy")]}
    workflow_id = await create(
        api,
        {
            "actions": [
                {"id": "whole", "type": "try", "config": done},
                {"id": "attempt", "type": "try", "config": attempt},
            ],
            "on_failure": [post(receiver, "note")],
        },
    )
    receiver.answer("/more", Reply(status=500))
    failed = await failing(api, workflow_id, {})
    assert (await finished(api, (await repeat(api, failed, "retry"))["execution_id"]))["status"] == "failed"
    names = ("early", "tidy", "work", "more", "release", "note")
    counts = {name: len(receiver.received(f"/{name}")) for name in names}
    assert counts == {"early": 1, "tidy": 1, "work": 1, "more": 2, "release": 2, "note": 2}


async def test_what_was_cancelled_or_terminated_can_be_retried(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    workflow_id = await create(
        api,
        {
            "actions": [
                post(receiver, "act"),
                {"id": "rest", "type": "delay", "config": {"duration": "{{trigger.body.rest}}"}},
            ]
        },
    )
    for how, status in (("cancel", "cancelled"), ("terminate", "terminated")):
        execution_id = await execute(api, workflow_id, {"rest": "3s"})
        await is_waiting(api, execution_id, "rest")
        assert "only what has ended" in await repeat(api, execution_id, "retry", 409)
        await api.post(f"/api/v1/executions/{execution_id}/{how}")
        assert (await finished(api, execution_id))["status"] == status
        before = len(receiver.received("/act"))
        retried = await finished(api, (await repeat(api, execution_id, "retry"))["execution_id"])
        assert retried["status"] == "completed"
        assert len(receiver.received("/act")) == before


async def test_two_retries_at_once_make_one(api: httpx.AsyncClient, receiver: Receiver) -> None:
    workflow_id = await create(api, {"actions": [post(receiver, "act")]})
    receiver.answer("/act", Reply(status=500))
    failed = await failing(api, workflow_id, {})
    answers = await asyncio.gather(*(api.post(f"/api/v1/executions/{failed}/retry") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409, 409, 409]


@pytest.mark.parametrize("how", ["retry", "rerun"])
async def test_an_idempotency_key_makes_one_of_many(
    api: httpx.AsyncClient, receiver: Receiver, how: str
) -> None:
    workflow_id = await create(api, {"actions": [post(receiver, "act")]})
    receiver.answer("/act", Reply(status=500))
    failed, other = await failing(api, workflow_id, {}), await failing(api, workflow_id, {})
    headers = {"Idempotency-Key": "once"}
    begun = await asyncio.gather(*(repeat(api, failed, how, headers=headers) for _ in range(4)))
    assert len({accepted["execution_id"] for accepted in begun}) == 1
    again = await repeat(api, failed, how, headers=headers)
    assert again["execution_id"] == begun[0]["execution_id"]
    assert "already used" in await repeat(api, other, how, 409, headers=headers)
    answer = await api.post(f"/api/v1/workflows/{workflow_id}/execute", headers=headers)
    assert answer.status_code == 409


async def test_what_completed_is_rerun_and_not_retried(api: httpx.AsyncClient) -> None:
    workflow_id = await create(api)
    first = await execute(api, workflow_id, {"order": 9})
    await finished(api, first)
    assert "nothing to retry" in await repeat(api, first, "retry", 409)
    again = await finished(api, (await repeat(api, first, "rerun"))["execution_id"])
    assert (again["status"], again["output"]) == ("completed", {"order": 9})
    assert (again["trigger_type"], again["rerun_of"], again["retry_of"]) == ("replay", first, None)
    listed = (await api.get("/api/v1/executions?trigger_type=replay")).json()["data"]
    assert [row["rerun_of"] for row in listed] == [first]


async def test_a_rerun_takes_the_same_version_or_the_current_one(api: httpx.AsyncClient) -> None:
    workflow_id = await create(api)
    first = await execute(api, workflow_id, {"order": 9})
    await finished(api, first)
    changed = {
        "actions": [{"id": "a", "type": "transform", "config": {"expression": "'changed'"}}],
        "input_schema": {"type": "object", "required": ["order"]},
    }
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"definition": changed})
    same = await finished(api, (await repeat(api, first, "rerun"))["execution_id"])
    assert (same["version"], same["output"]) == (1, {"order": 9})
    current = await repeat(api, first, "rerun", json={"version": "current"})
    execution = await finished(api, current["execution_id"])
    assert (execution["version"], execution["output"]) == (2, "changed")
    changed["input_schema"] = {"type": "object", "required": ["customer"]}
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"definition": changed})
    assert "customer" in await repeat(api, first, "rerun", 400, json={"version": "current"})


async def test_a_workflow_that_must_not_run_is_not_run_again(
    api: httpx.AsyncClient, receiver: Receiver
) -> None:
    workflow_id = await create(api, {"actions": [post(receiver, "act")]})
    receiver.answer("/act", Reply(status=500))
    failed = await failing(api, workflow_id, {})
    await api.put(f"/api/v1/workflows/{workflow_id}", json={"enabled": False})
    for how in ("retry", "rerun"):
        assert "is disabled" in await repeat(api, failed, how, 409)
    await api.delete(f"/api/v1/workflows/{workflow_id}")
    for how in ("retry", "rerun"):
        assert "was deleted" in await repeat(api, failed, how, 409)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "body: is not valid JSON"),
        (b'{"version": 1}', "version: "),
        (b'{"version": "newest"}', "version: "),
        (b'{"versions": "same"}', "versions: is unknown"),
    ],
)
async def test_a_wrong_body_reruns_nothing(api: httpx.AsyncClient, content: bytes, message: str) -> None:
    first = await execute(api, await create(api))
    assert (await repeat(api, first, "rerun", 400, content=content)).startswith(message)
    assert (await api.get("/api/v1/executions")).json()["total"] == 1
