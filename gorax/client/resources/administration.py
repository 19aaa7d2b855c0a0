"""The audit log of a tenant; and tenants and the log of all, for administrators of the platform."""

from typing import Literal, TypedDict, Unpack

from gorax.client.arguments import AuditFilters
from gorax.client.calls import JSON_LINES, NO_CONTENT, Call, data, fields, page
from gorax.client.flows import Feed
from gorax.client.lines import exported
from gorax.client.models.administration import AuditEntry, Tenant, Usage
from gorax.client.models.common import Page
from gorax.client.resource import Iterating, R, Resource, every, operation

_ONE = "/api/v1/admin/tenants/{tenantID}"


class Quotas(TypedDict, total=False):
    """How much of what a tenant may have; -1 is without limit."""

    max_workflows: int
    max_executions_per_day: int
    max_concurrent_executions: int
    max_api_requests_per_minute: int
    max_schedules: int
    max_webhooks: int
    retention_days: int


class PlatformAuditFilters(AuditFilters, total=False):
    """Which entries of the platform's log; all filters together."""

    tenant_id: str


class Audit(Resource[R]):
    """`gorax.audit`."""

    @operation("listAuditLog", "GET", "/api/v1/audit-log")
    def list(
        self, *, limit: int = 100, offset: int = 0, **filters: Unpack[AuditFilters]
    ) -> Call[Page[AuditEntry]]:
        """A page of who changed what, newest first; `limit` is 100 at most."""
        return Call(page(AuditEntry), query={"limit": limit, "offset": offset, **fields(filters)})

    iterate = every(list)

    @operation("exportAuditLog", "GET", "/api/v1/audit-log/export")
    def _export(self, **filters: Unpack[AuditFilters]) -> Call[str]:
        return Call(JSON_LINES, query=fields(filters))

    @Iterating
    def export(self, **filters: Unpack[AuditFilters]) -> Feed[AuditEntry]:
        """All of it that matches, oldest first, however much it is."""
        described = Audit._export
        return exported(self._connection, described.operation, described.build(self, **filters), AuditEntry)


class Admin(Resource[R]):
    """`gorax.admin`, for administrators of the platform."""

    @operation("listTenants", "GET", "/api/v1/admin/tenants")
    def tenants(
        self,
        *,
        limit: int = 100,
        offset: int = 0,
        status: Literal["active", "suspended", "deleted"] | None = None,
    ) -> Call[Page[Tenant]]:
        """A page of the tenants of a status; without one, of all that are not deleted."""
        return Call(page(Tenant), query={"limit": limit, "offset": offset, "status": status})

    iterate_tenants = every(tenants)

    @operation("createTenant", "POST", "/api/v1/admin/tenants")
    def create_tenant(
        self, *, name: str, admin_email: str | None = None, quotas: Quotas | None = None
    ) -> Call[Tenant]:
        """Make a tenant; quotas that are left out are the default ones."""
        return Call(data(Tenant), body={"name": name, "admin_email": admin_email, "quotas": quotas or {}})

    @operation("getTenant", "GET", _ONE)
    def tenant(self, tenant_id: str) -> Call[Tenant]:
        """One tenant."""
        return Call(data(Tenant), (tenant_id,))

    @operation("updateTenantQuotas", "PUT", f"{_ONE}/quotas")
    def update_quotas(self, tenant_id: str, **quotas: Unpack[Quotas]) -> Call[Tenant]:
        """Change the quotas that are given, and keep the others."""
        return Call(data(Tenant), (tenant_id,), body={**quotas})

    @operation("getTenantUsage", "GET", f"{_ONE}/usage")
    def usage(self, tenant_id: str) -> Call[Usage]:
        """What it uses of its quotas."""
        return Call(data(Usage), (tenant_id,))

    @operation("suspendTenant", "POST", f"{_ONE}/suspend", repeatable=True)
    def suspend(self, tenant_id: str) -> Call[Tenant]:
        """Let it be read, and nothing in it change or begin."""
        return Call(data(Tenant), (tenant_id,))

    @operation("activateTenant", "POST", f"{_ONE}/activate", repeatable=True)
    def activate(self, tenant_id: str) -> Call[Tenant]:
        """End that."""
        return Call(data(Tenant), (tenant_id,))

    @operation("deleteTenant", "DELETE", _ONE)
    def delete_tenant(self, tenant_id: str) -> Call[None]:
        """Let nobody in any more, and cancel what runs."""
        return Call(NO_CONTENT, (tenant_id,))

    @operation("listPlatformAuditLog", "GET", "/api/v1/admin/audit-log")
    def audit_log(
        self, *, limit: int = 100, offset: int = 0, **filters: Unpack[PlatformAuditFilters]
    ) -> Call[Page[AuditEntry]]:
        """A page of who changed what in all tenants, newest first."""
        return Call(page(AuditEntry), query={"limit": limit, "offset": offset, **fields(filters)})

    iterate_audit_log = every(audit_log)

    @operation("exportPlatformAuditLog", "GET", "/api/v1/admin/audit-log/export")
    def _export(self, **filters: Unpack[PlatformAuditFilters]) -> Call[str]:
        return Call(JSON_LINES, query=fields(filters))

    @Iterating
    def export_audit_log(self, **filters: Unpack[PlatformAuditFilters]) -> Feed[AuditEntry]:
        """All of it that matches, oldest first, however much it is."""
        described = Admin._export
        return exported(self._connection, described.operation, described.build(self, **filters), AuditEntry)
