"""Who may do what: the one table of roles and operations.

Each role may do what the ones before it may. An operation is named by its `operationId` in the OpenAPI document.
"""

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What a user, or an API key, is in a tenant; the least first."""

    viewer = "viewer"
    """Reads."""
    operator = "operator"
    """Executes, answers, stops, replays."""
    editor = "editor"
    """Authors what is executed, and when."""
    admin = "admin"
    """Administers the tenant: its API keys, its secrets in plain text, its logs."""

    def covers(self, other: "Role") -> bool:
        """Whether this role may do all that the other may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class Access(StrEnum):
    """What an operation asks of whoever calls it: nothing, a role in the tenant, or to run the whole platform."""

    anybody = "anybody"
    viewer = "viewer"
    operator = "operator"
    editor = "editor"
    admin = "admin"
    platform_admin = "platform_admin"

    @property
    def role(self) -> Role | None:
        """The role that is needed, where it is one of a tenant's."""
        return Role.__members__.get(self.value)


_OPERATIONS: Mapping[Access, tuple[str, ...]] = {
    Access.anybody: ("getHealth", "getReadiness", "receiveEvent", "receiveEventAtPath"),
    Access.viewer: (
        "listWorkflows",
        "getWorkflow",
        "listWorkflowVersions",
        "getWorkflowVersion",
        "getWorkflowDiagram",
        "dryRunWorkflow",
        "listActionTypes",
        "getActionType",
        "getDefinitionSchema",
        "listExecutions",
        "getExecution",
        "getExecutionSteps",
        "getExecutionStats",
        "getExecutionTrends",
        "getDurationStatistics",
        "getFailureStatistics",
        "getExecutionDiagram",
        "streamExecution",
        "createStreamTicket",
        "listExecutionWaits",
        "listApprovals",
        "getApproval",
        "listCredentials",
        "getCredential",
        "listCredentialVersions",
        "listWebhooks",
        "getWebhook",
        "listWebhookEvents",
        "getWebhookEvent",
        "listSchedules",
        "listWorkflowSchedules",
        "getSchedule",
        "listScheduleExecutions",
        "previewScheduleRuns",
        "parseCron",
        "previewTiming",
    ),
    Access.operator: (
        "executeWorkflow",
        "cancelExecution",
        "terminateExecution",
        "pauseExecution",
        "resumeExecution",
        "retryExecution",
        "rerunExecution",
        "sendSignal",
        "encodePayloads",
        "testWebhook",
        "replayWebhookEvent",
        "replayWebhookEvents",
        "triggerSchedule",
        "backfillSchedule",
        "approveApproval",
        "rejectApproval",
    ),
    Access.editor: (
        "createWorkflow",
        "updateWorkflow",
        "deleteWorkflow",
        "bulkDeleteWorkflows",
        "restoreWorkflowVersion",
        "createWebhook",
        "updateWebhook",
        "deleteWebhook",
        "regenerateWebhookSecret",
        "createSchedule",
        "updateSchedule",
        "deleteSchedule",
        "createCredential",
        "updateCredential",
        "rotateCredential",
        "deleteCredential",
    ),
    Access.admin: (
        # Real values of steps that are marked `sensitive` are among what it shows.
        "decodePayloads",
        "getCredentialValue",
        "listCredentialAccesses",
        "exportCredentialAccessLog",
        "listApiKeys",
        "createApiKey",
        "getApiKey",
        "revokeApiKey",
        "listAuditLog",
        "exportAuditLog",
    ),
    Access.platform_admin: (
        "listTenants",
        "createTenant",
        "getTenant",
        "getTenantUsage",
        "updateTenantQuotas",
        "suspendTenant",
        "activateTenant",
        "deleteTenant",
        "listPlatformAuditLog",
        "exportPlatformAuditLog",
    ),
}

ACCESS: Mapping[str, Access] = {
    operation: access for access, operations in _OPERATIONS.items() for operation in operations
}
"""What each operation asks for."""

CHANGE_NOTHING = frozenset({"dryRunWorkflow", "decodePayloads", "encodePayloads", "createStreamTicket"})
"""Operations that are asked for by POST, because they take a body, and are reads all the same."""


def access_to(operation: str | None) -> Access:
    """What an operation asks for; one that is not in the table, the highest role of a tenant."""
    return Access.admin if operation is None else ACCESS.get(operation, Access.admin)
