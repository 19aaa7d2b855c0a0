"""Payloads too large for a history"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0005"
down_revision = "0004"

TIME = TIMESTAMP(timezone=True)


def upgrade() -> None:
    op.create_table(
        "payloads",
        sa.Column("scope", sa.String(collation="C"), nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("data", sa.LargeBinary, nullable=False),
        sa.Column("stored_at", TIME, nullable=False),
        sa.Column("checked_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("scope", "digest", name="payloads_pkey"),
    )
    op.create_index("payloads_unchecked_idx", "payloads", ["checked_at"])
    # Compressing tens of megabytes would hold the server up for longer than writing them does.
    op.execute("ALTER TABLE payloads ALTER COLUMN data SET STORAGE EXTERNAL")
