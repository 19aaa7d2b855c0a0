"""The examples of the OpenAPI document; a test holds each against its schema."""

from typing import Any

Example = dict[str, Any]

HEALTH: Example = {"status": "ok", "timestamp": "2026-01-20T10:00:00Z"}
STOPPING: Example = {**HEALTH, "status": "stopping"}
READY: Example = {**HEALTH, "checks": {"database": "healthy", "temporal": "healthy"}}
DEGRADED: Example = {
    **HEALTH,
    "status": "degraded",
    "checks": {"database": "healthy", "temporal": "unhealthy: no answer within 1.5 s"},
}

DEFINITION: Example = {
    "trigger": {"type": "webhook", "config": {}},
    "actions": [
        {
            "id": "total",
            "type": "transform",
            "config": {"expression": "sum(map(trigger.body.items ?? [], {#.price}))"},
        },
        {"id": "note", "type": "log", "config": {"message": "Order total: {{steps.total.output}}"}},
    ],
    "output": {"total": "{{steps.total.output}}"},
}

CREATE_WORKFLOW: Example = {
    "name": "Order Processing",
    "description": "Automated order processing workflow",
    "enabled": True,
    "definition": DEFINITION,
}

UPDATE_WORKFLOW: Example = {
    "description": "Sums up the items of an order",
    "definition": DEFINITION,
    "changes": "Say what it does",
}

WORKFLOW: Example = {
    "id": "wf_06brt5fzk9xm73a0e8ynchvqw4",
    "tenant_id": "tenant_dev",
    "name": "Order Processing",
    "description": "Automated order processing workflow",
    "enabled": True,
    "version": 3,
    "definition": DEFINITION,
    "created_at": "2026-01-15T10:00:00Z",
    "updated_at": "2026-01-20T15:30:00Z",
    "created_by": "user_123",
    "updated_by": "user_456",
}

VERSION_SUMMARY: Example = {
    "version": 3,
    "created_at": "2026-01-20T15:30:00Z",
    "created_by": "user_456",
    "changes": "Updated validation step",
}

VERSION: Example = {
    **VERSION_SUMMARY,
    "name": "Order Processing",
    "description": "Automated order processing workflow",
    "enabled": True,
    "definition": DEFINITION,
}

RESTORED: Example = {**WORKFLOW, "version": 4, "restored_from": 2}

BULK_DELETE: Example = {"workflow_ids": ["wf_06brt5fzk9xm73a0e8ynchvqw4", "wf_1"]}
BULK_DELETED: Example = {
    "deleted": ["wf_06brt5fzk9xm73a0e8ynchvqw4"],
    "failed": [{"id": "wf_1", "error": "workflow not found"}],
    "deleted_count": 1,
    "failed_count": 1,
}

DRY_RUN: Example = {"test_data": {"items": [{"price": 20}, {"price": 30}]}}
DRY_RUN_RESULT: Example = {
    "valid": True,
    "steps": [
        {"action_id": "total", "type": "transform", "path": "total", "result": "success", "output": 50},
        {"action_id": "note", "type": "log", "path": "note", "result": "success"},
    ],
    "warnings": [],
    "errors": [],
    "execution_time_ms": 1,
}

DEFINITION_SCHEMA: Example = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Gorax definition",
    "type": "object",
    "$defs": {"Definition": {"type": "object", "required": ["actions"]}},
}

ACTION_TYPE: Example = {
    "name": "formula",
    "aliases": [],
    "kind": "flow",
    "summary": "Compute one value from an expression",
    "description": "What to compute.",
    "output": "The expression's value.",
    "config_schema": {
        "type": "object",
        "properties": {
            "expression": {
                "type": "string",
                "minLength": 1,
                "maxLength": 4096,
                "x-gorax-expression": True,
            }
        },
        "required": ["expression"],
        "additionalProperties": False,
    },
    "example": {"expression": "round(trigger.body.net * 1.19 * 100) / 100"},
    "defaults": {"timeout": None, "max_attempts": 1, "mode": None, "fast_when": {}},
}

