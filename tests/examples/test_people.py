"""The examples that write to people: a report, and a welcome that waits."""

import httpx

from tests.api.test_executions import finished
from tests.api.test_signals import open_waits, sent
from tests.examples.conftest import Examples, Mailbox
from tests.support.receiver import Receiver, Reply

CUSTOMER = {"name": "Ann", "email": "ann@example.com"}


async def test_the_report_adds_up_the_sales(
    examples: Examples, receiver: Receiver, mailbox: Mailbox, api: httpx.AsyncClient
) -> None:
    sales = [{"product": name, "amount": amount} for name, amount in (("tea", 3), ("cup", 8), ("tea", 4))]
    receiver.answer("/sales", Reply(json={"sales": sales}), Reply(json={"sales": []}))
    workflow_id = await examples.save("daily-report", shop=receiver.url)
    [schedule] = (await api.get(f"/api/v1/workflows/{workflow_id}/schedules")).json()["data"]
    assert schedule["managed_by"] == "definition"
    begun = (await api.post(f"/api/v1/schedules/{schedule['id']}/trigger")).json()["data"]
    ended = await finished(api, begun["execution_id"])
    assert ended["output"] == [{"product": "cup", "total": 8}, {"product": "tea", "total": 7}]
    [mail] = mailbox.mails
    assert (mail["To"], mail["Subject"].endswith(": 15")) == ("sales@example.com", True)
    assert mail.get_content().split() == ["cup:", "8", "tea:", "7"]
    assert len(receiver.requests[0].query["day"][0]) == len("2026-01-31")


async def test_a_day_without_sales_is_said(examples: Examples, receiver: Receiver, mailbox: Mailbox) -> None:
    receiver.answer("/sales", Reply(json={"sales": []}))
    await examples.run("daily-report", shop=receiver.url)
    assert mailbox.mails[0].get_content().strip() == "Nothing was sold."


async def test_a_customer_who_logs_in_is_not_reminded(
    examples: Examples, receiver: Receiver, mailbox: Mailbox, api: httpx.AsyncClient
) -> None:
    receiver.answer("/accounts", Reply(status=201, json={"id": "c-1"}))
    execution_id = await examples.begin("customer-onboarding", CUSTOMER, crm=receiver.url)
    await open_waits(api, execution_id)
    await sent(api, execution_id, "first_login", json={})
    assert (await finished(api, execution_id))["status"] == "completed"
    assert [mail["Subject"] for mail in mailbox.mails] == ["Welcome, Ann"]
    assert receiver.received("/accounts/c-1")[0].json() == {"stage": "active"}


async def test_a_customer_who_does_not_is(examples: Examples, receiver: Receiver, mailbox: Mailbox) -> None:
    receiver.answer("/accounts", Reply(status=201, json={"id": "c-1"}))
    ended = await examples.run("customer-onboarding", CUSTOMER, crm=receiver.url, patience="200ms")
    assert ended["status"] == "completed"
    assert [mail["Subject"] for mail in mailbox.mails] == ["Welcome, Ann", "Can we help you to begin?"]
    assert receiver.received("/accounts/c-1")[0].json() == {"stage": "reminded"}
