"""In which order the collection's requests make sense: what one of them makes, others use, and the last ones remove.

Path parameters take the variable of their own name: `{workflowID}` is `{{workflowID}}`.
"""

from collections.abc import Mapping
from typing import Any

from api.postman.steps import Chapter, Until, call

_PAYMENT: Mapping[str, Any] = {
    "name": "Wait for a payment",
    "definition": {
        "actions": [
            {
                "id": "payment",
                "type": "wait_for_signal",
                "config": {"name": "payment_received", "timeout": "1h"},
            }
        ]
    },
}
_REFUND: Mapping[str, Any] = {
    "name": "Ask about a refund",
    "definition": {
        "actions": [
            {
                "id": "approve_refund",
                "type": "approval",
                "config": {
                    "title": "Refund 99.99?",
                    "form": [{"name": "reason", "type": "text", "required": True}],
                    "timeout": "1h",
                },
            }
        ]
    },
}
_COMPLETED = Until("data.status", "completed")
_WAITS = Until("total", 1)
_OF_WORKFLOW = {"workflow_id": "{{workflowID}}"}
_OF_EXECUTION = {"execution_id": "{{executionID}}", "status": "waiting"}
_ACCEPTED = {"executionID": "data.execution_id"}
_WAITING = {"workflowID": "{{waitingWorkflowID}}"}
_ASKING = {"workflowID": "{{askingWorkflowID}}"}
_EVENT = {"executionID": "execution_id", "eventID": "event_id"}

