"""Fills the index of executions with made-up rows, within the database: a million takes about a minute."""

from typing import Any

import psycopg
from psycopg import sql

WORKFLOWS = 200
DAYS = 30

# Fractions of a day's executions: what most tenants' look like. The rest completes.
_STATUS = """
    CASE WHEN dice < 0.070 THEN 'failed' WHEN dice < 0.085 THEN 'timed_out' WHEN dice < 0.100 THEN 'cancelled'
        WHEN dice < 0.105 THEN 'terminated' WHEN dice < 0.109 THEN 'running' WHEN dice < 0.110 THEN 'pending'
        ELSE 'completed' END"""
_TRIGGER = """
    CASE WHEN kind < 0.60 THEN 'webhook' WHEN kind < 0.90 THEN 'schedule' WHEN kind < 0.96 THEN 'manual'
        WHEN kind < 0.99 THEN 'sub_workflow' ELSE 'replay' END"""
_ERROR = """
    CASE status
        WHEN 'failed' THEN json_build_object('type', (ARRAY['http_5xx', 'network', 'validation'])[1 + number %% 3],
            'action_id', 'step_' || number %% 7, 'attempt', 3, 'details', '{{}}'::json, 'message',
            (ARRAY['the server answered 503', 'connection refused by api.example.com',
                'order ' || number || ' has no customer'])[1 + number %% 3])
        WHEN 'timed_out' THEN json_build_object('type', 'timeout', 'action_id', NULL, 'details', '{{}}'::json,
            'message', 'the execution took longer than its timeout')
        WHEN 'terminated' THEN json_build_object('type', 'terminated', 'details', '{{}}'::json, 'message', 'stopped')
    END"""
_ROWS = f"""
    INSERT INTO executions (id, tenant_id, workflow_id, workflow_name, version, status, trigger_type, trigger,
        priority, accepted_at, started_at, checked_at, completed_at, duration_ms, error, steps_completed, steps_total,
        created_by, has_waits)
    SELECT 'exec_' || {{tenant}} || '_' || lpad(number::text, 10, '0'), {{tenant}},
        'wf_' || {{tenant}} || '_' || workflow, 'Workflow ' || workflow, 1, status, trigger_type,
        json_build_object('type', trigger_type, 'body', json_build_object('order', number, 'note', repeat('x', 150))),
        1, at, at, at,
        CASE WHEN ended THEN at + milliseconds * interval '1 millisecond' END, CASE WHEN ended THEN milliseconds END,
        {_ERROR}, 3, 4, 'bench', false
    FROM (
        SELECT number, {_STATUS} AS status, {_TRIGGER} AS trigger_type, dice >= 0.110 OR dice < 0.105 AS ended,
            -- A few workflows have most of the executions.
            floor({WORKFLOWS} * share ^ 2)::integer AS workflow,
            %(until)s::timestamptz - interval '{DAYS} days' * (%(count)s - number + random()) / %(count)s AS at,
            floor(exp(random_normal(7, 1.2)))::bigint AS milliseconds
        FROM (
            SELECT number, random() AS dice, random() AS kind, random() AS share
            FROM generate_series(1, %(count)s) AS number
        ) AS thrown
    ) AS made
"""


def seed(connection: psycopg.Connection[Any], tenant: str, count: int, until: str) -> None:
    """Give a new tenant `count` executions of 200 workflows, begun in the thirty days before a moment."""
    name = sql.Literal(tenant)
    connection.execute("SELECT setseed(0.5)")
    for statement in (
        "INSERT INTO tenants VALUES ({tenant}, {tenant}, 'active', '{{}}', now(), now())",
        f"""
        INSERT INTO workflows
        SELECT 'wf_' || {{tenant}} || '_' || number, {{tenant}}, 'Workflow ' || number, '', true, 1,
            '{{{{"actions": []}}}}', now(), now(), 'bench', 'bench' FROM generate_series(0, {WORKFLOWS - 1}) AS number
        """,
        "INSERT INTO workflow_versions SELECT id, 1, name, '', true, definition, now(), 'bench' FROM workflows "
        "WHERE tenant_id = {tenant}",
    ):
        connection.execute(sql.SQL(statement).format(tenant=name))
    connection.execute(sql.SQL(_ROWS).format(tenant=name), {"count": count, "until": until})
