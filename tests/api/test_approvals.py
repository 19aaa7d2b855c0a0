"""Approvals: asked by executions, listed, answered by people."""

import asyncio
import re
from typing import Any

import httpx
import pytest

from tests.api.test_executions import TIMESTAMP, create, execute, finished
from tests.support.processes import Stack

FORM = [
    {"name": "reason", "type": "text", "required": True},
    {"name": "amount", "type": "number", "default": 5},
]


def asking(**config: Any) -> dict[str, Any]:
    """A definition that asks, and gives back what was answered."""
    return {
        "actions": [
            {"id": "ask", "type": "approval", "config": {"title": "Refund {{trigger.body.n}}?", **config}}
        ]
    }


async def asked(api: httpx.AsyncClient, **config: Any) -> dict[str, Any]:
    """The approval that a new execution waits for."""
    execution = await execute(api, await create(api, asking(**config)), json={"n": 7})
    return await waiting(api, execution["execution_id"])


async def waiting(api: httpx.AsyncClient, execution_id: str) -> dict[str, Any]:
    """The approval that an execution waits for, once it does."""
    async with asyncio.timeout(20):
        while True:
            query = {"execution_id": execution_id, "status": "waiting"}
            listed = (await api.get("/api/v1/approvals", params=query)).json()["data"]
            if listed:
                approval: dict[str, Any] = listed[0]
                return approval
            await asyncio.sleep(0.05)


async def answer(
    api: httpx.AsyncClient, approval: dict[str, Any], word: str, body: Any = None, **headers: str
) -> httpx.Response:
    return await api.post(f"/api/v1/approvals/{approval['id']}/{word}", json=body, headers=headers)


async def test_an_approval_goes_from_question_to_output(api: httpx.AsyncClient) -> None:
    approval = await asked(
        api, description="Order 7", assignees=["user_test", "ann"], form=FORM, timeout="48h"
    )
    assert re.fullmatch(r"appr_[0-9a-z]{26}", approval["id"])
    assert TIMESTAMP.fullmatch(approval["opened_at"])
    assert TIMESTAMP.fullmatch(approval["expires_at"])
    assert {name: approval[name] for name in ("title", "description", "assignees", "form", "answer")} == {
        "title": "Refund 7?",
        "description": "Order 7",
        "assignees": ["user_test", "ann"],
        "form": FORM,
        "answer": None,
    }
    assert (approval["status"], approval["action_id"], approval["path"]) == ("waiting", "ask", "ask")
    one = f"/api/v1/approvals/{approval['id']}"
    assert (await api.get(one)).json() == {"data": approval}
    [wait] = (await api.get(f"/api/v1/executions/{approval['execution_id']}/waits")).json()["data"]
    assert (wait["id"], wait["kind"], wait["title"]) == (approval["id"], "approval", "Refund 7?")

    response = await answer(api, approval, "approve", {"comment": "fine", "form": {"reason": "broken"}})
    assert response.status_code == 200, response.text
    decided = response.json()["data"]
    assert decided["status"] == "approved"
    assert decided["answer"] == {
        "decision": "approved",
        "by": "user_test",
        "at": decided["answer"]["at"],
        "form": {"reason": "broken", "amount": 5},
        "comment": "fine",
    }
    execution = await finished(api, approval["execution_id"])
    assert execution["status"] == "completed", execution
    assert execution["output"] == decided["answer"]
    assert (await api.get(one)).json()["data"] == decided
    assert (await api.get(f"/api/v1/executions/{approval['execution_id']}/waits")).json()["total"] == 0


async def test_a_rejection_needs_no_form(api: httpx.AsyncClient) -> None:
    approval = await asked(api, form=FORM, on_reject="fail")
    response = await answer(api, approval, "reject", {"comment": "no\nreally"})
    assert response.status_code == 200, response.text
    assert response.json()["data"]["status"] == "rejected"
    execution = await finished(api, approval["execution_id"])
    assert (execution["status"], execution["error"]["type"]) == ("failed", "rejected")
    assert execution["error"]["details"] == {"by": "user_test", "comment": "no\nreally"}


