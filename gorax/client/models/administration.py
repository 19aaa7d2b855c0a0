"""Tenants, and the audit log."""

from datetime import datetime
from typing import Literal

from gorax.client.models.common import Model


class Quotas(Model):
    """How much of what a tenant may have; -1 is without limit."""

    max_workflows: int
    max_executions_per_day: int
    max_concurrent_executions: int
    max_api_requests_per_minute: int
    max_schedules: int
    max_webhooks: int
    retention_days: int


class Tenant(Model):
    """A tenant."""

    id: str
    name: str
    status: Literal["active", "suspended", "deleted"] | str
    admin_email: str | None
    quotas: Quotas
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class UsageCounts(Model):
    """How much of what there is."""

    workflows: int
    schedules: int
    webhooks: int
    executions_today: int
    executions_running: int
    executions_queued: int


class Usage(Model):
    """What a tenant uses of its quotas."""

    tenant_id: str
    quotas: Quotas
    usage: UsageCounts
    resets_at: datetime
    """When `executions_today` begins anew."""


class AuditEntry(Model):
    """That somebody asked for a change."""

    id: str
    tenant_id: str | None
    at: datetime
    operation: str
    path: str
    outcome: Literal["done", "refused", "failed"] | str
    status: int | None
    user_id: str
    via: Literal["headers", "session", "key"] | str
    via_id: str | None
    address: str | None
    request_id: str
