"""The OpenAPI document: complete, true to the code, and of use without the internet."""

import re
import time
from collections.abc import Iterator
from typing import Any

import httpx
import hypothesis
import jsonschema
import pytest
import requests
import schemathesis
import yaml
from schemathesis import GenerationMode
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from api import examples, schedule_examples
from tests.support.processes import Stack

OPERATIONS = {
    ("GET", "/health"): "getHealth",
    ("GET", "/ready"): "getReadiness",
    ("GET", "/api/v1/workflows"): "listWorkflows",
    ("POST", "/api/v1/workflows"): "createWorkflow",
    ("POST", "/api/v1/workflows/bulk-delete"): "bulkDeleteWorkflows",
    ("GET", "/api/v1/workflows/{workflowID}"): "getWorkflow",
    ("PUT", "/api/v1/workflows/{workflowID}"): "updateWorkflow",
    ("DELETE", "/api/v1/workflows/{workflowID}"): "deleteWorkflow",
    ("POST", "/api/v1/workflows/{workflowID}/execute"): "executeWorkflow",
    ("POST", "/api/v1/workflows/{workflowID}/dry-run"): "dryRunWorkflow",
    ("GET", "/api/v1/workflows/{workflowID}/versions"): "listWorkflowVersions",
    ("GET", "/api/v1/workflows/{workflowID}/versions/{version}"): "getWorkflowVersion",
    ("POST", "/api/v1/workflows/{workflowID}/versions/{version}/restore"): "restoreWorkflowVersion",
    ("GET", "/api/v1/workflows/{workflowID}/diagram"): "getWorkflowDiagram",
    ("GET", "/api/v1/action-types"): "listActionTypes",
    ("GET", "/api/v1/action-types/{typeName}"): "getActionType",
    ("GET", "/api/v1/definition-schema"): "getDefinitionSchema",
    ("GET", "/api/v1/executions/{executionID}/diagram"): "getExecutionDiagram",
    ("GET", "/api/v1/executions"): "listExecutions",
    ("GET", "/api/v1/executions/{executionID}"): "getExecution",
    ("GET", "/api/v1/executions/{executionID}/steps"): "getExecutionSteps",
    ("GET", "/api/v1/executions/stats"): "getExecutionStats",
    ("GET", "/api/v1/metrics/trends"): "getExecutionTrends",
    ("GET", "/api/v1/metrics/duration"): "getDurationStatistics",
    ("GET", "/api/v1/metrics/failures"): "getFailureStatistics",
    ("GET", "/api/v1/executions/{executionID}/waits"): "listExecutionWaits",
    ("POST", "/api/v1/executions/{executionID}/signals/{name}"): "sendSignal",
    ("GET", "/api/v1/executions/{executionID}/events"): "streamExecution",
    ("POST", "/api/v1/ws/ticket"): "createStreamTicket",
    ("GET", "/api/v1/approvals"): "listApprovals",
    ("GET", "/api/v1/approvals/{approvalID}"): "getApproval",
    ("POST", "/api/v1/approvals/{approvalID}/approve"): "approveApproval",
    ("POST", "/api/v1/approvals/{approvalID}/reject"): "rejectApproval",
    ("POST", "/api/v1/executions/{executionID}/cancel"): "cancelExecution",
    ("POST", "/api/v1/executions/{executionID}/terminate"): "terminateExecution",
    ("POST", "/api/v1/executions/{executionID}/pause"): "pauseExecution",
    ("POST", "/api/v1/executions/{executionID}/resume"): "resumeExecution",
    ("POST", "/api/v1/executions/{executionID}/retry"): "retryExecution",
    ("POST", "/api/v1/executions/{executionID}/rerun"): "rerunExecution",
    ("GET", "/api/v1/schedules"): "listSchedules",
    ("GET", "/api/v1/workflows/{workflowID}/schedules"): "listWorkflowSchedules",
    ("POST", "/api/v1/workflows/{workflowID}/schedules"): "createSchedule",
    ("POST", "/api/v1/schedules/parse-cron"): "parseCron",
    ("POST", "/api/v1/schedules/preview"): "previewTiming",
    ("GET", "/api/v1/schedules/{scheduleID}"): "getSchedule",
    ("PUT", "/api/v1/schedules/{scheduleID}"): "updateSchedule",
    ("DELETE", "/api/v1/schedules/{scheduleID}"): "deleteSchedule",
    ("POST", "/api/v1/schedules/{scheduleID}/trigger"): "triggerSchedule",
    ("POST", "/api/v1/schedules/{scheduleID}/backfill"): "backfillSchedule",
    ("GET", "/api/v1/schedules/{scheduleID}/executions"): "listScheduleExecutions",
    ("GET", "/api/v1/schedules/{scheduleID}/runs"): "previewScheduleRuns",
    ("GET", "/api/v1/credentials"): "listCredentials",
    ("POST", "/api/v1/credentials"): "createCredential",
    ("GET", "/api/v1/credentials/access-log"): "exportCredentialAccessLog",
    ("GET", "/api/v1/credentials/{credentialID}"): "getCredential",
    ("PUT", "/api/v1/credentials/{credentialID}"): "updateCredential",
    ("DELETE", "/api/v1/credentials/{credentialID}"): "deleteCredential",
    ("GET", "/api/v1/credentials/{credentialID}/value"): "getCredentialValue",
    ("POST", "/api/v1/credentials/{credentialID}/rotate"): "rotateCredential",
    ("GET", "/api/v1/credentials/{credentialID}/versions"): "listCredentialVersions",
    ("GET", "/api/v1/credentials/{credentialID}/access-log"): "listCredentialAccesses",
    ("POST", "/api/v1/codec/decode"): "decodePayloads",
    ("POST", "/api/v1/codec/encode"): "encodePayloads",
    ("GET", "/api/v1/webhooks"): "listWebhooks",
    ("POST", "/api/v1/webhooks"): "createWebhook",
    ("GET", "/api/v1/webhooks/{webhookID}"): "getWebhook",
    ("PUT", "/api/v1/webhooks/{webhookID}"): "updateWebhook",
    ("DELETE", "/api/v1/webhooks/{webhookID}"): "deleteWebhook",
    ("POST", "/api/v1/webhooks/{webhookID}/regenerate-secret"): "regenerateWebhookSecret",
    ("POST", "/api/v1/webhooks/{webhookID}/test"): "testWebhook",
    ("GET", "/api/v1/webhooks/{webhookID}/events"): "listWebhookEvents",
    ("POST", "/api/v1/webhooks/{webhookID}/replay"): "replayWebhookEvents",
    ("POST", "/webhooks/{workflowID}/{webhookID}"): "receiveEvent",
    ("POST", "/webhooks/{tenantID}/{path}"): "receiveEventAtPath",
    ("GET", "/api/v1/events/{eventID}"): "getWebhookEvent",
    ("POST", "/api/v1/events/{eventID}/replay"): "replayWebhookEvent",
    ("GET", "/api/v1/api-keys"): "listApiKeys",
    ("POST", "/api/v1/api-keys"): "createApiKey",
    ("GET", "/api/v1/api-keys/{keyID}"): "getApiKey",
    ("DELETE", "/api/v1/api-keys/{keyID}"): "revokeApiKey",
    ("GET", "/api/v1/audit-log"): "listAuditLog",
    ("GET", "/api/v1/audit-log/export"): "exportAuditLog",
    ("GET", "/api/v1/admin/tenants"): "listTenants",
    ("POST", "/api/v1/admin/tenants"): "createTenant",
    ("GET", "/api/v1/admin/tenants/{tenantID}"): "getTenant",
    ("GET", "/api/v1/admin/tenants/{tenantID}/usage"): "getTenantUsage",
    ("PUT", "/api/v1/admin/tenants/{tenantID}/quotas"): "updateTenantQuotas",
    ("POST", "/api/v1/admin/tenants/{tenantID}/suspend"): "suspendTenant",
    ("POST", "/api/v1/admin/tenants/{tenantID}/activate"): "activateTenant",
    ("DELETE", "/api/v1/admin/tenants/{tenantID}"): "deleteTenant",
    ("GET", "/api/v1/admin/audit-log"): "listPlatformAuditLog",
    ("GET", "/api/v1/admin/audit-log/export"): "exportPlatformAuditLog",
}


