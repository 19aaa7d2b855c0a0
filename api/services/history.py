"""An execution as the API shows it: its row, and the truth about its run from Temporal."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from api.schemas.lifecycle import StopView, stop_view
from gorax.core.contracts import TERMINAL
from gorax.core.errors import Unavailable
from gorax.core.ids import temporal_workflow_id
from gorax.engine.history import StepPage, StepQuery
from gorax.engine.runs import Run, Runs
from gorax.store.tables import Execution


class ExecutionView(BaseModel):
    """One execution."""

    id: str
    workflow_id: str
    workflow_name: str
    version: int
    status: str
    trigger_type: str
    trigger_data: Any
    """Of a manual start the body that was sent; of others what the trigger saw."""
    started_at: datetime
    completed_at: datetime | None
    duration_ms: int | None
    error: dict[str, Any] | None
    output: Any = None
    steps_completed: int
    steps_total: int
    created_by: str
    paused: bool
    """Whether it begins no further step until it is resumed."""
    stop: StopView | None
    """Who asked that it be cancelled or terminated, if somebody did."""
    retry_of: str | None
    """The execution that this one continues."""
    rerun_of: str | None
    """The execution whose trigger this one has."""
    parent_execution_id: str | None
    """The execution that runs this one as a sub-workflow, in its step `parent_path`."""
    parent_path: str | None
    temporal_workflow_id: str
    """Under which the Temporal Web UI finds it."""
    temporal_run_id: str | None = None


class History:
    """Reads executions and their steps."""

    def __init__(self, runs: Runs) -> None:
        self._runs = runs

    async def execution(self, row: Execution) -> ExecutionView:
        """The execution; by its row alone while Temporal is away, does not have it yet or has it no more."""
        try:
            run = await self._runs.run(row.tenant_id, row.id)
        except Unavailable:
            run = None
        view = _of_row(row)
        return view if run is None else _of_run(view, run)

    async def steps(self, row: Execution, query: StepQuery) -> StepPage:
        """The steps that are asked for; none when Temporal does not have the execution yet, or no more.

        Raises `Unavailable` when Temporal does not answer, `Invalid` for a query that would take too long.
        """
        page = await self._runs.steps(row.tenant_id, row.id, query)
        return page or StepPage(limit=query.limit, offset=query.offset)


def _of_row(row: Execution) -> ExecutionView:
    trigger = dict(row.trigger)
    kind = trigger.pop("type", row.trigger_type)
    return ExecutionView(
        id=row.id,
        workflow_id=row.workflow_id,
        workflow_name=row.workflow_name,
        version=row.version,
        status=row.status,
        trigger_type=row.trigger_type,
        trigger_data=trigger.get("body") if kind == "manual" else trigger,
        started_at=row.started_at,
        completed_at=row.completed_at,
        duration_ms=row.duration_ms,
        error=row.error,
        steps_completed=row.steps_completed,
        steps_total=row.steps_total,
        created_by=row.created_by,
        paused=row.paused,
        stop=stop_view(row),
        retry_of=row.retry_of,
        rerun_of=row.rerun_of,
        parent_execution_id=row.parent_execution_id,
        parent_path=row.parent_path,
        temporal_workflow_id=temporal_workflow_id(row.tenant_id, row.id),
    )


def _of_run(view: ExecutionView, run: Run) -> ExecutionView:
    view.status = run.status
    view.started_at = run.started_at
    view.completed_at = run.completed_at
    view.temporal_run_id = run.run_id
    view.duration_ms = None
    view.error = None
    view.paused = view.paused and run.status not in TERMINAL
    if run.status in TERMINAL and run.completed_at is not None:
        view.duration_ms = round((run.completed_at - run.started_at).total_seconds() * 1000)
    if run.ending is not None:
        view.output = run.ending.output
        view.error = run.ending.error.model_dump(mode="json") if run.ending.error else None
    return view
