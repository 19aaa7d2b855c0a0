"""Durations and failures, against computing them from the rows oneself."""

import math
import random
from collections import Counter
from dataclasses import replace

from gorax.store.execution_durations import Durations, ExecutionDurations
from gorax.store.execution_failures import FAILING, ExecutionFailures
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.session import Database
from gorax.store.tables import Execution
from tests.store.rows import add_workflow
from tests.store.scattered import any_filter, made, matches, write
from tests.store.test_execution_totals import fold


def durations_of(workflow_id: str, values: list[int]) -> Durations:
    values.sort()

    def percentile(share: float) -> int:
        return values[max(0, math.ceil(share * len(values)) - 1)]

    average = math.floor(sum(values) / len(values) + 0.5)
    percentiles = (percentile(0.5), percentile(0.95), percentile(0.99))
    return Durations(workflow_id, "Orders", len(values), average, values[0], values[-1], *percentiles)


async def test_durations_are_exact(own_database: Database, tenant: str) -> None:
    chance = random.Random(1)
    workflows = [await add_workflow(own_database, tenant) for _ in range(3)]
    other = f"{tenant}_other"
    await write(own_database, made(chance, other, [await add_workflow(own_database, other)], 50))
    rows = made(chance, tenant, workflows, 300)
    await write(own_database, rows)
    for chosen in (ExecutionFilter(), *(any_filter(chance, workflows) for _ in range(40))):
        values: dict[str, list[int]] = {}
        for row in filter(matches(chosen), rows):
            if row.duration_ms is not None:
                values.setdefault(row.workflow_id, []).append(row.duration_ms)
        expected = [durations_of(workflow_id, found) for workflow_id, found in values.items()]
        async with own_database.session(tenant) as session:
            found = await ExecutionDurations(session, tenant).by_workflow(chosen)
        assert found == sorted(expected, key=lambda one: (-one.executions, one.workflow_id))
    async with own_database.session(tenant) as session:
        assert await ExecutionDurations(session, tenant).by_workflow(ExecutionFilter(workflow_id="\0")) == []


async def test_failures_are_counted_by_workflow_step_and_error(own_database: Database, tenant: str) -> None:
    chance = random.Random(2)
    workflows = [await add_workflow(own_database, tenant) for _ in range(3)]
    other = f"{tenant}_other"
    await write(own_database, made(chance, other, [await add_workflow(own_database, other)], 50))
    rows = made(chance, tenant, workflows, 400)
    await write(own_database, rows)
    await fold(own_database, 300)
    for given in (ExecutionFilter(), *(any_filter(chance, workflows) for _ in range(15))):
        chosen = replace(given, statuses=())
        some = list(filter(matches(chosen), rows))
        failed = [row for row in filter(matches(given), some) if row.status in FAILING]
        all_of, failures_of = (Counter(row.workflow_id for row in these) for these in (some, failed))
        async with own_database.session(tenant) as session:
            failures = ExecutionFailures(session, tenant)
            by_workflow, steps = await failures.workflows(given, 10), await failures.steps(given, 100)
        assert [(one.workflow_id, one.executions, one.failures) for one in by_workflow] == sorted(
            ((one, all_of[one], count) for one, count in failures_of.items()),
            key=lambda one: (-one[2], one[0]),
        )
        by_error = Counter(_kind(row) for row in failed)
        by_step = Counter(_kind(row)[:2] for row in failed)
        assert {(step.workflow_id, step.action_id): step.failures for step in steps} == by_step
        assert [step.failures for step in steps] == sorted(by_step.values(), reverse=True)
        for step in steps:
            for error in step.errors:
                assert error.failures == by_error[step.workflow_id, step.action_id, error.type]
                kind = (step.workflow_id, step.action_id, error.type)
                of_kind = [row for row in failed if _kind(row) == kind]
                newest = max(of_kind, key=lambda row: (row.started_at, row.id), default=None)
                assert error.execution_id == (None if newest is None else newest.id)
                assert error.message == (None if newest is None else (newest.error or {}).get("message"))


def _kind(row: Execution) -> tuple[str, str | None, str]:
    error = row.error or {}
    return row.workflow_id, error.get("action_id"), error.get("type", "")
