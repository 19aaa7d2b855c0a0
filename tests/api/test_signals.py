"""Signals to executions: in time, early, twice, and wrong."""

import asyncio
import json
import re
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from gorax.settings import Settings
from tests.api.test_executions import create, execute, finished
from tests.support.processes import Stack


def awaiting(*names: str, **config: Any) -> dict[str, Any]:
    """A definition that waits for these signals, one after the other, and gives back what came."""
    return {
        "actions": [
            {"id": f"s{number}", "type": "wait_for_signal", "config": {"name": name, **config}}
            for number, name in enumerate(names)
        ],
        "output": [f"{{{{steps.s{number}.output}}}}" for number in range(len(names))],
    }


async def begun(api: httpx.AsyncClient, *names: str, **config: Any) -> str:
    """The id of a new execution that waits for these."""
    accepted = await execute(api, await create(api, awaiting(*names, **config)))
    execution_id: str = accepted["execution_id"]
    return execution_id


async def open_waits(api: httpx.AsyncClient, execution_id: str, count: int = 1) -> list[dict[str, Any]]:
    """What an execution waits for, once it waits for so many."""
    async with asyncio.timeout(20):
        while True:
            waits = (await api.get(f"/api/v1/executions/{execution_id}/waits")).json()
            if waits["total"] == count:
                found: list[dict[str, Any]] = waits["data"]
                return found
            await asyncio.sleep(0.05)


async def send(api: httpx.AsyncClient, execution_id: str, name: str, **request: Any) -> httpx.Response:
    return await api.post(f"/api/v1/executions/{execution_id}/signals/{name}", **request)


async def sent(api: httpx.AsyncClient, execution_id: str, name: str, **request: Any) -> dict[str, Any]:
    response = await send(api, execution_id, name, **request)
    assert response.status_code == 202, response.text
    signal: dict[str, Any] = response.json()["data"]
    assert re.fullmatch(r"sig_[0-9a-z]{26}", signal["id"])
    assert (signal["execution_id"], signal["name"]) == (execution_id, name)
    return signal


@pytest.mark.parametrize(
    ("request_", "payload"),
    [
        ({"json": {"id": 1}}, {"id": 1}),
        ({"json": [1, 2]}, [1, 2]),
        ({"content": b"null"}, None),
        ({"content": b'"nul \\u0000 inside"'}, "nul \0 inside"),
        ({}, {}),
    ],
)
async def test_any_json_may_be_sent(api: httpx.AsyncClient, request_: dict[str, Any], payload: Any) -> None:
    execution_id = await begun(api, "paid")
    [wait] = await open_waits(api, execution_id)
    assert (wait["kind"], wait["name"], wait["path"], wait["schema"]) == ("signal", "paid", "s0", None)
    assert (await sent(api, execution_id, "paid", **request_))["status"] == "delivered"
    assert (await finished(api, execution_id))["output"] == [payload]


async def test_a_signal_may_come_before_its_wait(api: httpx.AsyncClient) -> None:
    execution_id = await begun(api, "go", "paid", "paid", "paid")
    await open_waits(api, execution_id)
    early = [await sent(api, execution_id, "paid", json=number) for number in range(3)]
    assert {signal["status"] for signal in early} == {"queued"}
    assert (await sent(api, execution_id, "go"))["status"] == "delivered"
    assert (await finished(api, execution_id))["output"] == [{}, 0, 1, 2]


async def test_a_repeated_request_sends_nothing_new(api: httpx.AsyncClient) -> None:
    execution_id = await begun(api, "paid", "paid")
    await open_waits(api, execution_id)
    headers = {"Idempotency-Key": "k"}
    signals = await asyncio.gather(
        *(sent(api, execution_id, "paid", json=1, headers=headers) for _ in range(5))
    )
    assert len({signal["id"] for signal in signals}) == 1
    response = await send(api, execution_id, "other", headers=headers)
    assert (response.status_code, response.json()["error"][:15]) == (409, "Idempotency-Key")
    await sent(api, execution_id, "paid", json=2)
    assert (await finished(api, execution_id))["output"] == [1, 2]
    assert (await sent(api, execution_id, "paid", json=1, headers=headers))["id"] == signals[0]["id"]


async def test_the_payload_is_as_the_wait_asks(api: httpx.AsyncClient) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    execution_id = await begun(api, "paid", schema=schema)
    [wait] = await open_waits(api, execution_id)
    assert wait["schema"] == schema
    response = await send(api, execution_id, "paid", json={"n": "one"})
    assert response.status_code == 400
    assert response.json()["error"] == "body/n: must be a whole number"
    assert response.json()["details"] == [{"field": "body/n", "message": "must be a whole number"}]
    assert (await sent(api, execution_id, "paid", json={"n": 1}))["status"] == "delivered"
    assert (await finished(api, execution_id))["output"] == [{"n": 1}]


