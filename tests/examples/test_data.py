"""The examples that move data: ten thousand records, a job elsewhere, orders into a warehouse."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest

from tests.api.test_executions import finished
from tests.examples.conftest import Examples
from tests.support.executions import statuses, until
from tests.support.receiver import Receiver, Reply
from tests.support.tcp_postgres import postgres_over_tcp

RECORDS = 10_000
PAGE = 1_000


def customers(receiver: Receiver) -> None:
    """Ten pages of customers."""
    pages = []
    for start in range(0, RECORDS, PAGE):
        page = [{"id": number, "name": f"customer {number}"} for number in range(start, start + PAGE)]
        more = start + PAGE if start + PAGE < RECORDS else None
        pages.append(Reply(json={"customers": page, "next": more}))
    receiver.answer("/customers", *pages)


async def test_ten_thousand_records_arrive_once_each(examples: Examples, receiver: Receiver) -> None:
    customers(receiver)
    receiver.answer("/customers/bulk", Reply(json={"written": 100}))
    ended = await examples.run("data-sync", source=receiver.url, target=receiver.url)
    assert ended["output"] == {"read": RECORDS, "written": RECORDS}
    written = [record["id"] for request in receiver.received("/customers/bulk") for record in request.json()]
    assert sorted(written) == list(range(RECORDS))


async def test_a_batch_that_is_refused_is_told_and_the_others_are_written(
    examples: Examples, receiver: Receiver
) -> None:
    customers(receiver)
    receiver.answer("/customers/bulk", Reply(status=422), Reply(json={"written": 1000}))
    ended = await examples.run("data-sync", source=receiver.url, target=receiver.url, batch=PAGE)
    assert ended["error"]["message"] == "1 of 10 batches were not written"
    assert len(receiver.received("/customers/bulk")) == 10


async def test_a_job_is_watched_to_its_end(examples: Examples, receiver: Receiver) -> None:
    receiver.answer("/jobs", Reply(status=201, json={"id": "j-1"}))
    running = Reply(json={"state": "running"})
    receiver.answer("/jobs/j-1", running, Reply(status=503), running, Reply(json={"state": "done"}))
    receiver.answer("/jobs/j-1/result", Reply(json={"rows": 3}))
    ended = await examples.run("external-job", {"kind": "train"}, jobs=receiver.url, interval="50ms")
    assert ended["output"] == {"rows": 3}
    assert receiver.received("/jobs")[0].json() == {"kind": "train"}


async def test_a_job_that_crashes_fails_the_execution(examples: Examples, receiver: Receiver) -> None:
    receiver.answer("/jobs", Reply(status=201, json={"id": "j-1"}))
    receiver.answer("/jobs/j-1", Reply(json={"state": "crashed"}))
    ended = await examples.run("external-job", {}, jobs=receiver.url)
    assert ended["error"]["message"] == "the job is crashed"
    assert {request.method for request in receiver.received("/jobs/j-1")} == {"GET"}


async def test_cancelling_cancels_the_job(
    examples: Examples, receiver: Receiver, api: httpx.AsyncClient
) -> None:
    receiver.answer("/jobs", Reply(status=201, json={"id": "j-1"}))
    receiver.answer("/jobs/j-1", Reply(json={"state": "running"}))
    execution_id = await examples.begin("external-job", {}, jobs=receiver.url)

    async def polls() -> bool:
        return (await statuses(api, execution_id)).get("poll") == "running"

    await until(polls)
    await api.post(f"/api/v1/executions/{execution_id}/cancel")
    assert (await finished(api, execution_id))["status"] == "cancelled"
    assert receiver.requests[-1].method == "DELETE"


@pytest.fixture
async def warehouse(examples: Examples, fresh_database_url: str) -> AsyncIterator[psycopg.Connection[Any]]:
    """A database with a table of orders, which the credential `warehouse` reaches."""
    with psycopg.connect(fresh_database_url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE orders (id text PRIMARY KEY, customer text, total numeric, placed_at timestamptz)"
        )
        async with postgres_over_tcp(fresh_database_url) as value:
            await examples.credential("warehouse", "postgres", **value)
            yield connection


async def test_orders_are_in_the_warehouse_once(
    examples: Examples, receiver: Receiver, warehouse: psycopg.Connection[Any]
) -> None:
    def order(number: int, total: float | None) -> dict[str, Any]:
        return {"id": number, "customer": " Ann ", "total": total, "placed_at": "2026-01-31T10:00:00Z"}

    pages = (
        Reply(json={"orders": [order(1, 10.5), order(2, None)], "next": f"{receiver.url}/orders?page=2"}),
        Reply(json={"orders": [order(3, 7)], "next": None}),
    )
    receiver.answer("/orders", *pages, *pages)
    workflow_id = await examples.save("etl-to-sql", shop=receiver.url)
    for _ in range(2):
        begun = await examples.api.post(f"/api/v1/workflows/{workflow_id}/execute")
        ended = await finished(examples.api, begun.json()["data"]["execution_id"])
        assert ended["output"] == {"read": 3, "written": 2}
    rows = warehouse.execute("SELECT id, customer, total FROM orders ORDER BY id").fetchall()
    assert [(row[0], row[1], float(row[2])) for row in rows] == [("1", "ann", 10.5), ("3", "ann", 7.0)]


async def test_a_day_without_orders_writes_nothing(examples: Examples, receiver: Receiver) -> None:
    receiver.answer("/orders", Reply(json={"orders": [], "next": None}))
    assert (await examples.run("etl-to-sql", shop=receiver.url))["output"] == {"written": 0}
