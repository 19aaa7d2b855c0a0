"""The rows that the bench of lists makes up, and its verdicts."""

import psycopg
import pytest

from bench.index import Answered, Question
from bench.seed import seed
from gorax.settings import DatabaseSettings, Settings
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_rollup import ExecutionRollup
from gorax.store.execution_totals import ExecutionTotals
from gorax.store.session import Database


async def test_the_rows_are_of_all_kinds_and_counted(fresh_database_url: str) -> None:
    with psycopg.connect(fresh_database_url.replace("+psycopg", ""), autocommit=True) as connection:
        seed(connection, "bench", 3_000, "2026-05-04T12:00:00Z")
    database = Database(Settings(database=DatabaseSettings(url=fresh_database_url)))
    async with database.session("bench") as session:
        tallies = await ExecutionTotals(session, "bench").by_status(ExecutionFilter())
    assert sum(tally.executions for tally in tallies.values()) == 3_000
    assert tallies["completed"].executions > 2_500
    assert {"failed", "timed_out", "cancelled", "terminated", "running"} <= tallies.keys()
    async with database.platform() as session:
        rollup = ExecutionRollup(session)
        assert [await rollup.check("bench", day, repair=False) for day in await rollup.days("bench")] == [
            0
        ] * 31
    await database.close()


@pytest.mark.parametrize(
    ("few", "many", "meets"),
    [([10, 10], [20, 49], True), ([10, 10], [21, 49], False), ([40, 40], [45, 51], False)],
)
def test_an_aim_is_a_time_and_a_ratio(few: list[float], many: list[float], meets: bool) -> None:
    assert Answered(Question("list", "/executions", True), few, many).meets is meets
