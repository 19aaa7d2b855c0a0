"""The steps of an execution: which are wanted, and what comes back."""

import re
from typing import Annotated

from pydantic import Field, field_validator
from typing_extensions import TypedDict

from api.schemas.common import InDigits, PageQuery
from api.schemas.statuses import one_or_several
from gorax.core.contracts import StepStatus
from gorax.engine.history import MAX_STEPS, Step, StepPage, StepQuery

_MAX_PATH = 1_000
_PART = r"[A-Za-z_][A-Za-z0-9_-]{0,63}(\[[0-9]{1,7}\])?"
_PATH = rf"{_PART}(\.{_PART})*"


class StepsQuery(PageQuery):
    """Which steps are wanted; all filters together."""

    limit: Annotated[int, Field(ge=1, le=MAX_STEPS), InDigits] = Field(
        default=MAX_STEPS,
        description="Maximum number of steps. A page may have fewer where steps are large: go on at `next_offset`.",
    )
    parent: str | None = Field(
        default=None,
        max_length=_MAX_PATH,
        description="Only steps inside this one, such as `each_order`, or inside one iteration, `each_order[17]`.",
        json_schema_extra={"pattern": f"^{_PATH}$"},
    )
    status: Annotated[list[StepStatus] | None, one_or_several(StepStatus)] = Field(
        default=None, description="Only steps of this status, or of one of several: `failed,cancelled`."
    )

    reveal: bool = Field(
        default=False,
        description="Show the real input and output of `sensitive` steps. Administrators of the tenant alone may.",
    )

    @field_validator("parent")
    @classmethod
    def _is_path(cls, parent: str | None) -> str | None:
        if parent is not None and not re.fullmatch(_PATH, parent):
            raise ValueError("must be the path of a step or of an iteration, such as each_order[17]")
        return parent

    def steps(self) -> StepQuery:
        """The query as the engine takes it."""
        return StepQuery(self.limit, self.offset, self.parent, frozenset(self.status or ()), self.reveal)


class StepsView(TypedDict):
    """An execution, step by step."""

    execution_id: str
    steps: list[Step]
    total: int | None
    limit: int
    offset: int
    has_more: bool
    next_offset: int | None


def steps_view(execution_id: str, page: StepPage) -> StepsView:
    """A page of steps as the API shows it."""
    return {
        "execution_id": execution_id,
        "steps": page.steps,
        "total": page.total,
        "limit": page.limit,
        "offset": page.offset,
        "has_more": page.has_more,
        "next_offset": page.next_offset,
    }
