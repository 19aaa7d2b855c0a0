"""Totals of executions, columns of their errors, and indexes for every filter of the list"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0011"
down_revision = "0010"

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)

# What SQL takes out of the document has no NUL characters: PostgreSQL's text cannot hold them, and reading the
# document would be an error.
ERROR_COLUMNS = r"""
CREATE FUNCTION executions_set_error() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    document json := NEW.error;
BEGIN
    IF position('\u0000' IN document::text) > 0 THEN
        document := regexp_replace(document::text, '(?<!\\)((?:\\\\)*)\\u0000', '\1', 'g');
    END IF;
    NEW.error_type := left(document ->> 'type', 255);
    NEW.error_action := left(document ->> 'action_id', 255);
    NEW.error_message := left(document ->> 'message', 4000);
    RETURN NEW;
END $$
"""

# Only inserts: nobody who changes an execution waits for another who does.
COUNT = """
CREATE FUNCTION executions_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO execution_changes (tenant_id, hour, workflow_id, trigger_type, status, error_action, error_type,
            executions, timed, duration_ms)
        VALUES (OLD.tenant_id, date_trunc('hour', OLD.started_at, 'UTC'), OLD.workflow_id, OLD.trigger_type,
            OLD.status, coalesce(OLD.error_action, ''), coalesce(OLD.error_type, ''),
            -1, -(OLD.duration_ms IS NOT NULL)::integer, -coalesce(OLD.duration_ms, 0));
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO execution_changes (tenant_id, hour, workflow_id, trigger_type, status, error_action, error_type,
            executions, timed, duration_ms)
        VALUES (NEW.tenant_id, date_trunc('hour', NEW.started_at, 'UTC'), NEW.workflow_id, NEW.trigger_type,
            NEW.status, coalesce(NEW.error_action, ''), coalesce(NEW.error_type, ''),
            1, (NEW.duration_ms IS NOT NULL)::integer, coalesce(NEW.duration_ms, 0));
    END IF;
    RETURN NULL;
END $$
"""

# Whoever writes rows, by whatever statement: they cannot forget to count them.
TRIGGERS = (
    """
    CREATE TRIGGER executions_new_error BEFORE INSERT ON executions
    FOR EACH ROW WHEN (NEW.error IS NOT NULL) EXECUTE FUNCTION executions_set_error()
    """,
    """
    CREATE TRIGGER executions_other_error BEFORE UPDATE OF error ON executions
    FOR EACH ROW WHEN (NEW.error::text IS DISTINCT FROM OLD.error::text) EXECUTE FUNCTION executions_set_error()
    """,
    """
    CREATE TRIGGER executions_count_new AFTER INSERT OR DELETE ON executions
    FOR EACH ROW EXECUTE FUNCTION executions_count()
    """,
    """
    CREATE TRIGGER executions_count_changed AFTER UPDATE ON executions
    FOR EACH ROW WHEN (
        (OLD.tenant_id, OLD.workflow_id, OLD.trigger_type, OLD.status, OLD.started_at, OLD.duration_ms,
            OLD.error_action, OLD.error_type)
        IS DISTINCT FROM
        (NEW.tenant_id, NEW.workflow_id, NEW.trigger_type, NEW.status, NEW.started_at, NEW.duration_ms,
            NEW.error_action, NEW.error_type)
    ) EXECUTE FUNCTION executions_count()
    """,
)

# The rows that are there, counted as if each had just been written; what folds changes goes on from there.
COUNT_ALL = """
INSERT INTO execution_changes (tenant_id, hour, workflow_id, trigger_type, status, error_action, error_type,
    executions, timed, duration_ms)
SELECT tenant_id, date_trunc('hour', started_at, 'UTC'), workflow_id, trigger_type, status,
    coalesce(error_action, ''), coalesce(error_type, ''),
    count(*), count(duration_ms), coalesce(sum(duration_ms), 0)
FROM executions GROUP BY 1, 2, 3, 4, 5, 6, 7
"""


def upgrade() -> None:
    # Both come with PostgreSQL, and are among those that a database's owner may install.
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gin")
    for column in ("error_type", "error_action", "error_message"):
        op.add_column("executions", sa.Column(column, sa.Text))
    _create_totals()
    op.execute(ERROR_COLUMNS)
    op.execute(COUNT)
    op.execute(
        "CREATE TRIGGER executions_old_error BEFORE UPDATE OF error ON executions "
        "FOR EACH ROW EXECUTE FUNCTION executions_set_error()"
    )
    op.execute("UPDATE executions SET error = error WHERE error IS NOT NULL")
    op.execute("DROP TRIGGER executions_old_error ON executions")
    _create_indexes()
    # Until this transaction ends nobody else writes rows: those that are there are counted once.
    for trigger in TRIGGERS:
        op.execute(trigger)
    op.execute(COUNT_ALL)


def _kind() -> list[sa.Column[Any]]:
    names = ("workflow_id", "status", "trigger_type", "error_action", "error_type")
    return [sa.Column(name, ID, nullable=False) for name in names]


def _counts() -> list[sa.Column[Any]]:
    return [sa.Column(name, sa.BigInteger, nullable=False) for name in ("executions", "timed", "duration_ms")]


def _create_totals() -> None:
    op.create_table(
        "execution_changes",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("hour", TIME, nullable=False),
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False),
        *_kind(),
        *_counts(),
        sa.PrimaryKeyConstraint("tenant_id", "hour", "number", name="execution_changes_pkey"),
    )
    op.create_table(
        "execution_totals",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("span", sa.SmallInteger, nullable=False),
        sa.Column("begins_at", TIME, nullable=False),
        *_kind(),
        *_counts(),
        sa.PrimaryKeyConstraint(
            "tenant_id",
            "workflow_id",
            "span",
            "begins_at",
            "status",
            "trigger_type",
            "error_action",
            "error_type",
            name="execution_totals_pkey",
        ),
    )


def _create_indexes() -> None:
    newest: list[Any] = [sa.desc("started_at"), sa.desc("id")]
    op.drop_index("executions_by_workflow_idx", "executions")
    op.drop_index("executions_by_status_idx", "executions")
    op.create_index(
        "executions_by_workflow_idx",
        "executions",
        ["tenant_id", "workflow_id", "status", "trigger_type", *newest],
        postgresql_include=["duration_ms"],
    )
    op.create_index(
        "executions_by_status_idx", "executions", ["tenant_id", "status", "trigger_type", *newest]
    )
    op.create_index(
        "executions_slowest_idx",
        "executions",
        ["tenant_id", sa.desc("duration_ms"), sa.desc("id")],
        postgresql_include=["started_at", "workflow_id", "status", "trigger_type"],
        postgresql_where=sa.text("duration_ms IS NOT NULL"),
    )
    op.create_index(
        "executions_with_errors_idx",
        "executions",
        ["tenant_id", *newest],
        postgresql_where=sa.text("error_message IS NOT NULL"),
    )
    op.create_index(
        "executions_errors_idx",
        "executions",
        ["tenant_id", "error_message"],
        postgresql_using="gin",
        postgresql_ops={"error_message": "gin_trgm_ops"},
        postgresql_where=sa.text("error_message IS NOT NULL"),
    )
