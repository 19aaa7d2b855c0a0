"""The examples of the OpenAPI document; a test holds each against its schema."""

from typing import Any

Example = dict[str, Any]

HEALTH: Example = {"status": "ok", "timestamp": "2026-01-20T10:00:00Z"}
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
}

EXECUTION: Example = {
    **EXECUTION_SUMMARY,
    "trigger_data": TRIGGER_BODY,
    "temporal_workflow_id": "tenant_dev:exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "temporal_run_id": "0199e7a1-5c1e-7d0a-9f63-5a0b6c0f2d11",
}

STEPS: Example = {
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "steps": [
        {
            "id": "charge",
            "action_id": "charge",
            "type": "http",
            "status": "failed",
            "started_at": "2026-01-20T17:00:00Z",
            "completed_at": "2026-01-20T17:00:15Z",
            "duration_ms": 15000,
            "attempts": 3,
            "input": {"method": "POST", "url": "https://api.example.com/charge"},
            "error": ERROR,
        }
    ],
}


def data(example: Any) -> Example:
    """The envelope around one thing."""
    return {"data": example}


def page(*items: Example) -> Example:
    """The envelope around a list."""
    return {"data": list(items), "limit": 20, "offset": 0, "total": len(items)}
