"""Tenants, as administrators of the platform see them."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from typing_extensions import TypedDict

from api.schemas.common import Name, PageQuery, RequestBody
from gorax.store.quotas import Usage, resets_at
from gorax.store.tables import Tenant
from gorax.store.tenants import quotas_of

MAX_QUOTA = 2**31 - 1
MAX_RETENTION_DAYS = 36_500

_ADDRESS = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")

Status = Literal["active", "suspended", "deleted"]
Quota = Annotated[int, Field(ge=-1, le=MAX_QUOTA)]


def _days(value: int) -> int:
    if value == 0:
        raise ValueError("must be at least 1, or -1 for ever")
    return value


def _address(value: str) -> str:
    if not _ADDRESS.fullmatch(value):
        raise ValueError("must be an e-mail address, such as ada@example.com")
    return value


class Quotas(RequestBody):
    """How much of what a tenant may have; -1 is without limit. A field left out stays as it is."""

    max_workflows: Quota = -1
    max_executions_per_day: Quota = -1
    """Begun between two midnights, UTC."""
    max_concurrent_executions: Quota = -1
    max_api_requests_per_minute: Quota = -1
    max_schedules: Quota = -1
    max_webhooks: Quota = -1
    retention_days: Annotated[int, Field(ge=-1, le=MAX_RETENTION_DAYS), AfterValidator(_days)] = -1
    """For which executions that have ended are kept."""

    def given(self) -> dict[str, int]:
        """Those that the request has."""
        return self.model_dump(include=self.model_fields_set)


class UpdateQuotas(Quotas):
    """What changes."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError(f"must have at least one of {', '.join(Quotas.model_fields)}")
        return self


class CreateTenant(RequestBody):
    """A new tenant."""

    name: Name
    admin_email: Annotated[str, Field(max_length=254), AfterValidator(_address)] | None = None
    """Whom to write to about it. It makes nobody a member: that is in Kratos."""
    quotas: Quotas = Quotas()
    """Those left out are the default ones."""


class TenantsQuery(PageQuery):
    """Which tenants are wanted."""

    status: Status | None = Field(
        default=None, description="Only those of this status; without it, all that are not deleted."
    )


class QuotasView(TypedDict):
    """All quotas."""

    max_workflows: int
    max_executions_per_day: int
    max_concurrent_executions: int
    max_api_requests_per_minute: int
    max_schedules: int
    max_webhooks: int
    retention_days: int


class TenantView(TypedDict):
    """A tenant."""

    id: str
    name: str
    status: Status
    admin_email: str | None
    quotas: QuotasView
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


def tenant_view(row: Tenant) -> dict[str, Any]:
    """The tenant as the API shows it: a `TenantView`."""
    return {
        **{name: getattr(row, name) for name in TenantView.__annotations__ if name != "quotas"},
        "quotas": quotas_of(row),
    }


class UsageCounts(TypedDict):
    """How much of what there is."""

    workflows: int
    schedules: int
    webhooks: int
    executions_today: int
    executions_running: int
    executions_queued: int


class UsageView(TypedDict):
    """What a tenant uses of its quotas."""

    tenant_id: str
    quotas: QuotasView
    usage: UsageCounts
    resets_at: datetime
    """When `executions_today` begins anew."""


def usage_view(row: Tenant, usage: Usage, at: datetime) -> dict[str, Any]:
    """What a tenant uses as the API shows it: a `UsageView`."""
    return {
        "tenant_id": row.id,
        "quotas": quotas_of(row),
        "usage": usage._asdict(),
        "resets_at": resets_at(at),
    }