DIAGRAM = """flowchart TB
  title["Order Processing · version 3"]:::is_plain
  start(["webhook"]):::is_start
  title ~~~ start
  n1("total<br/>transform"):::is_pure
  n2("note<br/>log"):::is_pure
  start --> n1
  n1 --> n2
  classDef is_pure fill:#f1f5f9,stroke:#64748b,color:#1f2933
  classDef is_start fill:#ffffff,stroke:#1f2933,color:#1f2933,stroke-width:2px
  classDef is_plain fill:none,stroke:none,color:#1f2933
"""
DIAGRAM_SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-79 -52 319.6 276">…</svg>'

TRIGGER_BODY: Example = {"customer_id": "cust_123", "items": [{"price": 20}, {"price": 30}]}

ACCEPTED: Example = {
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "workflow_id": "wf_06brt5fzk9xm73a0e8ynchvqw4",
    "status": "running",
    "started_at": "2026-01-20T17:00:00Z",
}

ERROR: Example = {
    "type": "http_5xx",
    "message": "POST https://api.example.com/charge answered 503",
    "action_id": "charge",
    "attempt": 3,
    "details": {"status": 503},
}

EXECUTION_SUMMARY: Example = {
    "id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "workflow_id": "wf_06brt5fzk9xm73a0e8ynchvqw4",
    "workflow_name": "Order Processing",
    "version": 3,
    "status": "failed",
    "trigger_type": "manual",
    "started_at": "2026-01-20T17:00:00Z",
    "completed_at": "2026-01-20T17:00:15Z",
    "duration_ms": 15000,
    "steps_completed": 1,
    "steps_total": 2,
    "error": ERROR,
    "created_by": "user_123",
    "paused": False,
    "retry_of": None,
    "rerun_of": None,
    "parent_execution_id": None,
    "parent_path": None,
}

EXECUTIONS_PAGE: Example = {
    "data": [EXECUTION_SUMMARY],
    "limit": 20,
    "offset": 0,
    "total": 1,
    "next_cursor": None,
}

EXECUTION: Example = {
    **EXECUTION_SUMMARY,
    "trigger_data": TRIGGER_BODY,
    "stop": None,
    "temporal_workflow_id": "tenant_dev:exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "temporal_run_id": "0199e7a1-5c1e-7d0a-9f63-5a0b6c0f2d11",
}

RESUMED: Example = {
    "id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "workflow_id": "wf_06brt5fzk9xm73a0e8ynchvqw4",
    "status": "running",
    "paused": False,
    "stop": None,
}
PAUSED: Example = {**RESUMED, "paused": True}
CANCELLING: Example = {
    **RESUMED,
    "stop": {
        "kind": "cancel",
        "requested_at": "2026-01-20T17:00:10Z",
        "requested_by": "user_123",
        "reason": None,
    },
}
TERMINATE: Example = {"reason": "it calls a customer again and again"}
TERMINATED: Example = {
    **RESUMED,
    "status": "terminated",
    "stop": {**CANCELLING["stop"], "kind": "terminate", **TERMINATE},
}
RERUN: Example = {"version": "current"}

STEPS: Example = {
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "steps": [
        {
            "id": "each_order",
            "action_id": "each_order",
            "type": "for_each",
            "status": "failed",
            "started_at": "2026-01-20T17:00:00Z",
            "completed_at": "2026-01-20T17:00:15Z",
            "duration_ms": 15000,
            "attempts": 1,
            "input": {"items": "trigger.body.orders"},
            "error": ERROR,
            "progress": {
                "total": 40,
                "completed": 18,
                "succeeded": 17,
                "failed": 1,
                "steps": 18,
                "batches": 0,
            },
        },
        {
            "id": "each_order[17].charge",
            "action_id": "charge",
            "type": "http",
            "status": "failed",
            "started_at": "2026-01-20T17:00:12Z",
            "completed_at": "2026-01-20T17:00:15Z",
            "duration_ms": 3000,
            "attempts": 3,
            "input": {"method": "POST", "url": "https://api.example.com/charge"},
            "error": ERROR,
            "parent": "each_order[17]",
        },
    ],
    "total": 19,
    "limit": 1000,
    "offset": 0,
    "has_more": False,
    "next_offset": None,
}

