"""Schedules, and trying out when they would run."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from gorax.client.arguments import Duration, Time
from gorax.client.calls import NO_CONTENT, Answer, Call, data, fields, listed, page, plain
from gorax.client.models.common import Page
from gorax.client.models.executions import Accepted, ExecutionSummary
from gorax.client.models.schedules import (
    Backfill,
    NotCron,
    Overlap,
    ParsedCron,
    Schedule,
    ScheduleSummary,
)
from gorax.client.resource import R, Resource, every, operation

_ONE = "/api/v1/schedules/{scheduleID}"
_OF_WORKFLOW = "/api/v1/workflows/{workflowID}/schedules"

Moments = list[datetime]
_MOMENTS: Answer[Moments] = listed(datetime)


class Timing(TypedDict, total=False):
    """When something runs: one of `cron_expression`, `every` and `run_at`, and its bounds; see docs/schedules.md."""

    cron_expression: str | None
    every: Duration | None
    offset: Duration
    run_at: Time | None
    timezone: str
    jitter: Duration
    start_at: Time | None
    end_at: Time | None
    exclude: Sequence[str]


class ScheduleSettings(Timing, total=False):
    """When, what and how."""

    payload: Any
    overlap: Overlap
    catchup_window: Duration
    pause_on_failure: bool
    remaining_runs: int | None
    enabled: bool


class Schedules(Resource[R]):
    """`gorax.schedules`."""

    @operation("listSchedules", "GET", "/api/v1/schedules")
    def list(
        self, *, limit: int = 100, offset: int = 0, enabled: bool | None = None
    ) -> Call[Page[ScheduleSummary]]:
        """A page of the tenant's schedules, newest first; `limit` is 100 at most."""
        return Call(page(ScheduleSummary), query={"limit": limit, "offset": offset, "enabled": enabled})

    iterate = every(list)

    @operation("listWorkflowSchedules", "GET", _OF_WORKFLOW)
    def list_of_workflow(
        self, workflow_id: str, *, limit: int = 100, offset: int = 0, enabled: bool | None = None
    ) -> Call[Page[ScheduleSummary]]:
        """A page of a workflow's schedules, newest first."""
        query = {"limit": limit, "offset": offset, "enabled": enabled}
        return Call(page(ScheduleSummary), (workflow_id,), query)

    iterate_of_workflow = every(list_of_workflow)

    @operation("createSchedule", "POST", _OF_WORKFLOW)
    def create(self, workflow_id: str, **settings: Unpack[ScheduleSettings]) -> Call[Schedule]:
        """Have a workflow run by itself."""
        return Call(data(Schedule), (workflow_id,), body={**settings})

    @operation("getSchedule", "GET", _ONE)
    def get(self, schedule_id: str) -> Call[Schedule]:
        """One schedule."""
        return Call(data(Schedule), (schedule_id,))

    @operation("updateSchedule", "PUT", _ONE)
    def update(self, schedule_id: str, **changes: Unpack[ScheduleSettings]) -> Call[Schedule]:
        """Change it; what is left out stays as it is, and None takes away what there is."""
        return Call(data(Schedule), (schedule_id,), body={**changes})

    @operation("deleteSchedule", "DELETE", _ONE)
    def delete(self, schedule_id: str) -> Call[None]:
        """Delete it; what it began goes on."""
        return Call(NO_CONTENT, (schedule_id,))

    @operation("triggerSchedule", "POST", f"{_ONE}/trigger", keyed=True)
    def trigger(self, schedule_id: str, *, idempotency_key: str | None = None) -> Call[Accepted]:
        """Begin an execution of it now."""
        return Call(data(Accepted), (schedule_id,), key=idempotency_key)

    @operation("backfillSchedule", "POST", f"{_ONE}/backfill", repeatable=True)
    def backfill(
        self, schedule_id: str, *, from_: Time, to: Time, overlap: Overlap = "buffer_all"
    ) -> Call[Backfill]:
        """Make up for the runs of a range of the past. Those whose execution there is already do not run again."""
        body = fields({"from_": from_, "to": to, "overlap": overlap})
        return Call(data(Backfill), (schedule_id,), body=body)

    @operation("listScheduleExecutions", "GET", f"{_ONE}/executions")
    def executions(
        self, schedule_id: str, *, limit: int = 100, offset: int = 0
    ) -> Call[Page[ExecutionSummary]]:
        """A page of what it began, newest first."""
        return Call(page(ExecutionSummary), (schedule_id,), {"limit": limit, "offset": offset})

    iterate_executions = every(executions)

    @operation("previewScheduleRuns", "GET", f"{_ONE}/runs")
    def runs(self, schedule_id: str, *, count: int = 10) -> Call[Moments]:
        """When it runs next, in the offset of its time zone."""
        return Call(_MOMENTS, (schedule_id,), {"count": count})

    @operation("parseCron", "POST", "/api/v1/schedules/parse-cron", repeatable=True)
    def parse_cron(self, cron_expression: str, *, timezone: str = "UTC") -> Call[ParsedCron | NotCron]:
        """What a cron expression means, or why it means nothing."""
        body = {"cron_expression": cron_expression, "timezone": timezone}
        return Call(plain(ParsedCron | NotCron), body=body)

    @operation("previewTiming", "POST", "/api/v1/schedules/preview", repeatable=True)
    def preview(
        self, *, count: int = 10, after: Time | None = None, **timing: Unpack[Timing]
    ) -> Call[Moments]:
        """When a schedule of this timing would run, after now or after another moment."""
        return Call(_MOMENTS, body={"count": count, "after": after, **timing})
