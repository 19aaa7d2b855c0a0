"""The examples of the OpenAPI document that are about schedules."""

from api.examples import Example

CREATE_SCHEDULE: Example = {
    "cron_expression": "0 9 * * *",
    "timezone": "America/New_York",
    "enabled": True,
    "payload": {"report_type": "daily"},
}
UPDATE_SCHEDULE: Example = {"cron_expression": "0 8 * * MON-FRI", "overlap": "buffer_one"}
SCHEDULE_SUMMARY: Example = {
    "id": "sch_06brt9w2hm4y6c1qz8tk3e5vdn",
    "workflow_id": "wf_06brt5fzk9xm73a0e8ynchvqw4",
    "workflow_name": "Daily Report",
    "cron_expression": "0 9 * * *",
    "every": None,
    "run_at": None,
    "timezone": "America/New_York",
    "enabled": True,
    "pause_reason": None,
    "next_run": "2026-01-21T14:00:00Z",
    "last_run": "2026-01-20T14:00:00.041Z",
    "last_skip": None,
    "managed_by": "api",
}
SCHEDULE: Example = {
    **SCHEDULE_SUMMARY,
    "offset": 0,
    "jitter": 0,
    "start_at": None,
    "end_at": None,
    "exclude": ["2026-12-25"],
    "payload": {"report_type": "daily"},
    "overlap": "skip",
    "catchup_window": 600,
    "pause_on_failure": False,
    "remaining_runs": None,
    "synced": True,
    "error": None,
    "created_at": "2026-01-15T10:00:00Z",
    "created_by": "user_123",
    "updated_at": "2026-01-15T10:00:00Z",
    "updated_by": "user_123",
}
BACKFILL: Example = {"from": "2026-01-10T00:00:00Z", "to": "2026-01-12T00:00:00Z", "overlap": "buffer_all"}
BACKFILLED: Example = {"count": 2, "first": "2026-01-10T14:00:00Z", "last": "2026-01-11T14:00:00Z"}
RUNS: list[str] = ["2026-01-21T09:00:00-05:00", "2026-01-22T09:00:00-05:00"]
PARSE_CRON: Example = {"cron_expression": "0 9 * * *", "timezone": "America/New_York"}
PARSED_CRON: Example = {
    "valid": True,
    "description": "At 09:00 AM every day",
    "next_5_runs": [f"2026-01-{day}T09:00:00-05:00" for day in range(21, 26)],
}
PREVIEW_RUNS: Example = {"every": "24h", "offset": "14h", "start_at": "2026-01-21T00:00:00Z", "count": 2}
