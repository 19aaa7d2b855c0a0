"""The archive of runs that Temporal forgets"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0012"
down_revision = "0011"

ID = sa.String(collation="C")
TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.add_column("executions", sa.Column("traceparent", sa.Text))
    op.create_table(
        "archived_runs",
        sa.Column("tenant_id", ID, nullable=False),
        sa.Column("execution_id", ID, nullable=False),
        sa.Column("workflow_id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("closed_at", TIME, nullable=False),
        sa.Column("data", sa.LargeBinary),
        sa.Column("archived_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("workflow_id", "run_id", name="archived_runs_pkey"),
        sa.ForeignKeyConstraint(
            ["execution_id"],
            ["executions.id"],
            name="archived_runs_execution_id_fkey",
            ondelete="CASCADE",
        ),
    )
    op.create_index("archived_runs_execution_idx", "archived_runs", ["execution_id"])
    # It is compressed already.
    op.execute("ALTER TABLE archived_runs ALTER COLUMN data SET STORAGE EXTERNAL")
    op.create_table(
        "archive_progress",
        sa.Column("namespace", sa.Text, nullable=False),
        sa.Column("archived_until", TIME, nullable=False),
        sa.PrimaryKeyConstraint("namespace", name="archive_progress_pkey"),
    )
