"""The examples that sell something: an order with an approval, and a trip that is booked whole or not at all."""

from typing import Any

import httpx
import pytest

from tests.api.test_approvals import waiting
from tests.api.test_executions import finished
from tests.examples.conftest import Examples, Mailbox
from tests.support.receiver import Receiver, Reply

ORDER: dict[str, Any] = {
    "id": "o-1",
    "email": "ann@example.com",
    "items": [{"sku": "apple", "price": 0.5, "quantity": 10}, {"sku": "melon", "price": 3, "quantity": 1}],
}
LARGE = {**ORDER, "items": [{"sku": "boat", "price": 1200, "quantity": 1}]}
TRIP = {"trip": "t-1", "amount": 480}


@pytest.fixture
async def shop(receiver: Receiver, examples: Examples) -> dict[str, str]:
    """Where the order's requests go."""
    receiver.answer("/charges", Reply(status=503), Reply(status=201, json={"id": "ch_1"}))
    await examples.credential("bank", "bearer_token", token="bank-token-1")
    return {"shop": receiver.url, "bank": receiver.url}


async def test_an_order_is_charged_shipped_and_confirmed(
    examples: Examples, shop: dict[str, str], receiver: Receiver, mailbox: Mailbox
) -> None:
    ended = await examples.run("order-processing", ORDER, **shop)
    assert ended["output"] == {"order": "o-1", "charge": "ch_1", "total": 8}
    assert receiver.counts() == {"/reservations": 1, "/charges": 2, "/shipments": 1}
    first, second = receiver.received("/charges")
    assert first.headers["authorization"] == "Bearer bank-token-1"
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert [mail["To"] for mail in mailbox.mails] == ["ann@example.com"]
    assert "8" in mailbox.mails[0].get_content()


async def test_a_large_order_that_is_rejected_gives_back_what_it_reserved(
    examples: Examples, shop: dict[str, str], receiver: Receiver, mailbox: Mailbox, api: httpx.AsyncClient
) -> None:
    execution_id = await examples.begin("order-processing", LARGE, **shop)
    approval = await waiting(api, execution_id)
    assert approval["title"] == "Order o-1 is over 1200: ship it?"
    await api.post(f"/api/v1/approvals/{approval['id']}/reject", json={"comment": "who is that?"})
    ended = await finished(api, execution_id)
    assert (ended["status"], ended["error"]["type"]) == ("failed", "rejected")
    assert receiver.counts() == {"/reservations": 1, "/reservations/o-1": 1}
    assert receiver.requests[-1].method == "DELETE"
    assert mailbox.mails == []


async def test_an_order_without_items_is_not_begun(
    examples: Examples, shop: dict[str, str], api: httpx.AsyncClient
) -> None:
    workflow_id = await examples.save("order-processing", **shop)
    refused = await api.post(f"/api/v1/workflows/{workflow_id}/execute", json={**ORDER, "items": []})
    assert refused.status_code == 400, refused.text


async def test_a_trip_is_paid_when_the_bank_is_back(examples: Examples, receiver: Receiver) -> None:
    for path, made in (("/flights", "f-1"), ("/hotels", "h-1")):
        receiver.answer(path, Reply(status=201, json={"id": made}))
    receiver.answer("/payments", Reply(status=502), Reply(drop=True), Reply(json={"id": "p-1"}))
    ended = await examples.run("payment-retry", TRIP, travel=receiver.url, bank=receiver.url)
    assert ended["output"] == {"flight": "f-1", "hotel": "h-1", "payment": "p-1"}
    assert len({request.headers["idempotency-key"] for request in receiver.received("/payments")}) == 1


async def test_a_declined_payment_undoes_the_trip(examples: Examples, receiver: Receiver) -> None:
    for path, made in (("/flights", "f-1"), ("/hotels", "h-1")):
        receiver.answer(path, Reply(status=201, json={"id": made}))
    receiver.answer("/payments", Reply(status=402))
    ended = await examples.run("payment-retry", TRIP, travel=receiver.url, bank=receiver.url)
    assert (ended["status"], ended["error"]["type"]) == ("failed", "not_booked")
    undone = [request.path for request in receiver.requests if request.method == "DELETE"]
    assert undone == ["/hotels/h-1", "/flights/f-1"]
    assert len(receiver.received("/payments")) == 1


async def test_what_was_not_booked_is_not_undone(examples: Examples, receiver: Receiver) -> None:
    receiver.answer("/flights", Reply(status=201, json={"id": "f-1"}))
    receiver.answer("/hotels", Reply(status=409))
    await examples.run("payment-retry", TRIP, travel=receiver.url, bank=receiver.url)
    assert [(request.method, request.path) for request in receiver.requests] == [
        ("POST", "/flights"),
        ("POST", "/hotels"),
        ("DELETE", "/flights/f-1"),
    ]
