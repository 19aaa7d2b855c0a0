"""The examples of statistics in the OpenAPI document; a test holds each against its schema."""

from typing import Any

Example = dict[str, Any]

_COUNTS: Example = {
    "pending": 0,
    "running": 25,
    "completed": 1100,
    "failed": 125,
    "cancelled": 0,
    "terminated": 0,
    "timed_out": 0,
}

STATS: Example = {
    "total_executions": 1250,
    **_COUNTS,
    "success_rate": 0.88,
    "average_duration_ms": 8500,
    "executions_by_day": [{"date": "2026-01-20", "total": 1250, **_COUNTS}],
}

TRENDS: Example = {"data": [{"timestamp": "2026-01-20T00:00:00Z", "total": 1250, **_COUNTS}]}

_WORKFLOW: Example = {"workflow_id": "wf_06brt5fzk9xm73a0e8ynchvqw4", "workflow_name": "Order Processing"}

DURATIONS: Example = {
    "data": [
        {
            **_WORKFLOW,
            "executions": 1225,
            "avg_duration_ms": 8500,
            "min_duration_ms": 1200,
            "max_duration_ms": 45000,
            "p50_duration_ms": 7800,
            "p95_duration_ms": 18000,
            "p99_duration_ms": 35000,
        }
    ]
}

FAILURES: Example = {
    "data": {
        "workflows": [{**_WORKFLOW, "executions": 1250, "failures": 125, "failure_rate": 0.1}],
        "steps": [
            {
                **_WORKFLOW,
                "action_id": "charge",
                "failures": 120,
                "errors": [
                    {
                        "type": "http_5xx",
                        "failures": 118,
                        "message": "the server answered 503",
                        "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
                        "started_at": "2026-01-20T17:00:00Z",
                    }
                ],
            }
        ],
    }
}
