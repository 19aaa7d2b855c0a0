"""The statements that walk a list of executions in its order, from a place on.

A list of some kinds only (of a workflow, a status, a trigger) is merged from the first rows of each kind: every status
and trigger lies together in an index, in the order of the list, so no row is looked at in vain.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product
from typing import Any, Literal, NamedTuple, get_args

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    Text,
    cast,
    func,
    literal,
    select,
    true,
    tuple_,
)
from sqlalchemy.orm import aliased, defer
from sqlalchemy.sql.elements import SQLCoreOperations
from sqlmodel import col

from gorax.core.contracts import ExecutionStatus, TriggerType
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.tables import Execution

_STATUSES: tuple[str, ...] = get_args(ExecutionStatus)
_TRIGGERS: tuple[str, ...] = get_args(TriggerType)
_Column = SQLCoreOperations[Any]


class Sort(NamedTuple):
    """The order of a list; executions of the same time or duration are in the order of their ids.

    By duration it is a list of those that have one.
    """

    field: Literal["started_at", "duration_ms"] = "started_at"
    descending: bool = True


NEWEST_FIRST = Sort()


class Position(NamedTuple):
    """The place of an execution in a sorted list, whatever comes before it."""

    value: datetime | int
    id: str


@dataclass(frozen=True)
class Walk:
    """A way along a list of a tenant's."""

    tenant_id: str
    chosen: ExecutionFilter
    sort: Sort = NEWEST_FIRST
    after: Position | None = None
    """Where to begin: behind this place."""
    by_text: bool = False
    """Find what is searched by the index of texts, rather than look at the text of what the other filters leave."""

    def rows(self, limit: int, offset: int = 0) -> Select[Execution]:
        """The executions, without their triggers; at most `limit` of those behind `offset`."""
        chosen = self.chosen
        some = chosen.workflow_id or chosen.statuses or chosen.trigger_type
        of_kinds = some and self.sort.field == "started_at" and chosen.is_counted
        return self._page(self._of_kinds(limit + offset) if of_kinds else self._places(), limit, offset)

    def rows_of_few(self, most: int, limit: int, offset: int = 0) -> Select[Execution]:
        """The same, where at most `most` match: all of them are found first, by whichever index is best, and sorted."""
        found = self._found().limit(most).subquery("found")
        return self._page(
            select(found.c.value, found.c.id).order_by(*self._order(found.c.value, found.c.id)), limit, offset
        )

    def count(self, most: int | None = None) -> Select[int]:
        """How many executions match, behind `after` or not; at most `most`."""
        return self._count(aliased(Execution), most)

    def count_newest(self, newest: int, most: int) -> Select[int]:
        """How many match of so many newest executions with an error, in the range of time; at most `most`."""
        every = replace(self, chosen=ExecutionFilter(from_=self.chosen.from_, to=self.chosen.to))
        row = aliased(Execution)
        looked_at = (
            select(row)
            .where(*every._conditions(row), col(row.error_message).is_not(None))
            .order_by(col(row.started_at).desc(), col(row.id).desc())
            .limit(newest)
            .subquery("looked_at")
        )
        return self._count(aliased(Execution, looked_at), most)

    def _count(self, row: type[Execution], most: int | None) -> Select[int]:
        found = replace(self, after=None)._found(row).limit(most).subquery("found")
        return select(func.count()).select_from(found)

    def _page(self, places: Select[Any, str], limit: int, offset: int) -> Select[Execution]:
        # What is passed over, and what is sorted, are two columns; long rows are read once it is known which.
        page = places.limit(limit).offset(literal(offset, BigInteger)).subquery("page")
        return (
            select(Execution)
            .join(page, col(Execution.id) == page.c.id)
            .order_by(*self._order(page.c.value, page.c.id))
            .options(defer(Execution.trigger, raiseload=True))  # type: ignore[arg-type]
        )

    def _found(self, row: type[Execution] | None = None) -> Select[Any, str]:
        row = row or aliased(Execution)
        value = getattr(row, self.sort.field)
        conditions = [*self._conditions(row), *self._kinds(row), *self._behind(value, col(row.id))]
        if self.chosen.search is not None:
            message = col(row.error_message)
            conditions.append(message.is_not(None))
            if self.by_text:
                conditions.append(message.icontains(self.chosen.search, autoescape=True))
            else:
                # Of a comparison like this the planner expects many, and so walks along the list.
                conditions.append(func.strpos(func.lower(message), func.lower(self.chosen.search)) > 0)
        return select(value.label("value"), col(row.id).label("id")).where(*conditions)

    def _places(self) -> Select[Any, str]:
        found = self._found()
        value, row_id = found.selected_columns
        return found.order_by(*self._order(value, row_id))

    def _of_kinds(self, most: int) -> Select[Any, str]:
        chosen, row = self.chosen, aliased(Execution)
        statuses = sorted(chosen.statuses) or _STATUSES
        triggers = [chosen.trigger_type] if chosen.trigger_type else _TRIGGERS
        pairs = list(product(statuses, triggers))
        kind = func.unnest(_texts([status for status, _ in pairs]), _texts([trigger for _, trigger in pairs]))
        kinds = kind.table_valued("status", "trigger_type", name="kind").render_derived()
        first = (
            select(col(row.started_at).label("value"), col(row.id).label("id"))
            .where(
                *self._conditions(row),
                col(row.status) == kinds.c.status,
                col(row.trigger_type) == kinds.c.trigger_type,
                *self._behind(col(row.started_at), col(row.id)),
            )
            .order_by(*self._order(col(row.started_at), col(row.id)))
            .limit(most)
            .lateral("first")
        )
        merged = select(first.c.value, first.c.id).select_from(kinds.join(first, true()))
        return merged.order_by(*self._order(first.c.value, first.c.id))

    def _conditions(self, row: type[Execution]) -> list[ColumnElement[bool]]:
        """Whose they are, and all filters but those of kinds."""
        chosen = self.chosen
        conditions = [col(row.tenant_id) == self.tenant_id]
        if chosen.workflow_id is not None:
            conditions.append(col(row.workflow_id) == chosen.workflow_id)
        if chosen.parent_execution_id is not None:
            conditions.append(col(row.parent_execution_id) == chosen.parent_execution_id)
        if chosen.schedule_id is not None:
            conditions.append(col(row.schedule_id) == chosen.schedule_id)
        if chosen.from_ is not None:
            conditions.append(col(row.started_at) >= chosen.from_)
        if chosen.to is not None:
            conditions.append(col(row.started_at) < chosen.to)
        if self.sort.field == "duration_ms":
            conditions.append(col(row.duration_ms).is_not(None))
        return conditions

    def _kinds(self, row: type[Execution]) -> list[ColumnElement[bool]]:
        conditions: list[ColumnElement[bool]] = []
        if self.chosen.statuses:
            conditions.append(col(row.status).in_(sorted(self.chosen.statuses)))
        if self.chosen.trigger_type is not None:
            conditions.append(col(row.trigger_type) == self.chosen.trigger_type)
        return conditions

    def _behind(self, value: _Column, row_id: _Column) -> list[ColumnElement[bool]]:
        if self.after is None:
            return []
        here, place = tuple_(value, row_id), tuple_(*self.after)
        return [here < place if self.sort.descending else here > place]

    def _order(self, value: _Column, row_id: _Column) -> list[ColumnElement[Any]]:
        return [value.desc(), row_id.desc()] if self.sort.descending else [value.asc(), row_id.asc()]


def _texts(texts: Sequence[str]) -> ColumnElement[Any]:
    return cast(list(texts), ARRAY(Text))
