"""The archive knows the objects that have payloads of a run, so that they go with it"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    op.add_column(
        "archived_runs", sa.Column("payloads", sa.ARRAY(sa.Text), nullable=False, server_default="{}")
    )
