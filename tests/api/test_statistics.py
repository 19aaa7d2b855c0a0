"""Lists by cursor, order and search, and statistics, over HTTP; what is exact about them is tested in the store."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from gorax.settings import Settings
from gorax.store.session import Database
from tests.api.test_executions import create
from tests.store.scattered import BEGIN, MESSAGES, made, write

STATISTICS = ("/executions/stats", "/metrics/trends", "/metrics/duration", "/metrics/failures")
BASE = "/api/v1"


@pytest.fixture
async def many(api: httpx.AsyncClient, settings: Settings, tenant: str) -> list[Any]:
    """120 executions over three days that have all ended, of two workflows."""
    workflows = [await create(api), await create(api)]
    rows = [
        row
        for row in made(random.Random(7), tenant, workflows, 300)
        if row.status not in {"pending", "running"}
    ][:120]
    database = Database(settings)
    await write(database, rows)
    await database.close()
    return rows


async def get(api: httpx.AsyncClient, path: str, **query: Any) -> Any:
    response = await api.get(f"{BASE}{path}", params=query)
    assert response.status_code == 200, response.text
    return response.json()


async def refused(api: httpx.AsyncClient, path: str, **query: Any) -> str:
    response = await api.get(f"{BASE}{path}", params=query)
    assert response.status_code == 400, response.text
    error: str = response.json()["error"]
    return error


async def test_pages_by_cursor_are_the_pages_by_offset(api: httpx.AsyncClient, many: list[Any]) -> None:
    for sort, field in (("-started_at", "started_at"), ("duration_ms", "duration_ms")):
        pages: list[list[dict[str, Any]]] = []
        cursor: str | None = None
        while True:
            more: dict[str, str] = {} if cursor is None else {"cursor": cursor}
            page = await get(api, "/executions", limit=50, sort=sort, **more)
            by_offset = await get(api, "/executions", limit=50, sort=sort, offset=50 * len(pages))
            assert page["data"] == by_offset["data"]
            assert page["total"] == by_offset["total"]
            pages.append(page["data"])
            cursor = page["next_cursor"]
            assert by_offset["next_cursor"] == cursor
            if cursor is None:
                break
        read = [row for page in pages for row in page]
        assert len(read) == len({row["id"] for row in read}) == page["total"]
        values = [row[field] for row in read]
        assert values == sorted(values, reverse=sort.startswith("-"))
        assert None not in values


async def test_a_search_looks_at_messages(api: httpx.AsyncClient, many: list[Any]) -> None:
    found = await get(api, "/executions", search="CONNECTION", limit=100)
    assert found["total"] == sum((row.error or {}).get("message") == MESSAGES[1] for row in many) > 3
    assert {row["error"]["message"] for row in found["data"]} == {MESSAGES[1]}
    assert (await get(api, "/executions", search="CONNECTION", status="completed"))["total"] == 0


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"cursor": "x"}, "cursor: must be the next_cursor of an earlier page"),
        ({"cursor": "bnVsbA"}, "cursor: must be the next_cursor of an earlier page"),
        ({"cursor": "WyJzdGFydGVkX2F0IiwgMSwgMV0"}, "cursor: must be the next_cursor of an earlier page"),
        ({"cursor": "WyJzdGFydGVkX2F0IiwgMSwgImEiXQ"}, "cursor: must be the next_cursor of an earlier page"),
        ({"cursor": "é"}, "cursor: must be the next_cursor of an earlier page"),
        ({"cursor": "x" * 1001}, "cursor: must be at most 1000 characters"),
        ({"cursor": "WyJkdXJhdGlvbl9tcyIsIDEsICJhIl0"}, "cursor: is of a list in another order"),
        ({"cursor": "x", "offset": 1}, "offset: a cursor says where to begin"),
        ({"sort": "duration_ms", "offset": 1001}, "offset: must be at most 1000 in a search or by duration"),
        ({"search": "503", "offset": 1001}, "offset: must be at most 1000 in a search or by duration"),
        ({"search": "503", "sort": "duration_ms"}, "sort: what is searched is listed by time alone"),
        ({"search": "50"}, "search: must be at least 3 characters"),
        ({"search": "5\x003"}, "search: must not contain"),
        ({"sort": "status"}, "sort: must be one of"),
    ],
)
async def test_what_a_list_cannot_be_asked(
    api: httpx.AsyncClient, query: dict[str, Any], message: str
) -> None:
    assert (await refused(api, "/executions", **query)).startswith(message)


@pytest.mark.parametrize("path", STATISTICS)
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone: there is no time zone"),
        ({"timezone": "../../etc/passwd"}, "timezone: there is no time zone"),
        ({"from": "yesterday"}, "from: must be a date"),
        ({"from": "2026-01-02", "to": "2026-01-01"}, "to: must be later than from"),
        ({"status": "broken"}, "status: 'broken' is not a status"),
        ({"form": "2026-01-01"}, "form: "),
    ],
)
async def test_what_statistics_cannot_be_asked(
    api: httpx.AsyncClient, path: str, query: dict[str, Any], message: str
) -> None:
    assert (await refused(api, path, **query)).startswith(message)


async def test_too_many_buckets_are_refused(api: httpx.AsyncClient) -> None:
    message = await refused(api, "/metrics/trends", granularity="hour", **{"from": "2020-01-01"})
    assert message.startswith("from: begins more than 1000 hours before the end")
    assert "years 2 to 9998" in await refused(api, "/metrics/trends", granularity="month", to="0001-01-01")


@pytest.mark.parametrize("path", ["/executions", *STATISTICS])
@pytest.mark.parametrize(
    "query",
    [
        {"from": "9999-12-31T23:30:00Z"},
        {"to": "0001-01-01T00:30:00Z"},
        {"from": "0001-01-01T00:30:00Z", "to": "9999-12-31T23:30:00Z"},
        {"from": "0001-01-01T00:30:00", "timezone": "Asia/Kolkata"},
    ],
)
async def test_at_the_ends_of_time_there_is_nothing_and_no_error(
    api: httpx.AsyncClient, path: str, query: dict[str, Any]
) -> None:
    response = await api.get(f"{BASE}{path}", params=query)
    assert response.status_code in {200, 400}, response.text
    if response.status_code == 400:
        assert response.json()["error"].startswith("from: ")


async def test_a_tenant_without_executions(api: httpx.AsyncClient) -> None:
    stats = await get(api, "/executions/stats")
    assert (stats["total_executions"], stats["success_rate"], stats["average_duration_ms"]) == (0, None, None)
    assert stats["executions_by_day"] == []
    trends = (await get(api, "/metrics/trends"))["data"]
    assert (len(trends), sum(bucket["total"] for bucket in trends)) == (30, 0)
    assert (await get(api, "/metrics/duration"))["data"] == []
    assert (await get(api, "/metrics/failures"))["data"] == {"workflows": [], "steps": []}
    for path in STATISTICS:
        await get(api, path, workflow_id="wf_\x00")


async def test_statistics_are_of_what_the_filters_mean(
    api: httpx.AsyncClient, many: list[Any], tenant: str
) -> None:
    stats = await get(api, "/executions/stats")
    ended = [row.duration_ms for row in many if row.duration_ms is not None]
    completed = sum(row.status == "completed" for row in many)
    assert stats["total_executions"] == len(many)
    assert stats["completed"] == completed
    assert stats["success_rate"] == pytest.approx(completed / len(many))
    assert stats["average_duration_ms"] == round(sum(ended) / len(ended))
    assert sum(day["total"] for day in stats["executions_by_day"]) == len(many)
    assert stats["executions_by_day"][0]["date"] == "2026-03-27"

    workflow_id, trigger = many[0].workflow_id, many[0].trigger_type
    some = [row for row in many if (row.workflow_id, row.trigger_type) == (workflow_id, trigger)]
    query = {"workflow_id": workflow_id, "trigger_type": trigger}
    assert (await get(api, "/executions/stats", **query))["total_executions"] == len(some)
    assert (await get(api, "/executions", **query))["total"] == len(some)
    [durations] = (await get(api, "/metrics/duration", **query))["data"]
    assert durations["workflow_name"] == "Echo"
    assert durations["max_duration_ms"] == max(row.duration_ms or 0 for row in some)
    failures = (await get(api, "/metrics/failures", limit=1, **query))["data"]
    failing = sum(row.status in {"failed", "timed_out"} for row in some)
    assert [one["failures"] for one in failures["workflows"]] == [failing]
    assert failures["workflows"][0]["failure_rate"] == pytest.approx(failing / len(some))
    assert len(failures["steps"]) == 1

    other = {"X-Tenant-ID": f"{tenant}_other"}
    for path in ("/executions/stats", "/metrics/duration", "/metrics/failures"):
        theirs = (await api.get(f"{BASE}{path}", params=query, headers=other)).json()
        assert theirs == (await api.get(f"{BASE}{path}", headers=other)).json()


@pytest.mark.parametrize("given", [{"from"}, {"to"}, {"from", "to"}])
async def test_a_range_may_begin_and_end_within_a_day(
    api: httpx.AsyncClient, many: list[Any], given: set[str]
) -> None:
    begin, end = BEGIN + timedelta(hours=29, minutes=17), BEGIN + timedelta(hours=53, seconds=7)
    query = {name: at.isoformat() for name, at in (("from", begin), ("to", end)) if name in given}
    expected = sum(
        ("from" not in given or row.started_at >= begin) and ("to" not in given or row.started_at < end)
        for row in many
    )
    assert 0 < expected < len(many)
    assert (await get(api, "/executions", **query))["total"] == expected
    stats = await get(api, "/executions/stats", **query)
    assert stats["total_executions"] == sum(day["total"] for day in stats["executions_by_day"]) == expected
    assert sum(bucket["total"] for bucket in (await get(api, "/metrics/trends", **query))["data"]) == expected


async def test_dates_and_days_are_those_of_the_time_zone(api: httpx.AsyncClient, many: list[Any]) -> None:
    query = {"timezone": "Europe/Berlin", "from": "2026-03-28", "to": "2026-03-29"}
    trends = (await get(api, "/metrics/trends", **query))["data"]
    assert [bucket["timestamp"] for bucket in trends] == ["2026-03-27T23:00:00Z", "2026-03-28T23:00:00Z"]
    begin = datetime(2026, 3, 27, 23, tzinfo=UTC)
    # The second day has 23 hours: the clocks go forward.
    ends = (begin + timedelta(hours=24), begin + timedelta(hours=47))
    expected = [
        sum(start <= row.started_at < end for row in many)
        for start, end in ((begin, ends[0]), (ends[0], ends[1]))
    ]
    assert [bucket["total"] for bucket in trends] == expected
    stats = await get(api, "/executions/stats", **query)
    assert [(day["date"], day["total"]) for day in stats["executions_by_day"]] == [
        ("2026-03-28", expected[0]),
        ("2026-03-29", expected[1]),
    ]
    assert (await get(api, "/executions", **query))["total"] == sum(expected)
    assert (await get(api, "/executions", **{"from": BEGIN.isoformat()}))["total"] == len(many)
