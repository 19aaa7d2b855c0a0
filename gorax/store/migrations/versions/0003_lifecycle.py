"""Cancelling, pausing and retrying executions; executions within executions"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet."""