async def test_no_body_is_an_answer_too(api: httpx.AsyncClient) -> None:
    approval = await asked(api)
    response = await api.post(f"/api/v1/approvals/{approval['id']}/approve")
    assert response.status_code == 200, response.text
    assert (await finished(api, approval["execution_id"]))["output"]["decision"] == "approved"


async def test_of_many_answers_the_first_decides(api: httpx.AsyncClient) -> None:
    approval = await asked(api)
    words = ["approve", "reject"] * 5
    responses = await asyncio.gather(*(answer(api, approval, word) for word in words))
    assert sorted(response.status_code for response in responses) == [200] + [409] * 9
    [first] = [response.json()["data"] for response in responses if response.status_code == 200]
    refusal = next(response for response in responses if response.status_code == 409).json()["error"]
    assert re.fullmatch(rf"the approval was {first['status']} already, by user_test at [0-9T:-]+Z", refusal)
    execution = await finished(api, approval["execution_id"])
    assert execution["output"]["decision"] == first["status"]


async def test_only_those_who_are_asked_answer(api: httpx.AsyncClient) -> None:
    approval = await asked(api, assignees=["ann", "bob"])
    for headers in ({}, {"X-User-ID": "anna"}, {"X-User-ID": "Ann"}):
        response = await answer(api, approval, "approve", **headers)
        assert response.status_code == 403
        assert "assignees" in response.json()["error"]
    assert (await answer(api, approval, "approve", **{"X-User-ID": "bob"})).status_code == 200
    assert (await finished(api, approval["execution_id"]))["output"]["by"] == "bob"


async def test_another_tenant_finds_nothing(api: httpx.AsyncClient, stack: Stack) -> None:
    approval = await asked(api)
    async with stack.client("tenant_stranger") as other:
        one = f"/api/v1/approvals/{approval['id']}"
        assert (await other.get(one)).status_code == 404
        assert (await other.get("/api/v1/approvals")).json()["total"] == 0
        for word in ("approve", "reject"):
            assert (await answer(other, approval, word)).status_code == 404
        waits = f"/api/v1/executions/{approval['execution_id']}/waits"
        assert (await other.get(waits)).status_code == 404
    assert (await answer(api, approval, "approve")).status_code == 200


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"form": {}}, "form/reason: is required"),
        ({}, "form/reason: is required"),
        ({"form": None}, "form/reason: is required"),
        ({"form": {"reason": 1}}, "form/reason: must be text"),
        ({"form": {"reason": "r", "amount": "5"}}, "form/amount: must be a number"),
        ({"form": {"reason": "r", "else": 1}}, "form/else: is not a field of the form"),
        ({"form": [1]}, "form: must be an object"),
        ({"form": {"reason": "x" * 262_144}}, "form: must be at most 262144 bytes"),
        ({"comment": "x" * 1001}, "comment: must be at most 1000 characters"),
        ({"comment": "a\0b"}, "comment: must not contain NUL"),
        ({"comment": 1}, "comment: must be a string"),
        ({"coment": "x"}, "coment: is unknown; did you mean 'comment'?"),
        ([], "body: must be an object"),
        ("approve", "body: must be an object"),
    ],
)
async def test_a_wrong_answer_decides_nothing(api: httpx.AsyncClient, body: Any, message: str) -> None:
    approval = await asked(api, form=FORM)
    response = await answer(api, approval, "approve", body)
    assert response.status_code == 400
    assert response.json()["error"].startswith(message)
    assert (await api.get(f"/api/v1/approvals/{approval['id']}")).json()["data"]["status"] == "waiting"


async def test_a_form_may_be_a_schema(api: httpx.AsyncClient) -> None:
    schema = {"type": "object", "properties": {"n": {"type": "integer", "maximum": 9}}, "required": ["n"]}
    approval = await asked(api, form=schema)
    assert approval["form"] == schema
    response = await answer(api, approval, "approve", {"form": {"n": 10}})
    assert response.status_code == 400
    assert [detail["field"] for detail in response.json()["details"]] == ["form/n"]
    assert (await answer(api, approval, "approve", {"form": {"n": 9}})).status_code == 200
    assert (await finished(api, approval["execution_id"]))["output"]["form"] == {"n": 9}