STORY = (
    Chapter("Health", "Is it there?", (call("getHealth"), call("getReadiness"))),
    Chapter(
        "Catalogue",
        "What can be written in a definition.",
        (
            call("listActionTypes"),
            call("getActionType", path={"typeName": "http"}),
            call("getDefinitionSchema"),
        ),
    ),
    Chapter(
        "Workflows",
        "A workflow that adds up an order, and its versions.",
        (
            call("createWorkflow", keep={"workflowID": "data.id"}),
            call("listWorkflows"),
            call("getWorkflow"),
            call("updateWorkflow"),
            call("dryRunWorkflow"),
            call("listWorkflowVersions"),
            call("getWorkflowVersion", path={"version": "1"}),
            call("restoreWorkflowVersion", path={"version": "1"}),
            call("getWorkflowDiagram"),
        ),
    ),
    Chapter(
        "Executions",
        "It is executed, and looked at.",
        (
            call("executeWorkflow", keep=_ACCEPTED),
            call("getExecution", until=_COMPLETED),
            call("getExecutionSteps"),
            call("getExecutionDiagram"),
            call("streamExecution"),
            call("createStreamTicket"),
            call("listExecutions", query={**_OF_WORKFLOW, "status": "completed"}),
            call("rerunExecution"),
            call("getExecutionStats", query=_OF_WORKFLOW),
            call("getExecutionTrends", query=_OF_WORKFLOW),
            call("getDurationStatistics", query=_OF_WORKFLOW),
            call("getFailureStatistics", query=_OF_WORKFLOW),
        ),
    ),
    Chapter(
        "Signals, and steering executions",
        "An execution that waits for a payment: it is paused, told, cancelled, retried, terminated.",
        (
            call(
                "createWorkflow",
                name="Create a workflow that waits",
                body=_PAYMENT,
                keep={"waitingWorkflowID": "data.id"},
            ),
            call("executeWorkflow", name="Execute it", path=_WAITING, keep=_ACCEPTED),
            call("pauseExecution"),
            call("resumeExecution"),
            call("listExecutionWaits", until=_WAITS),
            call("sendSignal", path={"name": "payment_received"}),
            call("getExecution", name="Get the execution that was paid", until=_COMPLETED),
            call("executeWorkflow", name="Execute it again", path=_WAITING, keep=_ACCEPTED),
            call("cancelExecution"),
            call(
                "getExecution",
                name="Get the execution that was cancelled",
                until=Until("data.status", "cancelled"),
            ),
            call("retryExecution", keep=_ACCEPTED),
            call("terminateExecution"),
        ),
    ),
    Chapter(
        "Approvals",
        "Two executions that ask somebody: one is told yes, one no.",
        (
            call(
                "createWorkflow",
                name="Create a workflow that asks",
                body=_REFUND,
                keep={"askingWorkflowID": "data.id"},
            ),
            call("executeWorkflow", name="Ask for an approval", path=_ASKING, keep=_ACCEPTED),
            call("listApprovals", query=_OF_EXECUTION, until=_WAITS, keep={"approvalID": "data[0]?.id"}),
            call("getApproval"),
            call("approveApproval"),
            call("executeWorkflow", name="Ask for another approval", path=_ASKING, keep=_ACCEPTED),
            call(
                "listApprovals",
                name="List the other approval",
                query=_OF_EXECUTION,
                until=_WAITS,
                keep={"approvalID": "data[0]?.id"},
            ),
            call("rejectApproval"),
        ),
    ),
    Chapter(
        "Credentials",
        "A secret is kept, changed, rotated, looked at, and removed.",
        (
            call(
                "createCredential",
                # Names are unique, and one that is left of a run that was stopped is in nobody's way.
                put={"name": "Stripe API Key {{$timestamp}}", "expires_at": None},
                keep={"credentialID": "data.id"},
            ),
            call("listCredentials"),
            call("getCredential"),
            call("updateCredential"),
            call("rotateCredential"),
            call("getCredentialValue"),
            call("listCredentialVersions"),
            call("listCredentialAccesses"),
            call("exportCredentialAccessLog"),
            call("deleteCredential"),
        ),
    ),
    Chapter(
        "Schedules",
        "The workflow runs by itself.",
        (
            call("parseCron"),
            call("previewTiming"),
            call("createSchedule", keep={"scheduleID": "data.id"}),
            call("listSchedules"),
            call("listWorkflowSchedules"),
            call("getSchedule"),
            call("updateSchedule"),
            call("previewScheduleRuns"),
            call("triggerSchedule"),
            # The example is a weekend, on which the schedule as it was updated does not run.
            call("backfillSchedule", put={"from": "2026-01-12T00:00:00Z", "to": "2026-01-14T00:00:00Z"}),
            call("listScheduleExecutions"),
            call("deleteSchedule"),
        ),
    ),
    Chapter(
        "Webhooks",
        "Somebody else's events begin executions, and begin them again.",
        (
            call(
                "createWebhook",
                put={"workflow_id": "{{workflowID}}", "path": "/payments-{{$timestamp}}"},
                keep={
                    "webhookID": "data.id",
                    "webhookSecret": "data.secret",
                    "path": "data.path_url.split('/').pop()",
                },
            ),
            call("listWebhooks"),
            call("getWebhook"),
            call("updateWebhook"),
            call("receiveEvent", signed_with="webhookSecret", keep=_EVENT),
            call("receiveEventAtPath", path={"tenantID": "{{tenant}}"}, signed_with="webhookSecret"),
            call("testWebhook"),
            call("regenerateWebhookSecret"),
            call("listWebhookEvents"),
            call("getWebhookEvent"),
            call("replayWebhookEvent"),
            call("replayWebhookEvents"),
            call("deleteWebhook"),
        ),
    ),
    Chapter(
        "Run data",
        "What Temporal keeps, encrypted and decrypted, where that is switched on.",
        (call("encodePayloads"), call("decodePayloads")),
    ),
    Chapter(
        "API keys and the audit log",
        "By which machines say who they are, and who changed what.",
        (
            call("createApiKey", put={"expires_at": None}, keep={"keyID": "data.id"}),
            call("listApiKeys"),
            call("getApiKey"),
            call("revokeApiKey"),
            call("listAuditLog"),
            call("exportAuditLog"),
        ),
    ),
    Chapter(
        "Administration of the platform",
        "A tenant comes and goes. In production this asks for an administrator of the platform.",
        (
            call("createTenant", keep={"tenantID": "data.id"}),
            call("listTenants"),
            call("getTenant"),
            call("updateTenantQuotas"),
            call("getTenantUsage"),
            call("suspendTenant"),
            call("activateTenant"),
            call("deleteTenant"),
            call("listPlatformAuditLog"),
            call("exportPlatformAuditLog"),
        ),
    ),
    Chapter(
        "Cleaning up",
        "What the requests above made, and still is.",
        (
            call("deleteWorkflow"),
            call(
                "bulkDeleteWorkflows",
                body={"workflow_ids": ["{{waitingWorkflowID}}", "{{askingWorkflowID}}"]},
            ),
        ),
    ),
)