@pytest.fixture
async def document(api: httpx.AsyncClient) -> dict[str, Any]:
    """The document as the API serves it."""
    body: dict[str, Any] = (await api.get("/docs/api/swagger.json")).json()
    return body


def operations(document: dict[str, Any]) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Every operation under its method and path."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield (method.upper(), path), operation


def contents(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every body of requests and responses, each with a name to tell it by."""
    for (method, path), operation in operations(document):
        if "requestBody" in operation:
            yield f"{method} {path} body", operation["requestBody"]["content"]["application/json"]
        for status, response in operation["responses"].items():
            if status not in {"204", "304"}:
                for media_type, content in response["content"].items():
                    yield f"{method} {path} {status} {media_type}", content


async def test_these_are_the_operations(document: dict[str, Any]) -> None:
    assert {key: operation["operationId"] for key, operation in operations(document)} == OPERATIONS
    tags = {tag["name"] for tag in document["tags"]}
    for key, operation in operations(document):
        assert operation["summary"], key
        assert operation["description"], key
        assert set(operation["tags"]) <= tags, key


async def test_every_body_has_an_example_that_fits_its_schema(document: dict[str, Any]) -> None:
    for name, content in contents(document):
        schema = {**content["schema"], "components": document["components"]}
        validator = jsonschema.Draft202012Validator(schema)
        assert not list(validator.iter_errors(content["example"])), name


async def test_every_operation_has_the_error_model(document: dict[str, Any]) -> None:
    for (method, path), operation in operations(document):
        if not path.startswith("/api/"):
            continue
        statuses = set(operation["responses"])
        expected = {"400", "401", "403", "500", "503"}
        if "{" in path:
            expected.add("404")
        if "requestBody" in operation:
            expected.add("408")
        assert expected <= statuses, (method, path)
        for status in statuses - {"200", "201", "202", "204", "304"}:
            schema = operation["responses"][status]["content"]["application/json"]["schema"]
            assert schema == {"$ref": "#/components/schemas/Error"}, (method, path, status)
        names_tenant = {"$ref": "#/components/parameters/Tenant"} in operation["parameters"]
        assert names_tenant is not path.startswith("/api/v1/admin/"), (method, path)
        assert operation["security"], (method, path)


async def test_every_reference_leads_somewhere(document: dict[str, Any]) -> None:
    references = set(re.findall(r"'\$ref': '#/components/(\w+)/(\w+)'", str(document)))
    assert {("schemas", "Definition"), ("schemas", "CreateWorkflow"), ("schemas", "Error")} <= references
    for kind, name in references:
        assert name in document["components"][kind]


async def test_the_examples_work(api: httpx.AsyncClient, document: dict[str, Any]) -> None:
    async def call(method: str, path: str, **values: str) -> httpx.Response:
        operation = document["paths"][path][method.lower()]
        example = operation["requestBody"]["content"]["application/json"]["example"]
        return await api.request(method, path.format(**values), json=example)

    created = await call("POST", "/api/v1/workflows")
    assert created.status_code == 201, created.text
    workflow_id = created.json()["data"]["id"]
    one = "/api/v1/workflows/{workflowID}"
    assert (await call("PUT", one, workflowID=workflow_id)).status_code == 200
    dry = await call("POST", f"{one}/dry-run", workflowID=workflow_id)
    assert dry.json()["data"]["valid"] is True
    assert (await call("POST", f"{one}/execute", workflowID=workflow_id)).status_code == 202
    assert (await call("POST", "/api/v1/workflows/bulk-delete")).status_code == 200


async def test_yaml_is_the_same_document(api: httpx.AsyncClient, document: dict[str, Any]) -> None:
    response = await api.get("/docs/api/swagger.yaml")
    assert response.headers["content-type"] == "application/yaml"
    assert yaml.safe_load(response.text) == document


@pytest.mark.parametrize("path", ["/api/docs", "/api/docs/"])
async def test_swagger_ui_needs_no_internet(api: httpx.AsyncClient, path: str) -> None:
    page = await api.get(path)
    assert page.status_code == 200
    assert "http://" not in page.text
    assert "https://" not in page.text
    addresses = re.findall(r"(?:href|src)=\"([^\"]+)\"", page.text)
    assert len(addresses) >= 3
    for address in [*addresses, *re.findall(r"url: '([^']+)'", page.text)]:
        assert (await api.get(address)).status_code == 200, address


@pytest.fixture(scope="module")
def described(stack: Stack) -> schemathesis.BaseSchema:
    """The document as schemathesis walks it."""
    load_all_checks()
    return schemathesis.openapi.from_url(f"{stack.url}/docs/api/swagger.json")


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    """Connections that all calls share."""
    with requests.Session() as session:
        session.trust_env = False
        yield session


def things_of(stack: Stack, tenant: str) -> dict[str, str]:
    """What the tenant is given, as parameters of paths name it."""
    with httpx.Client(base_url=stack.url, headers={"X-Tenant-ID": tenant}, trust_env=False) as client:
        created = client.post("/api/v1/workflows", json=examples.CREATE_WORKFLOW).json()["data"]
        accepted = client.post(f"/api/v1/workflows/{created['id']}/execute").json()["data"]
        credential = client.post("/api/v1/credentials", json=examples.CREATE_CREDENTIAL).json()["data"]
        webhook = client.post(
            "/api/v1/webhooks", json={"name": "Orders", "workflow_id": created["id"], "auth_type": "none"}
        ).json()["data"]
        schedule = client.post(
            f"/api/v1/workflows/{created['id']}/schedules", json=schedule_examples.CREATE_SCHEDULE
        ).json()["data"]
        event = client.post(f"/api/v1/webhooks/{webhook['id']}/test").json()
        key = client.post("/api/v1/api-keys", json=examples.CREATE_API_KEY).json()["data"]
        other = client.post("/api/v1/admin/tenants", json=examples.CREATE_TENANT).json()["data"]
    return {
        "credentialID": credential["id"],
        "webhookID": webhook["id"],
        "path": "orders",
        "scheduleID": schedule["id"],
        "eventID": event["event_id"],
        "keyID": key["id"],
        "tenantID": other["id"],
        "workflowID": created["id"],
        "version": "1",
        "executionID": accepted["execution_id"],
        "name": "paid",
        "typeName": "http",
    }


def approval(stack: Stack, tenant: str) -> str:
    """The id of an approval that waits."""
    ask = {"id": "ask", "type": "approval", "config": {"title": "Go on?"}}
    create = {"name": "Asks", "definition": {"actions": [ask]}}
    with httpx.Client(base_url=stack.url, headers={"X-Tenant-ID": tenant}, trust_env=False) as client:
        created = client.post("/api/v1/workflows", json=create).json()["data"]
        client.post(f"/api/v1/workflows/{created['id']}/execute")
        deadline = time.monotonic() + 20
        while not (found := client.get("/api/v1/approvals").json()["data"]):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    approval_id: str = found[0]["id"]
    return approval_id


@pytest.mark.parametrize(
    ("method", "path", "mode"),
    [
        (method, path, mode)
        for method, path in OPERATIONS
        for mode in GenerationMode
        # What has neither parameters nor a body cannot be asked wrongly.
        if mode is GenerationMode.POSITIVE or path.startswith("/api/")
    ],
)
def test_whatever_is_sent_the_answer_is_as_described(
    described: schemathesis.BaseSchema,
    session: requests.Session,
    stack: Stack,
    tenant: str,
    method: str,
    path: str,
    mode: GenerationMode,
) -> None:
    things = things_of(stack, tenant) if mode is GenerationMode.POSITIVE else {}
    if things and "{approvalID}" in path:
        things["approvalID"] = approval(stack, tenant)

    @hypothesis.given(case=described[path][method].as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=8 if mode is GenerationMode.POSITIVE else 4,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    def walk(case: schemathesis.Case[Any]) -> None:
        if mode is GenerationMode.POSITIVE:
            case.headers["X-Tenant-ID"] = tenant
            case.headers["X-User-Role"] = "admin"
            for name in case.path_parameters:
                case.path_parameters[name] = things[name]
        case.call_and_validate(
            checks=[
                not_a_server_error,
                status_code_conformance,
                content_type_conformance,
                response_schema_conformance,
            ],
            timeout=20,
            session=session,
        )

    walk()
