"""Totals of a tenant by quarter of an hour, which is what all time zones' days are made of"""

from alembic import op

revision = "0014"
down_revision = "0013"

COUNT = """
CREATE OR REPLACE FUNCTION executions_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO execution_changes (tenant_id, quarter, workflow_id, trigger_type, status, error_action, error_type,
            executions, timed, duration_ms)
        VALUES (OLD.tenant_id, date_bin('15 minutes', OLD.started_at, timestamptz '2000-01-01Z'), OLD.workflow_id,
            OLD.trigger_type, OLD.status, coalesce(OLD.error_action, ''), coalesce(OLD.error_type, ''),
            -1, -(OLD.duration_ms IS NOT NULL)::integer, -coalesce(OLD.duration_ms, 0));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO execution_changes (tenant_id, quarter, workflow_id, trigger_type, status, error_action, error_type,
            executions, timed, duration_ms)
        VALUES (NEW.tenant_id, date_bin('15 minutes', NEW.started_at, timestamptz '2000-01-01Z'), NEW.workflow_id,
            NEW.trigger_type, NEW.status, coalesce(NEW.error_action, ''), coalesce(NEW.error_type, ''),
            1, (NEW.duration_ms IS NOT NULL)::integer, coalesce(NEW.duration_ms, 0));
    END IF;
    RETURN NULL;
END $$
"""

# The totals that are there do not say in which quarters of their hours: all are counted anew.
COUNT_ALL = """
INSERT INTO execution_changes (tenant_id, quarter, workflow_id, trigger_type, status, error_action, error_type,
    executions, timed, duration_ms)
SELECT tenant_id, date_bin('15 minutes', started_at, timestamptz '2000-01-01Z'), workflow_id, trigger_type, status,
    coalesce(error_action, ''), coalesce(error_type, ''),
    count(*), count(duration_ms), coalesce(sum(duration_ms), 0)
FROM executions GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def upgrade() -> None:
    # Until this transaction ends nobody else writes rows: each is counted once.
    op.execute("LOCK TABLE executions IN SHARE ROW EXCLUSIVE MODE")
    op.execute("TRUNCATE execution_changes, execution_totals")
    op.alter_column("execution_changes", "hour", new_column_name="quarter")
    op.execute(COUNT)
    # As the platform: row-level security hides every row from the tables' owner.
    op.execute("SET LOCAL ROLE gorax_platform")
    op.execute(COUNT_ALL)
    op.execute("RESET ROLE")
