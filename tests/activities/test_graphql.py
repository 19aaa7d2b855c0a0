"""The `graphql` action, over HTTP."""

import ipaddress
from collections.abc import AsyncIterator
from typing import Any

import pytest

from activities.connectors.graphql import ACTION
from activities.resources import Resources
from gorax.core.errors import StepError
from gorax.settings import Env, HttpSettings, Settings
from tests.activities.credentials import run
from tests.support.receiver import Receiver, Reply

QUERY = "query Order($id: ID!) { order(id: $id) { total } }"


@pytest.fixture
async def resources() -> AsyncIterator[Resources]:
    http = HttpSettings(allowed_networks=(ipaddress.ip_network("127.0.0.0/8"),))
    resources = Resources(Settings(env=Env.production, http=http))
    yield resources
    await resources.close()


async def ask(resources: Resources, receiver: Receiver, reply: Reply, **config: Any) -> Any:
    receiver.answer("/graphql", reply)
    credentials = {"shop": ("bearer_token", {"token": "secret-token-1"})}
    return await run(ACTION, resources, credentials, url=f"{receiver.url}/graphql", query=QUERY, **config)


async def test_an_operation_and_its_answer(resources: Resources, receiver: Receiver) -> None:
    output = await ask(
        resources,
        receiver,
        Reply(json={"data": {"order": {"total": 7}}}),
        variables={"id": "1"},
        operation_name="Order",
        auth={"credential": "shop"},
    )
    [request] = receiver.requests
    assert output == {"data": {"order": {"total": 7}}, "errors": [], "extensions": None}
    assert request.json() == {"query": QUERY, "variables": {"id": "1"}, "operationName": "Order"}
    assert request.headers["authorization"] == "Bearer secret-token-1"


@pytest.mark.parametrize("status", [200, 400])
async def test_errors_of_the_operation(resources: Resources, receiver: Receiver, status: int) -> None:
    answer = {"data": None, "errors": [{"message": "no such order", "path": ["order"]}]}
    with pytest.raises(StepError, match="no such order") as refused:
        await ask(resources, receiver, Reply(status=status, json=answer))
    assert (refused.value.type, refused.value.retryable) == ("graphql", False)
    assert refused.value.details["errors"] == answer["errors"]
    allowed = await ask(resources, receiver, Reply(status=status, json=answer), allow_errors=True)
    assert allowed["errors"] == answer["errors"]


@pytest.mark.parametrize("errors", ["no", ["no"], {"message": "no"}, [{"message": "no"}]])
async def test_errors_in_whatever_form(resources: Resources, receiver: Receiver, errors: Any) -> None:
    with pytest.raises(StepError, match="the server reports: no") as refused:
        await ask(resources, receiver, Reply(json={"errors": errors}))
    assert isinstance(refused.value.details["errors"], list)


@pytest.mark.parametrize(
    ("reply", "type_", "retryable"),
    [
        (Reply(status=503), "http_5xx", True),
        (Reply(status=401, json={"message": "no"}), "http_4xx", False),
        (Reply(status=400, json={"message": "no"}), "http_4xx", False),
        (Reply(status=400, body=b"<html>"), "http_4xx", False),
        (Reply(status=429, headers={"Retry-After": "7"}), "http_4xx", True),
        (Reply(json=[1]), "graphql", False),
    ],
)
async def test_answers_that_are_none(
    resources: Resources, receiver: Receiver, reply: Reply, type_: str, retryable: bool
) -> None:
    with pytest.raises(StepError) as refused:
        await ask(resources, receiver, reply)
    assert (refused.value.type, refused.value.retryable) == (type_, retryable)
