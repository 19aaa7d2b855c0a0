"""When the executions of payloads were first missed"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import TIMESTAMP

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("payloads", sa.Column("missed_at", TIMESTAMP(timezone=True)))
