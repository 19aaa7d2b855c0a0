"""`python -m bench.index`: what lists and statistics take with ten thousand executions and with a million.

Both are tenants of one database, beside a third one, and are asked in turns, so that what else the machine does weighs
on both. PostgreSQL and the API are those of `make dev`, over HTTP, one request at a time; there is no Temporal.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import psycopg

from activities.fold import fold_changes
from bench.measure import percentile
from bench.seed import seed
from dev.guard import Guard
from dev.ports import free_port
from dev.postgres import Postgres
from dev.process import running
from dev.stack import api_part, base_url
from gorax.settings import DatabaseSettings, Settings, TemporalSettings
from gorax.store.migrate import migrate
from gorax.store.session import Database

FEW, MANY, BESIDE = "few", "many", "beside"
SIZES = {FEW: 10_000, BESIDE: 50_000}
AIM_MILLISECONDS = 50.0
AIM_RATIO = 2.0
WARM_UP = 3

_began = time.monotonic()


class Question(NamedTuple):
    """Something that is asked of a tenant."""

    name: str
    path: str
    has_aim: bool
    """Whether it must answer within the aim, and in at most twice the time that few executions take."""


class Answered(NamedTuple):
    """Milliseconds that answers took, sorted."""

    question: Question
    few: Sequence[float]
    many: Sequence[float]

    @property
    def meets(self) -> bool:
        """Whether the aim is met; a ratio is of medians, which a hiccup does not move."""
        many, few = percentile(self.many, 0.5), percentile(self.few, 0.5)
        return percentile(self.many, 0.95) < AIM_MILLISECONDS and many <= AIM_RATIO * few


def main() -> int:
    """Seed, ask, and print; the exit status says whether all aims are met."""
    parser = argparse.ArgumentParser(prog="python -m bench.index", description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000, help="executions of the large tenant")
    parser.add_argument("--times", type=int, default=40, help="how often each question is asked")
    arguments = parser.parse_args()
    guard = Guard()
    try:
        with tempfile.TemporaryDirectory(prefix="gorax-index-") as directory:
            return _bench(Path(directory), guard, arguments.rows, arguments.times)
    finally:
        guard.close()


def _bench(directory: Path, guard: Guard, rows: int, times: int) -> int:
    postgres = Postgres(directory / "postgres")
    with running(postgres.part(), directory / "postgres.log", guard):
        url = postgres.create_database("gorax")
        migrate(url, lambda _: None)
        settings = Settings(
            port=free_port(),
            data_dir=directory,
            log_level="ERROR",
            database=DatabaseSettings(url=url),
            # Nobody is there: executions that wait go on waiting.
            temporal=TemporalSettings(address=f"127.0.0.1:{free_port()}"),
        )
        now = datetime.now(UTC)
        conninfo = url.replace("+psycopg", "")
        with psycopg.connect(conninfo, autocommit=True) as connection:
            for tenant, count in {**SIZES, MANY: rows}.items():
                with connection.transaction():
                    seed(connection, tenant, count, now.isoformat())
                _say(f"{count} executions of {tenant!r} are there")
            asyncio.run(_fold(settings, connection))
            connection.execute("VACUUM ANALYZE")
            _say("changes are folded")
            print(f"writing a row takes {_write_milliseconds(connection):.2f} ms at the median")
        with running(api_part(settings), directory / "api.log", guard):
            answers = _ask_all(base_url(settings), list(_questions(now)), rows, times)
    print(_table(answers))
    return 0 if all(answered.meets for answered in answers if answered.question.has_aim) else 1


async def _fold(settings: Settings, connection: psycopg.Connection[Any]) -> None:
    database = Database(settings)
    while connection.execute("SELECT EXISTS (SELECT FROM execution_changes)").fetchone() == (True,):
        await fold_changes(database)
    await database.close()


def _write_milliseconds(connection: psycopg.Connection[Any]) -> float:
    """Of one row, begun and ended, as the median of single statements that are not committed to disk one by one."""
    columns = "tenant_id, workflow_id, workflow_name, version, trigger_type, trigger, priority, accepted_at, "
    columns += "started_at, checked_at, steps_completed, steps_total, created_by, has_waits"
    took = []
    connection.execute("SET synchronous_commit = off")
    for number in range(400):
        began = time.perf_counter()
        connection.execute(
            f"INSERT INTO executions (id, status, {columns}) SELECT %s, 'pending', {columns} FROM executions "
            "WHERE id = %s",
            [f"exec_new_{number}", f"exec_{MANY}_0000000001"],
        )
        connection.execute(
            "UPDATE executions SET status = 'completed', completed_at = now(), duration_ms = 5 WHERE id = %s",
            [f"exec_new_{number}"],
        )
        took.append((time.perf_counter() - began) / 2 * 1000)
    connection.execute("RESET synchronous_commit")
    connection.execute("DELETE FROM executions WHERE id LIKE 'exec\\_new\\_%'")
    return percentile(sorted(took), 0.5)


def _questions(now: datetime) -> Iterator[Question]:
    """What is asked; `{tenant}` stands for the tenant's name, `{half}` and `{end}` for places in its list."""

    def at(days: float) -> str:
        return (now - timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")

    workflow, other = "workflow_id=wf_{tenant}_0", "workflow_id=wf_{tenant}_150"
    part = f"from={at(10.37)}&to={at(1.1)}"
    lists = {
        "newest": "",
        "100": "limit=100",
        "half way": "offset={half}",
        "at the end": "limit=100&offset={end}",
        "oldest first": "sort=started_at&limit=100",
        "status": "status=failed&limit=100",
        "rare status": "status=terminated&limit=100",
        "several statuses": "status=cancelled,timed_out&limit=100",
        "trigger": "trigger_type=replay&limit=100",
        "large workflow": f"{workflow}&limit=100",
        "small workflow": f"{other}&limit=100",
        "workflow, status, trigger": f"{other}&status=failed&trigger_type=webhook&limit=100",
        "range": f"{part}&limit=100",
        "everything": f"{workflow}&status=failed,timed_out&trigger_type=webhook&{part}&limit=100",
        "slowest": "sort=-duration_ms&limit=100",
        "slowest failed in a range": f"sort=-duration_ms&status=failed&{part}&limit=100",
        "search, rare": "search=order+5553+has&limit=100",
        "search, common": "search=answered+503&limit=100",
    }
    for name, query in lists.items():
        yield Question(f"list: {name}", f"/executions?{query}", True)
    for name, query in {"all": "", "workflow": workflow, "status": "status=failed", "range": part}.items():
        yield Question(f"stats: {name}", f"/executions/stats?{query}", True)
    for name, query in {
        "30 days": "",
        "30 days of a workflow": workflow,
        "30 days in Berlin": "timezone=Europe/Berlin",
        "30 days in Kathmandu": "timezone=Asia/Kathmandu",
        "30 days in Kathmandu of a workflow": f"timezone=Asia/Kathmandu&{workflow}",
        "48 hours": "granularity=hour",
        "12 weeks": "granularity=week",
    }.items():
        yield Question(f"trends: {name}", f"/metrics/trends?{query}", True)
    for name, query in {"all": "", "workflow": workflow, "ten days": part}.items():
        yield Question(f"duration: {name}", f"/metrics/duration?{query}", False)
        yield Question(f"failures: {name}", f"/metrics/failures?{query}", False)


def _ask_all(base: str, questions: Sequence[Question], rows: int, times: int) -> list[Answered]:
    answers = []
    with httpx.Client(base_url=f"{base}/api/v1", trust_env=False, timeout=30) as client:
        for question in questions:
            took: dict[str, list[float]] = {FEW: [], MANY: []}
            for turn in range(WARM_UP + times):
                for tenant, count in ((FEW, SIZES[FEW]), (MANY, rows)):
                    path = question.path.format(tenant=tenant, half=count // 2, end=count - 100)
                    began = time.perf_counter()
                    response = client.get(path, headers={"X-Tenant-ID": tenant})
                    elapsed = (time.perf_counter() - began) * 1000
                    response.raise_for_status()
                    if turn >= WARM_UP:
                        took[tenant].append(elapsed)
            answers.append(Answered(question, sorted(took[FEW]), sorted(took[MANY])))
    return answers


def _table(answers: Sequence[Answered]) -> str:
    lines = [f"{'milliseconds over HTTP':<36}{'few p50':>9}{'p95':>7}{'many p50':>10}{'p95':>7}{'ratio':>7}"]
    for question, few, many in answers:
        halves = percentile(few, 0.5), percentile(many, 0.5)
        verdict = (
            "" if not question.has_aim else "  met" if Answered(question, few, many).meets else "  missed"
        )
        lines.append(
            f"{question.name:<36}{halves[0]:>9.1f}{percentile(few, 0.95):>7.1f}{halves[1]:>10.1f}"
            f"{percentile(many, 0.95):>7.1f}{halves[1] / halves[0]:>7.2f}{verdict}"
        )
    return "\n".join(lines)


def _say(line: str) -> None:
    print(f"{time.monotonic() - _began:6.1f} s  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