APPROVAL: Example = {
    "id": "appr_06brt81m6y3v9cw5t2qkx8rdzn",
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "workflow_id": "wf_06brt5fzk9xm73a0e8ynchvqw4",
    "action_id": "approve_refund",
    "path": "approve_refund",
    "status": "approved",
    "title": "Refund 99.99?",
    "description": None,
    "assignees": ["user_123"],
    "form": [{"name": "reason", "type": "text", "required": True}],
    "opened_at": "2026-01-20T17:00:00Z",
    "expires_at": "2026-01-22T17:00:00Z",
    "answer": {
        "decision": "approved",
        "by": "user_123",
        "at": "2026-01-20T18:12:00Z",
        "form": {"reason": "damaged in transit"},
        "comment": "As agreed by phone",
    },
}
DECIDE: Example = {"comment": "As agreed by phone", "form": {"reason": "damaged in transit"}}

SIGNAL_BODY: Example = {"payment_id": "pay_123", "amount": 99.99}
SIGNAL: Example = {
    "id": "sig_06brt83cnw5e1qy7h4mz9xvkt0",
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "name": "payment_received",
    "status": "delivered",
}
WAIT: Example = {
    "id": "wait_06brt82kt8x0rmd6v3pj5hya1q",
    "kind": "signal",
    "name": "payment_received",
    "action_id": "payment",
    "path": "payment",
    "title": None,
    "schema": {"type": "object", "required": ["payment_id"]},
    "opened_at": "2026-01-20T17:00:00Z",
    "expires_at": "2026-01-27T17:00:00Z",
}


CREATE_CREDENTIAL: Example = {
    "name": "Stripe API Key",
    "type": "api_key",
    "description": "Production Stripe key",
    "value": {"key": "sk_example_…", "header": "Authorization"},
    "expires_at": "2027-01-01T00:00:00Z",
}
UPDATE_CREDENTIAL: Example = {"description": "Production Stripe key, of the new account", "expires_at": None}
CREDENTIAL: Example = {
    "id": "cred_06brt91x2m8q5kz7w3ynd0cvhe",
    "name": "Stripe API Key",
    "type": "api_key",
    "description": "Production Stripe key",
    "version": 1,
    "created_at": "2026-01-15T10:00:00Z",
    "updated_at": "2026-01-15T10:00:00Z",
    "last_rotated": "2026-01-15T10:00:00Z",
    "expires_at": "2027-01-01T00:00:00Z",
    "status": "active",
    "warning": None,
    "created_by": "user_123",
    "updated_by": "user_123",
}
CREDENTIAL_VALUE: Example = {
    "id": "cred_06brt91x2m8q5kz7w3ynd0cvhe",
    "version": 1,
    "value": {"key": "sk_example_…", "header": "Authorization"},
}
ROTATE_CREDENTIAL: Example = {"new_value": {"key": "sk_example_…"}, "grace_period": "24h"}
ROTATED: Example = {
    "id": "cred_06brt91x2m8q5kz7w3ynd0cvhe",
    "version": 2,
    "rotated_at": "2026-01-20T16:30:00Z",
}
CREDENTIAL_VERSION: Example = {
    "version": 1,
    "status": "grace",
    "created_at": "2026-01-15T10:00:00Z",
    "created_by": "user_123",
    "superseded_at": "2026-01-20T16:30:00Z",
    "valid_until": "2026-01-21T16:30:00Z",
    "key_id": "k1",
}
CREDENTIAL_ACCESS: Example = {
    "id": "acc_06brt93c7t0v4nq8x5jkdm2yzw",
    "credential_id": "cred_06brt91x2m8q5kz7w3ynd0cvhe",
    "name": "Stripe API Key",
    "version": 1,
    "at": "2026-01-20T17:00:01Z",
    "outcome": "granted",
    "reason": None,
    "via": "step",
    "user_id": None,
    "address": None,
    "request_id": None,
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "path": "charge",
    "attempt": 1,
}

