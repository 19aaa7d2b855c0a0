"""Row-level security, and an audit log whose entries may go when they are old"""

import sqlalchemy as sa
from alembic import op
from psycopg.errors import InsufficientPrivilege
from sqlalchemy.exc import ProgrammingError

from gorax.core.errors import Conflict

revision = "0013"
down_revision = "0012"

OLDEST_SERVER = 160_000
"""The first PostgreSQL where a role may be taken on by a login that does not have its rights all the time."""

# A tenant's session has the tenant's role. The platform's role sees all; every connection begins with it. Whoever
# logs in and takes on neither sees nothing, were it the tables' owner: that is what FORCE is for.
TENANT, PLATFORM = "gorax_tenant", "gorax_platform"
CURRENT = "current_setting('gorax.tenant', true)"

# Tables whose rows say in other words whose they are. Not EXISTS: that might be answered by reading all of a
# tenant's workflows, where this looks at the one.
OTHERWISE = {
    "tenants": "id",
    "workflow_versions": "(SELECT tenant_id FROM workflows WHERE id = workflow_id)",
    "credential_versions": "(SELECT tenant_id FROM credentials WHERE id = credential_id)",
    "webhook_keys": "(SELECT tenant_id FROM webhooks WHERE id = webhook_id)",
}


def upgrade() -> None:
    _roles()
    _rights_of_the_platform()
    columns = sa.text(
        "SELECT c.relname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid "
        "WHERE c.relnamespace = CAST(current_schema() AS regnamespace) AND c.relkind IN ('r', 'p') "
        "AND NOT c.relispartition AND a.attname = 'tenant_id' AND NOT a.attisdropped ORDER BY 1"
    )
    for table in op.get_bind().scalars(columns).all():
        _protect(table, "tenant_id")
    for table, owner in OTHERWISE.items():
        _protect(table, owner)
    _let_old_entries_go()


def _protect(table: str, owner: str) -> None:
    """Show a tenant its own rows of a table only. A later migration does the same for the tables that it makes."""
    op.execute(f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY')
    op.execute(f'CREATE POLICY tenant ON "{table}" USING ({owner} = {CURRENT})')
    op.execute(f'CREATE POLICY platform ON "{table}" TO {PLATFORM} USING (true)')
    op.execute(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{table}" TO {TENANT}')


def _rights_of_the_platform() -> None:
    schema = '"' + op.get_bind().scalars(sa.text("SELECT current_schema()")).one().replace('"', '""') + '"'
    rights = "SELECT, INSERT, UPDATE, DELETE"
    op.execute(f"GRANT USAGE ON SCHEMA {schema} TO {PLATFORM}, {TENANT}")
    op.execute(f"GRANT {rights} ON ALL TABLES IN SCHEMA {schema} TO {PLATFORM}")
    op.execute(f"REVOKE ALL ON alembic_version FROM {PLATFORM}")
    # Of tables that are yet to be made: what a tenant may do with them is for their own migration to say.
    op.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT {rights} ON TABLES TO {PLATFORM}")


def _roles() -> None:
    """Both roles, which all databases of a server share, and the right of this login to take them on."""
    connection = op.get_bind()
    if connection.scalars(sa.text("SELECT current_setting('server_version_num')::int")).one() < OLDEST_SERVER:
        raise Conflict("Gorax needs PostgreSQL 16 or newer")
    login = connection.scalars(sa.text("SELECT quote_ident(current_user)")).one()
    for role in (TENANT, PLATFORM):
        # Another database's migration may do the same at this moment.
        create = f"""
            DO $$ BEGIN
                IF to_regrole('{role}') IS NULL THEN CREATE ROLE {role} NOLOGIN; END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
        """
        grant = f"""
            DO $$ BEGIN
                IF NOT pg_has_role(current_user, '{role}', 'SET') THEN
                    GRANT {role} TO {login} WITH INHERIT FALSE, SET TRUE;
                END IF;
            EXCEPTION WHEN unique_violation THEN NULL;
            END $$
        """
        try:
            connection.execute(sa.text(create))
            connection.execute(sa.text(grant))
        except ProgrammingError as error:
            if not isinstance(error.orig, InsufficientPrivilege):
                raise
            raise Conflict(
                f"the database user {login} may not make roles. Have an administrator run, once:\n"
                f"    CREATE ROLE {TENANT} NOLOGIN;  -- unless it is there already\n"
                f"    CREATE ROLE {PLATFORM} NOLOGIN;  -- unless it is there already\n"
                f"    GRANT {TENANT}, {PLATFORM} TO {login} WITH INHERIT FALSE, SET TRUE;"
            ) from error


def _let_old_entries_go() -> None:
    """Have the audit log keep its entries for 30 days whatever happens, and after that until somebody removes them."""
    op.execute("DROP TRIGGER audit_log_stays ON audit_log")
    op.execute(
        "CREATE TRIGGER audit_log_stays BEFORE UPDATE OR TRUNCATE ON audit_log "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_log_stays()"
    )
    op.execute(
        "CREATE TRIGGER audit_log_lasts BEFORE DELETE ON audit_log FOR EACH ROW "
        "WHEN (OLD.at > now() - interval '30 days') EXECUTE FUNCTION audit_log_stays()"
    )
