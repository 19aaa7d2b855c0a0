"""The audit log, as it is asked for and shown."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from typing_extensions import TypedDict

from api.schemas.common import PageQuery
from api.schemas.times import From, To
from gorax.core.ids import TENANT_ID
from gorax.store.audit import AuditFilter
from gorax.store.tables import AuditEntry

_TENANT = Field(
    default=None, pattern=f"^{TENANT_ID.pattern}$", description="Only what was done in this tenant."
)


class LogQuery(BaseModel):
    """Which part of the log is wanted."""

    model_config = ConfigDict(extra="forbid")

    user_id: str | None = Field(
        default=None, min_length=1, max_length=255, description="Only what this user, or API key, did."
    )
    operation: str | None = Field(
        default=None, min_length=1, max_length=100, description="Only this operation: its operationId."
    )
    from_: From = Field(default=None, alias="from", description="Only entries since this time.")
    to: To = Field(default=None, description="Only entries before this time.")

    def filter(self) -> AuditFilter:
        """What is asked for, as the store takes it."""
        return AuditFilter(user_id=self.user_id, operation=self.operation, from_=self.from_, to=self.to)


class LogPageQuery(LogQuery, PageQuery):
    """Which page of which part of the log is wanted."""


class PlatformLogQuery(LogQuery):
    """Which part of the platform's log is wanted."""

    tenant_id: str | None = _TENANT


class PlatformLogPageQuery(LogPageQuery):
    """Which page of which part of the platform's log is wanted."""

    tenant_id: str | None = _TENANT


class AuditView(TypedDict):
    """That somebody asked for a change."""

    id: str
    tenant_id: str | None
    at: datetime
    operation: str
    path: str
    outcome: Literal["done", "refused", "failed"]
    status: int | None
    user_id: str
    via: Literal["headers", "session", "key"]
    via_id: str | None
    address: str | None
    request_id: str


def audit_view(row: AuditEntry) -> dict[str, Any]:
    """The entry as the API shows it: an `AuditView`."""
    return {name: getattr(row, name) for name in AuditView.__annotations__}
