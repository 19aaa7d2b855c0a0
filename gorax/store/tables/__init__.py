"""The tables, and with them the nouns that the repositories return."""

from gorax.store.tables.api_keys import ApiKey
from gorax.store.tables.archive import ArchivedRun, ArchiveProgress
from gorax.store.tables.audit import AuditEntry
from gorax.store.tables.base import DOCUMENT, IDENTIFIER, INSTANT, Table
from gorax.store.tables.credentials import Credential, CredentialAccess, CredentialVersion
from gorax.store.tables.executions import Execution
from gorax.store.tables.payloads import StoredPayload
from gorax.store.tables.quotas import ExecutionDay
from gorax.store.tables.schedules import Schedule
from gorax.store.tables.tenants import Tenant
from gorax.store.tables.totals import ExecutionChange, ExecutionTotal
from gorax.store.tables.waits import Signal, Wait
from gorax.store.tables.webhooks import Webhook, WebhookEvent, WebhookKey
from gorax.store.tables.workflows import Workflow, WorkflowVersion

__all__ = [
    "DOCUMENT",
    "IDENTIFIER",
    "INSTANT",
    "ApiKey",
    "ArchiveProgress",
    "ArchivedRun",
    "AuditEntry",
    "Credential",
    "CredentialAccess",
    "CredentialVersion",
    "Execution",
    "ExecutionChange",
    "ExecutionDay",
    "ExecutionTotal",
    "Schedule",
    "Signal",
    "StoredPayload",
    "Table",
    "Tenant",
    "Wait",
    "Webhook",
    "WebhookEvent",
    "WebhookKey",
    "Workflow",
    "WorkflowVersion",
]
