"""Executions: the filters of the list, and what comes back."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from typing_extensions import TypedDict

from api.cursors import MAX_CURSOR, cursor_of, position_of
from api.schemas.common import Page, PageQuery, is_line
from api.schemas.execution_filters import FilterQuery
from gorax.core.errors import Invalid
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_pages import MAX_PASSED, Listed
from gorax.store.execution_walk import Position, Sort
from gorax.store.tables import Execution


class ExecutionsQuery(FilterQuery, PageQuery):
    """Which executions are listed, in which order, and from where on."""

    parent_execution_id: str | None = Field(
        default=None,
        min_length=1,
        max_length=255,
        description="Only executions that this one runs as sub-workflows.",
    )
    search: Annotated[str, Field(min_length=3, max_length=200), AfterValidator(is_line)] | None = Field(
        default=None,
        description="Only executions whose error's message has this in it, in capital letters or small ones.",
    )
    sort: Literal["-started_at", "started_at", "-duration_ms", "duration_ms"] = Field(
        default="-started_at",
        description="The order; `-` before the field means largest first. By duration, only executions that have one.",
    )
    cursor: str | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_CURSOR,
        description="The `next_cursor` of the page before: begin behind it. Takes the place of `offset`.",
    )

    def filter(self) -> ExecutionFilter:
        """The filters as the store takes them."""
        return replace(super().filter(), parent_execution_id=self.parent_execution_id, search=self.search)

    def order(self) -> Sort:
        """The order. Raises `Invalid` where a search is not in the order of time."""
        field: Literal["started_at", "duration_ms"] = (
            "duration_ms" if self.sort.endswith("duration_ms") else "started_at"
        )
        if self.search is not None and field != "started_at":
            raise Invalid("sort: what is searched is listed by time alone: -started_at or started_at")
        return Sort(field, descending=self.sort.startswith("-"))

    def after(self) -> Position | None:
        """The place to begin behind. Raises `Invalid` for a cursor that is none, or an offset that is too large."""
        sort = self.order()
        if self.cursor is not None:
            if self.offset:
                raise Invalid("offset: a cursor says where to begin; leave the offset out")
            return position_of(self.cursor, sort)
        if self.offset > MAX_PASSED and (self.search is not None or sort.field == "duration_ms"):
            raise Invalid(
                f"offset: must be at most {MAX_PASSED} in a search or by duration: go on with next_cursor"
            )
        return None


class Accepted(TypedDict):
    """An execution that will run."""

    execution_id: str
    workflow_id: str
    status: str
    started_at: datetime


class ExecutionSummary(TypedDict):
    """An execution as lists show it."""

    id: str
    workflow_id: str
    workflow_name: str
    version: int
    status: str
    trigger_type: str
    started_at: datetime
    completed_at: datetime | None
    duration_ms: int | None
    steps_completed: int
    steps_total: int
    error: dict[str, Any] | None
    created_by: str
    paused: bool
    retry_of: str | None
    rerun_of: str | None
    parent_execution_id: str | None
    parent_path: str | None


class ExecutionsPage(Page[ExecutionSummary]):
    """A page of executions."""

    next_cursor: str | None
    """By which the next page is asked for; null when this is the last."""


def accepted_view(row: Execution) -> Accepted:
    """The execution as the request that began it is answered."""
    return {
        "execution_id": row.id,
        "workflow_id": row.workflow_id,
        "status": row.status,
        "started_at": row.started_at,
    }


def executions_page(listed: Listed, query: ExecutionsQuery) -> ExecutionsPage:
    """A page as the list shows it."""
    return {
        "data": [execution_summary(row) for row in listed.rows],
        "limit": query.limit,
        "offset": query.offset,
        "total": listed.total,
        "next_cursor": None if listed.next is None else cursor_of(listed.next, query.order()),
    }


def execution_summary(row: Execution) -> ExecutionSummary:
    """The execution as lists show it."""
    return {
        "id": row.id,
        "workflow_id": row.workflow_id,
        "workflow_name": row.workflow_name,
        "version": row.version,
        "status": row.status,
        "trigger_type": row.trigger_type,
        "started_at": row.started_at,
        "completed_at": row.completed_at,
        "duration_ms": row.duration_ms,
        "steps_completed": row.steps_completed,
        "steps_total": row.steps_total,
        "error": row.error,
        "created_by": row.created_by,
        "paused": row.paused,
        "retry_of": row.retry_of,
        "rerun_of": row.rerun_of,
        "parent_execution_id": row.parent_execution_id,
        "parent_path": row.parent_path,
    }
