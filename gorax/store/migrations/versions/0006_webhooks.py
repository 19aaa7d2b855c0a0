"""Webhooks and the events that they received"""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""
