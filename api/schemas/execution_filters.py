"""Query parameters that say which executions are meant: of the list and of all statistics."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, field_validator

from api.schemas.statuses import one_or_several
from api.schemas.times import From, To, later_than_from
from gorax.core.contracts import ExecutionStatus, TriggerType
from gorax.core.schedules import ZoneName
from gorax.store.execution_filter import ExecutionFilter


class FilterQuery(BaseModel):
    """Which executions are meant; all filters together. An unknown parameter is an error: a typo must not widen it."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    workflow_id: str | None = Field(
        default=None, min_length=1, max_length=255, description="Only executions of this workflow."
    )
    status: Annotated[list[ExecutionStatus] | None, one_or_several(ExecutionStatus)] = Field(
        default=None, description="Only executions of this status, or of one of several: `failed,timed_out`."
    )
    trigger_type: TriggerType | None = Field(default=None, description="Only executions begun this way.")
    timezone: ZoneName = Field(
        default="UTC",
        description="The IANA time zone of dates, and of times that do not say theirs; statistics are by its days.",
    )
    from_: From = Field(
        default=None, alias="from", description="Only executions started at this time or later (ISO 8601)."
    )
    to: To = Field(
        default=None,
        description="Only executions started before this time; a plain date means through its end.",
    )

    _range = field_validator("to")(later_than_from)

    def filter(self) -> ExecutionFilter:
        """The filters as the store takes them."""
        return ExecutionFilter(
            workflow_id=self.workflow_id,
            statuses=self.status or (),
            trigger_type=self.trigger_type,
            from_=self.from_,
            to=self.to,
        )