CREATE_API_KEY: Example = {
    "name": "Nightly import",
    "role": "operator",
    "expires_at": "2027-01-01T00:00:00Z",
}
API_KEY: Example = {
    "id": "key_06brt9b4m1k7q2zx5w8yhd3vne",
    "name": "Nightly import",
    "role": "operator",
    "prefix": "gx_Jx3vQ9aZ",
    "status": "active",
    "expires_at": "2027-01-01T00:00:00Z",
    "last_used_at": None,
    "created_at": "2026-01-20T16:00:00Z",
    "created_by": "user_123",
    "revoked_at": None,
    "revoked_by": None,
}
NEW_API_KEY: Example = {**API_KEY, "key": "gx_Jx3vQ9aZ…"}
CREATE_TENANT: Example = {
    "name": "New Corp",
    "admin_email": "admin@newcorp.com",
    "quotas": {"max_workflows": 50, "max_executions_per_day": 5000},
}
UPDATE_QUOTAS: Example = {
    "max_workflows": 200,
    "max_executions_per_day": 20000,
    "max_api_requests_per_minute": 1000,
}
TENANT: Example = {
    "id": "tenant_06brt9d0v3n8x5kq1m7zw2yhce",
    "name": "New Corp",
    "status": "active",
    "admin_email": "admin@newcorp.com",
    "quotas": {
        "max_workflows": 50,
        "max_executions_per_day": 5000,
        "max_concurrent_executions": -1,
        "max_api_requests_per_minute": 10000,
        "max_schedules": 1000,
        "max_webhooks": 1000,
        "retention_days": -1,
    },
    "created_at": "2026-01-20T16:00:00Z",
    "updated_at": "2026-01-20T16:00:00Z",
    "deleted_at": None,
}
USAGE: Example = {
    "tenant_id": TENANT["id"],
    "quotas": TENANT["quotas"],
    "usage": {
        "workflows": 12,
        "schedules": 3,
        "webhooks": 5,
        "executions_today": 1204,
        "executions_running": 7,
        "executions_queued": 0,
    },
    "resets_at": "2026-01-21T00:00:00Z",
}
AUDIT_ENTRY: Example = {
    "id": "aud_06brt9f2z6m4w1xk8q5yn0dvhc",
    "tenant_id": "tenant_dev",
    "at": "2026-01-20T16:00:00Z",
    "operation": "updateWorkflow",
    "path": "/api/v1/workflows/wf_06brt7h5x2m8q5kz7w3ynd0cve",
    "outcome": "done",
    "status": None,
    "user_id": "user_123",
    "via": "session",
    "via_id": "0d6c9f9a-4b0e-4a57-9d7e-6d1d3f5f0a11",
    "address": "203.0.113.7",
    "request_id": "req_06brt7n2zq4kx5d1gw8ah3mjyc",
}

ENCODED_PAYLOADS: Example = {
    "payloads": [
        {
            "metadata": {
                "encoding": "YmluYXJ5L2VuY3J5cHRlZA==",
                "gorax-key": "azE=",
                "gorax-tenant": "dGVuYW50X2Rldg==",
            },
            "data": "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8BI0VniQ==",
        }
    ]
}

DECODED_PAYLOADS: Example = {
    "payloads": [{"metadata": {"encoding": "anNvbi9wbGFpbg=="}, "data": "eyJuYW1lIjoiQWRhIn0="}]
}


def data(example: Any) -> Example:
    """The envelope around one thing."""
    return {"data": example}


def page(*items: Example) -> Example:
    """The envelope around a list."""
    return {"data": list(items), "limit": 20, "offset": 0, "total": len(items)}


STREAM_TICKET: Example = {"ticket": "q1Zx0vYb6mJ8.k1", "expires_at": "2026-01-20T17:00:40Z"}

EVENT_STREAM = """retry: 2000

id: 4f0c91aa.11.1768928410000
data: {"type":"execution_update","event":"step","execution_id":"exec_06brt7n2zq4kx5d1gw8ah3mjyc","status":"running"}

: heartbeat

"""
