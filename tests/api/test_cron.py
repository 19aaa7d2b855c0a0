"""Trying out cron expressions and timings over REST."""

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest


async def parse(api: httpx.AsyncClient, **body: Any) -> httpx.Response:
    return await api.post("/api/v1/schedules/parse-cron", json=body)


async def test_the_references_own_example(api: httpx.AsyncClient) -> None:
    answer = await parse(api, cron_expression="0 9 * * *", timezone="America/New_York")
    assert answer.status_code == 200
    body = answer.json()
    assert body.keys() == {"valid", "description", "next_5_runs"}
    assert (body["valid"], body["description"]) == (True, "At 09:00 AM every day")
    runs = [datetime.fromisoformat(run) for run in body["next_5_runs"]]
    assert len(runs) == 5
    assert {(run.hour, run.minute) for run in runs} == {(9, 0)}
    assert {run.utcoffset() for run in runs} <= {timedelta(hours=-5), timedelta(hours=-4)}


async def test_without_a_zone_it_is_utc(api: httpx.AsyncClient) -> None:
    runs = (await parse(api, cron_expression="@daily")).json()["next_5_runs"]
    assert all(run.endswith(("T00:00:00Z", "T00:00:00+00:00")) for run in runs)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("61 * * * *", "cron_expression: minute: '61' is not understood"),
        ("", "must have five fields"),
        ("0 0 30 2 *", "never comes"),
        ("x" * 300, "at most 255 characters"),
        ("0 0 * * \u0000", "day of week"),
        (f"0 0 {','.join(f'L-{day}' for day in range(9))} * *", "cron_expression: lists too many of L"),
    ],
)
async def test_what_is_no_expression_is_told_as_such(api: httpx.AsyncClient, text: str, reason: str) -> None:
    answer = await parse(api, cron_expression=text)
    assert answer.status_code == 200
    assert answer.json().keys() == {"valid", "error"}
    assert answer.json()["valid"] is False
    assert reason in answer.json()["error"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "cron_expression"),
        ({"cron_expression": 5}, "cron_expression"),
        ({"cron_expression": "x" * 1001}, "cron_expression"),
        ({"cron_expression": "@daily", "timezone": "Mars/Olympus"}, "timezone"),
        ({"cron_expression": "@daily", "timezone": 1}, "timezone"),
        ({"cron_expression": "@daily", "zone": "UTC"}, "zone"),
    ],
)
async def test_other_mistakes_are_refused(api: httpx.AsyncClient, body: dict[str, Any], field: str) -> None:
    answer = await parse(api, **body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(field)


async def test_a_preview_is_what_the_timing_promises(api: httpx.AsyncClient) -> None:
    body = {
        "cron_expression": "30 1 * * *",
        "timezone": "America/New_York",
        "after": "2027-11-06T12:00:00Z",
        "count": 3,
    }
    answer = await api.post("/api/v1/schedules/preview", json=body)
    assert answer.json() == {
        "data": ["2027-11-07T01:30:00-04:00", "2027-11-07T01:30:00-05:00", "2027-11-08T01:30:00-05:00"]
    }
    assert (await api.post("/api/v1/schedules/preview", json={"every": "1h"})).json()["data"][9]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({}, "give exactly one of"),
        ({"every": "1h", "count": 101}, "count"),
        ({"every": "1h", "after": "yesterday"}, "after"),
        ({"cron_expression": "0 0 30 2 *"}, "never comes"),
        ({"every": "1h", "exclude": ["2027-02-30"]}, "exclude/0"),
    ],
)
async def test_a_preview_of_what_is_wrong_is_refused(
    api: httpx.AsyncClient, body: dict[str, Any], message: str
) -> None:
    answer = await api.post("/api/v1/schedules/preview", json=body)
    assert answer.status_code == 400
    assert message in answer.json()["error"]
