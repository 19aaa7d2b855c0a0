"""The examples of the OpenAPI document that are about webhooks."""

from api.examples import Example

CREATE_WEBHOOK: Example = {
    "name": "Payment Webhook",
    "workflow_id": "wf_06brt5fzk9xm73a0e8ynchvqw4",
    "path": "/payments",
    "auth_type": "signature",
    "scheme": "gorax",
    "description": "Receives payment notifications",
    "priority": 1,
    "filter": 'trigger.body.type == "payment"',
}
CREATED_WEBHOOK: Example = {
    "id": "wh_06bs0d3x5k8mq2w7cz4ayn9ev1",
    "url": "https://hooks.example.com/webhooks/wf_06brt5fzk9xm73a0e8ynchvqw4/wh_06bs0d3x5k8mq2w7cz4ayn9ev1",
    "path_url": "https://hooks.example.com/webhooks/tenant_dev/payments",
    "enabled": True,
    "auth_type": "signature",
    "secret": "whsec_…",
}
WEBHOOK_SUMMARY: Example = {
    "id": "wh_06bs0d3x5k8mq2w7cz4ayn9ev1",
    "tenant_id": "tenant_dev",
    "workflow_id": "wf_06brt5fzk9xm73a0e8ynchvqw4",
    "name": "Payment Webhook",
    "description": "Receives payment notifications",
    "path": "/payments",
    "url": CREATED_WEBHOOK["url"],
    "path_url": CREATED_WEBHOOK["path_url"],
    "auth_type": "signature",
    "enabled": True,
    "priority": 1,
    "created_at": "2026-01-15T10:00:00Z",
    "updated_at": "2026-01-15T10:00:00Z",
}
WEBHOOK: Example = {
    **WEBHOOK_SUMMARY,
    "scheme": "gorax",
    "username": None,
    "header_name": None,
    "methods": ["POST"],
    "response_mode": "accepted",
    "response_timeout": 30.0,
    "input_schema": None,
    "filter": 'trigger.body.type == "payment"',
    "dedupe_key": None,
    "dedupe_seconds": 86400,
    "allowed_ips": ["203.0.113.0/24"],
    "max_body_bytes": None,
    "regenerated_at": None,
    "previous_secret_valid_until": None,
    "created_by": "user_123",
}
UPDATE_WEBHOOK: Example = {
    "name": "Updated Payment Webhook",
    "description": "Updated description",
    "priority": 2,
    "enabled": True,
}
UPDATED_WEBHOOK: Example = {"id": WEBHOOK["id"], "updated_at": "2026-01-20T16:00:00Z"}
REGENERATE: Example = {"grace_seconds": 3600}
REGENERATED: Example = {
    "id": WEBHOOK["id"],
    "secret": "whsec_…",
    "regenerated_at": "2026-01-20T16:30:00Z",
    "previous_secret_valid_until": "2026-01-20T17:30:00Z",
}

RECEIVED: Example = {
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "event_id": "evt_06bs1r9z4t7kx2m5wq8ay3nced",
    "status": "queued",
}
EVENT: Example = {
    "id": "evt_06bs1r9z4t7kx2m5wq8ay3nced",
    "webhook_id": WEBHOOK["id"],
    "received_at": "2026-01-20T17:00:00Z",
    "source": "request",
    "method": "POST",
    "path": "/webhooks/tenant_dev/payments",
    "content_type": "application/json",
    "remote_address": "203.0.113.7",
    "body_bytes": 38,
    "status": "processed",
    "reason": None,
    "response_status": 202,
    "response_time_ms": 15,
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "dedupe_key": None,
    "duplicate_of": None,
    "replay_of": None,
    "replayable": True,
}
EVENT_DETAIL: Example = {
    **EVENT,
    "query": {},
    "headers": {"content-type": "application/json", "authorization": "***"},
    "body": {"type": "payment", "amount": 1250},
    "body_encoding": None,
    "replays": [],
}
SEND_TEST: Example = {
    "method": "POST",
    "headers": {"Content-Type": "application/json"},
    "body": {"test": True, "order_id": "test_123"},
}
TESTED: Example = {
    "success": True,
    "execution_id": "exec_06brt7n2zq4kx5d1gw8ah3mjyc",
    "response_time_ms": 12,
    "workflow_triggered": True,
    "status": 202,
    "event_id": EVENT["id"],
    "reason": None,
}
REPLAY_EVENT: Example = {"body": {"type": "payment", "amount": 1300}}
REPLAYED_EVENT: Example = {
    "execution_id": "exec_06bs2c5n8x1zk4q7mw3ay9tevd",
    "original_event_id": EVENT["id"],
    "event_id": "evt_06bs2c5n8y6wq3k1mz7ax4tned",
    "status": "queued",
}
REPLAY_EVENTS: Example = {"status": ["rejected"], "from": "2026-01-20T16:00:00Z", "limit": 50}
REPLAYED_EVENTS: Example = {
    "replayed": [REPLAYED_EVENT],
    "failed": [],
    "replayed_count": 1,
    "failed_count": 0,
    "remaining": 0,
    "next": None,
}