async def test_an_early_signal_that_does_not_fit_is_passed_over(api: httpx.AsyncClient) -> None:
    execution_id = await begun(api, "paid", schema={"type": "integer"})
    definition = (
        awaiting("go")["actions"] + awaiting("paid", "paid", schema={"type": "integer"})["actions"][1:]
    )
    execution = await execute(api, await create(api, {"actions": definition}))
    execution_id = execution["execution_id"]
    await open_waits(api, execution_id)
    for payload in ("one", 2):
        await sent(api, execution_id, "paid", json=payload)
    await sent(api, execution_id, "go")
    assert (await finished(api, execution_id))["output"] == 2


async def test_waits_beside_each_other_are_answered_in_order(api: httpx.AsyncClient) -> None:
    definition = awaiting("paid", "paid", "paid")
    for action in definition["actions"]:
        action["depends_on"] = []
    execution = await execute(api, await create(api, definition))
    waits = await open_waits(api, execution["execution_id"], 3)
    assert [wait["path"] for wait in waits] == ["s0", "s1", "s2"]
    for number in range(3):
        await sent(api, execution["execution_id"], "paid", json=number)
    assert (await finished(api, execution["execution_id"]))["output"] == [0, 1, 2]


async def test_an_execution_that_has_ended_takes_none(api: httpx.AsyncClient) -> None:
    execution_id = await begun(api, "paid")
    await open_waits(api, execution_id)
    await sent(api, execution_id, "paid")
    await finished(api, execution_id)
    async with asyncio.timeout(10):
        while (response := await send(api, execution_id, "paid")).status_code == 202:
            await asyncio.sleep(0.05)
    assert response.status_code == 409
    assert response.json()["error"] == "the execution has ended (completed): it takes no more signals"
    assert (await api.get(f"/api/v1/executions/{execution_id}/waits")).json()["total"] == 0


async def test_what_waits_ends_with_a_terminated_run(
    api: httpx.AsyncClient, settings: Settings, tenant: str
) -> None:
    execution_id = await begun(api, "paid")
    await open_waits(api, execution_id)
    await sent(api, execution_id, "other")
    client = await Client.connect(settings.temporal.target)
    await client.get_workflow_handle(f"{tenant}:{execution_id}").terminate()
    await open_waits(api, execution_id, 0)
    assert (await send(api, execution_id, "paid")).status_code == 409


async def test_another_tenant_finds_nothing(api: httpx.AsyncClient, stack: Stack) -> None:
    execution_id = await begun(api, "paid")
    await open_waits(api, execution_id)
    async with stack.client("tenant_stranger") as other:
        response = await send(other, execution_id, "paid")
        assert (response.status_code, response.json()["error"]) == (404, "execution not found")
    await sent(api, execution_id, "paid", json="mine")
    assert (await finished(api, execution_id))["output"] == ["mine"]


@pytest.mark.parametrize("name", ["1st", "a%20b", "é", "x" * 65, "%F0%9F%92%A5", "a;b", "-"])
async def test_a_name_is_an_identifier(api: httpx.AsyncClient, name: str) -> None:
    response = await send(api, "exec_1", name)
    assert response.status_code == 400
    assert response.json()["error"].startswith("name: must be")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "body: is not valid JSON"),
        (b"[" * 200 + b"]" * 200, "body: must not be nested deeper"),
        (json.dumps("x" * 262_143).encode(), "body: must be at most 262144 bytes"),
        # Short as it is sent, and longer as it is kept.
        (b'"' + b"\x7f" * 10 + b"[" * 262_140 + b'"', "body: must be at most 262144 bytes"),
    ],
)
async def test_a_payload_has_bounds(api: httpx.AsyncClient, content: bytes, message: str) -> None:
    response = await send(api, "exec_1", "paid", content=content)
    assert response.status_code == 400
    assert response.json()["error"].startswith(message)


async def test_the_largest_payload_arrives(api: httpx.AsyncClient) -> None:
    execution_id = await begun(api, "paid", "paid")
    await open_waits(api, execution_id)
    payload = "x" * (262_144 - 2)
    for _ in range(2):
        await sent(api, execution_id, "paid", json=payload)
    assert (await finished(api, execution_id))["output"] == [payload, payload]


@pytest.mark.parametrize("strange", ["exec_1", "%F0%9F%92%A5", "'%20OR%201=1--", "e" * 5000])
async def test_what_is_not_there(api: httpx.AsyncClient, strange: str) -> None:
    for method, path in (("GET", "waits"), ("POST", "signals/paid")):
        response = await api.request(method, f"/api/v1/executions/{strange}/{path}")
        assert (response.status_code, response.json()["error"]) == (404, "execution not found")
