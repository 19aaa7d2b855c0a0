"""Credentials, their versions, and who read them"""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""
