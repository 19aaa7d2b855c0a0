"""Whose turn it is: waiting executions in an order that is fair among tenants.

Each tenant's own go by their priority and then by age, and all tenants take turns: the first of each, then the second
of each. However many of one tenant wait, the first of another is not behind them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal_column, select, true
from sqlalchemy.orm import aliased
from sqlmodel import col

from gorax.store.tables import Execution, Tenant, WorkflowVersion
from gorax.store.tenants import ACTIVE

_AHEAD = 4
"""A tenant's first ones may be in the hands of other dispatchers: so many times as many are looked at as are wanted."""

# A literal, not a parameter: from a parameter the planner cannot tell that the partial index covers the rows.
_PENDING: ColumnElement[str] = literal_column("'pending'")


def in_turns(older_than: datetime, limit: int) -> Select[Execution, dict[str, Any]]:
    """The executions that may be started now, at most `limit`, with the definitions that they were accepted with.

    Their rows are locked, and those that somebody else has locked are left out. Looking costs as many steps in an index
    as there are tenants with any that wait, however many those are.
    """
    tenants = _tenants()
    row = aliased(Execution)
    # Numbered in the order of the index, and so without sorting what is not wanted.
    first = (
        select(
            col(row.id).label("id"),
            func.row_number().over(order_by=(col(row.priority).desc(), col(row.id))).label("turn"),
        )
        .where(_may_start(row, older_than), col(row.tenant_id) == tenants.c.tenant_id)
        .order_by(col(row.priority).desc(), col(row.id))
        .limit(_AHEAD * limit)
        .lateral("first")
    )
    return (
        select(Execution, col(WorkflowVersion.definition))
        .select_from(tenants)
        .join(Tenant, and_(col(Tenant.id) == tenants.c.tenant_id, col(Tenant.status) == ACTIVE))
        .join(first, true())
        .join(Execution, col(Execution.id) == first.c.id)
        .join(
            WorkflowVersion,
            and_(
                col(WorkflowVersion.workflow_id) == col(Execution.workflow_id),
                col(WorkflowVersion.version) == col(Execution.version),
            ),
        )
        # Once more for the rows that are locked: they may have changed since they were found.
        .where(_may_start(Execution, older_than))
        .order_by(first.c.turn, col(Execution.priority).desc(), col(Execution.id))
        .limit(limit)
        .with_for_update(skip_locked=True, of=Execution)
    )


def _tenants() -> Any:
    """The tenants of which any execution that has its place waits: from one to the next in the index."""
    row = aliased(Execution)
    found = select(func.min(col(row.tenant_id)).label("tenant_id")).where(
        col(row.status) == _PENDING, ~col(row.held)
    )
    tenants = found.cte("waiting_tenants", recursive=True)
    after = aliased(Execution)
    following = (
        select(func.min(col(after.tenant_id)))
        .where(col(after.status) == _PENDING, ~col(after.held), col(after.tenant_id) > tenants.c.tenant_id)
        .scalar_subquery()
    )
    return tenants.union_all(select(following).where(tenants.c.tenant_id.is_not(None)))


def _may_start(row: type[Execution], older_than: datetime) -> Any:
    return and_(
        col(row.status) == _PENDING, ~col(row.held), col(row.stop).is_(None), col(row.checked_at) < older_than
    )
