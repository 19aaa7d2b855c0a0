"""What is promised for a schedule, against what Temporal itself says it will do."""

import asyncio
import random
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import Client, Schedule, ScheduleActionStartWorkflow, ScheduleState

from dev.temporal import Temporal
from gorax.core.schedules import Timing
from gorax.engine.timings import spec_of

# The rules of Casablanca changed lately: Temporal's own copy of the database is older than ours.
ZONES = (
    "UTC",
    "America/New_York",
    "Europe/Berlin",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kolkata",
    "Africa/Cairo",
    "Pacific/Chatham",
    "Europe/Dublin",
    "Africa/Casablanca",
)
EXPRESSIONS = (
    "30 2 * * *",
    "30 1 * * *",
    "*/15 * * * *",
    "*/20 0-4 * * *",
    "0 0 * * *",
    "15 2 * * 0",
    "59 59 1 * * *",
    "45 1,2,3 * * *",
    "0 0 13 * 5",
    "0 9 L * *",
    "0 3 * * 0#1",
    "30 0 LW * *",
    "0 1 1W,15W * *",
    "0 2 29 2 *",
    "0 0 * 2 5L",
)


@pytest.fixture
async def client(temporal: Temporal) -> Client:
    return await Client.connect(temporal.address)


async def promised_and_planned(client: Client, timing: Timing) -> tuple[list[datetime], list[datetime]]:
    """The next runs by our calculation, and by Temporal's."""
    handle = await client.create_schedule(
        f"timing-{secrets.token_hex(8)}",
        Schedule(
            action=ScheduleActionStartWorkflow("Nothing", id="nothing", task_queue="nobody"),
            spec=spec_of(timing),
            state=ScheduleState(paused=True),
        ),
    )
    try:
        planned = list((await handle.describe()).info.next_action_times)
        begins = timing.start_at or datetime.now(UTC)
        return timing.next_runs(max(begins, datetime.now(UTC)) - timedelta(seconds=1), len(planned)), planned
    finally:
        await handle.delete()


def around_a_change(zone: str, chance: random.Random) -> datetime:
    """A moment within a day of a change of the clock in the next ten years; any moment where there is none."""
    rules = Timing(every="1h", timezone=zone).zone
    moment = datetime(2027, 1, 1, tzinfo=UTC) + timedelta(days=chance.randrange(3650))
    for _ in range(400):
        later = moment + timedelta(days=1)
        if moment.astimezone(rules).utcoffset() != later.astimezone(rules).utcoffset():
            break
        moment = later
    return moment + timedelta(minutes=15 * chance.randrange(-8, 112))


@pytest.mark.parametrize("zone", ZONES)
async def test_through_changes_of_the_clock(client: Client, zone: str) -> None:
    chance = random.Random(zone)

    async def check(expression: str) -> None:
        timing = Timing(cron_expression=expression, timezone=zone, start_at=around_a_change(zone, chance))
        promised, planned = await promised_and_planned(client, timing)
        assert planned
        assert promised == planned, timing

    await asyncio.gather(*map(check, EXPRESSIONS))


@pytest.mark.parametrize(
    "timing",
    [
        {"every": "7h", "offset": "5m", "start_at": "2030-01-01T00:00:00Z"},
        {
            "every": "1d",
            "exclude": ["* * * * 0,6"],
            "timezone": "Asia/Tokyo",
            "start_at": "2030-01-01T00:00:00Z",
        },
        {"run_at": "2031-10-26T02:30:00+02:00", "timezone": "Europe/Berlin"},
        {
            "cron_expression": "0 9 * * *",
            "exclude": ["2030-12-25", "* * 1 1 *"],
            "start_at": "2030-12-23T00:00:00Z",
        },
        {
            "cron_expression": "0 6 * * *",
            "start_at": "2030-01-03T06:00:00Z",
            "end_at": "2030-01-05T06:00:00Z",
        },
        {
            "cron_expression": "0 6 * * *",
            "start_at": "2030-01-03T06:00:00.5Z",
            "end_at": "2030-01-05T05:59:59Z",
        },
    ],
)
async def test_every_other_kind(client: Client, timing: dict[str, Any]) -> None:
    promised, planned = await promised_and_planned(client, Timing(**timing))
    assert planned
    assert promised == planned
