"""A tenant's session reads and locks its own row among the tenants, and changes nothing of it: it has its quotas"""

from alembic import op

revision = "0015"
down_revision = "0014"

TENANT = "gorax_tenant"


def upgrade() -> None:
    op.execute(f"REVOKE INSERT, UPDATE, DELETE ON tenants FROM {TENANT}")
    # Who counts against a quota locks the row, for which PostgreSQL wants the right to change some column of it. This
    # one cannot become another: the policy forbids it.
    op.execute(f"GRANT UPDATE (id) ON tenants TO {TENANT}")