@pytest.mark.parametrize(
    ("on_timeout", "status", "decision"),
    [("approve", "completed", "approved"), ("reject", "completed", "rejected"), ("fail", "failed", None)],
)
async def test_time_runs_out(
    api: httpx.AsyncClient, on_timeout: str, status: str, decision: str | None
) -> None:
    approval = await asked(api, timeout="500ms", on_timeout=on_timeout)
    execution = await finished(api, approval["execution_id"])
    assert execution["status"] == status
    if decision is None:
        assert execution["error"]["type"] == "timeout"
    else:
        assert (execution["output"]["decision"], execution["output"]["by"]) == (decision, None)
    shown = (await api.get(f"/api/v1/approvals/{approval['id']}")).json()["data"]
    assert (shown["status"], shown["answer"]) == ("expired", None)
    response = await answer(api, approval, "approve")
    assert response.status_code == 409
    assert re.fullmatch(r"the approval expired at [0-9T:-]+Z", response.json()["error"])


async def test_others_are_asked_when_nobody_answers(api: httpx.AsyncClient) -> None:
    approval = await asked(
        api, assignees=["ann"], timeout="1s", on_timeout="escalate", escalate_to=["user_test"]
    )
    async with asyncio.timeout(20):
        while (second := await waiting(api, approval["execution_id"]))["id"] == approval["id"]:
            await asyncio.sleep(0.05)
    assert second["assignees"] == ["user_test"]
    assert (await answer(api, second, "approve")).status_code == 200
    assert (await finished(api, approval["execution_id"]))["output"]["decision"] == "approved"


async def test_the_list_is_filtered_and_paged(api: httpx.AsyncClient) -> None:
    mine, theirs = [await asked(api, assignees=[user]) for user in ("user_test", "ann")]
    await answer(api, mine, "approve")

    async def ids(**query: Any) -> list[str]:
        response = await api.get("/api/v1/approvals", params=query)
        assert response.status_code == 200, response.text
        body = response.json()
        assert {"limit", "offset", "total"} < body.keys()
        return [approval["id"] for approval in body["data"]]

    assert await ids() == [theirs["id"], mine["id"]]
    assert await ids(limit=1, offset=1) == [mine["id"]]
    assert await ids(status="approved") == [mine["id"]]
    assert await ids(status="waiting", assignee="ann") == [theirs["id"]]
    assert await ids(assignee="user_test") == [mine["id"]]
    assert await ids(workflow_id=mine["workflow_id"]) == [mine["id"]]
    assert await ids(execution_id=theirs["execution_id"]) == [theirs["id"]]
    assert await ids(assignee="'; --") == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("status=open", "status: must be one of"),
        ("statuss=waiting", "statuss: is unknown"),
        ("assignee=", "assignee: must not be empty"),
        ("workflow_id=" + "x" * 256, "workflow_id: must be at most 255"),
        ("limit=0", "limit: must be at least 1"),
    ],
)
async def test_a_filter_that_is_none_is_refused(api: httpx.AsyncClient, query: str, message: str) -> None:
    response = await api.get(f"/api/v1/approvals?{query}")
    assert response.status_code == 400
    assert response.json()["error"].startswith(message)


@pytest.mark.parametrize("strange", ["appr_1", "%F0%9F%92%A5", "'%20OR%201=1--", "a" * 5000, "wait_1"])
async def test_what_is_not_there(api: httpx.AsyncClient, strange: str) -> None:
    for method, path in (("GET", strange), ("POST", f"{strange}/approve"), ("POST", f"{strange}/reject")):
        response = await api.request(method, f"/api/v1/approvals/{path}")
        assert (response.status_code, response.json()["error"]) == (404, "approval not found")
