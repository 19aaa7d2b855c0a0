"""Row-level security, tried as the application's login: an ordinary one, that owns the tables."""

import re
import secrets
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError
from structlog.testing import capture_logs

from dev.postgres import Postgres
from gorax.core.errors import Conflict, Unavailable
from gorax.settings import DatabaseSettings, Settings
from gorax.store.migrate import migrate
from gorax.store.session import TENANT_ROLE, Database
from tests.store.conftest import administrator, conninfo

ROOT = Path(__file__).parents[2]
MINE, OTHERS = "tenant_a", "tenant_b"
KEYED_OTHERWISE = {
    "tenants": "id",
    "workflow_versions": "workflow_id",
    "credential_versions": "credential_id",
    "webhook_keys": "webhook_id",
}
"""Tables whose rows are a tenant's without a column `tenant_id`, and the column that says it."""
OF_THE_PLATFORM = {
    "alembic_version": "which migrations were applied; nobody but those reads it",
    "archive_progress": "how far the archive has come, over all tenants",
    "payloads": "found by the content's digest, for runs and their sub-workflows; no request reads it",
}
"""Tables without a policy, and why: a tenant's session cannot touch them at all."""
APPEND_ONLY = {"audit_log", "credential_accesses"}
REFUSED = "violates row-level security policy|only ever added to|permission denied for table tenants"
_PLAIN_VALUES = dict.fromkeys(("integer", "bigint", "smallint", "double precision"), 1) | {
    "boolean": True,
    "jsonb": "{}",
    "json": "{}",
}


@pytest.fixture(scope="module")
def migrated(login: str, postgres: Postgres, migrated_template: str) -> str:
    """The login's database with the newest schema, which it made itself, and a row of each tenant in every table.

    It may not make roles: the migration says what is to be done, and that is done.
    """
    assert migrated_template  # so that the server has the roles
    with pytest.raises(Conflict, match="may not make roles") as refused:
        migrate(login, lambda _: None)
    name = re.search(r"//(\w+)@", login)
    assert name is not None
    [grant] = re.findall(r"GRANT .*;", str(refused.value))
    assert grant.replace(name[1], "gorax") in (ROOT / "docs" / "isolation.md").read_text()
    with administrator(postgres) as connection:
        connection.execute(grant)
    migrate(login, lambda _: None)
    with administrator(postgres, name[1]) as connection:
        connection.execute("SET session_replication_role = replica")  # without foreign keys and triggers
        for table, columns in _tables(connection).items():
            if table not in OF_THE_PLATFORM:
                for tenant in (MINE, OTHERS):
                    _fill(connection, table, columns, tenant)
    return login


@pytest.fixture
async def owned(migrated: str, directory: Path) -> AsyncIterator[Database]:
    """The application's way into that database, by one connection."""
    url = DatabaseSettings(url=migrated, pool_size=1)
    database = Database(Settings(data_dir=directory, database=url))
    yield database
    await database.close()


@pytest.fixture
def tables(migrated: str) -> Mapping[str, Mapping[str, str]]:
    """The columns of every table, as the database has them."""
    with psycopg.connect(conninfo(migrated)) as connection:
        return _tables(connection)


def test_every_table_has_its_policies(migrated: str, tables: Mapping[str, Mapping[str, str]]) -> None:
    with psycopg.connect(conninfo(migrated)) as connection:
        found = connection.execute(
            "SELECT relname, relrowsecurity AND relforcerowsecurity, "
            "array(SELECT polname::text FROM pg_policy WHERE polrelid = c.oid ORDER BY 1) "
            "FROM pg_class AS c WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        ).fetchall()
    for table, protected, policies in found:
        if table in OF_THE_PLATFORM:
            assert "tenant_id" not in tables[table]
            continue
        assert "tenant_id" in tables[table] or table in KEYED_OTHERWISE, f"{table}: whose are its rows?"
        assert protected, f"{table}: its migration has to protect it, as 0013 does"
        assert policies == ["platform", "tenant"], table
    assert {name for name, *_ in found} == set(tables) >= {*KEYED_OTHERWISE, *OF_THE_PLATFORM}


async def test_a_statement_without_a_filter_finds_the_tenants_own(owned: Database) -> None:
    for table, key in await _protected(owned):
        async with owned.session(MINE) as session:
            found = (await session.scalars(text(f"SELECT {key} FROM {table}"))).all()
            assert found == [MINE], table
            if table in APPEND_ONLY:
                continue
            changed = await session.scalars(text(f"UPDATE {table} SET {key} = {key} RETURNING {key}"))
            assert changed.all() == [MINE], table
            if table == "tenants":
                continue
            removed = await session.scalars(
                text(f"DELETE FROM {table} WHERE {key} <> '{MINE}' RETURNING {key}")
            )
            assert removed.all() == [], table
        async with owned.platform() as session:
            kept = (await session.scalars(text(f"SELECT {key} FROM {table} ORDER BY 1"))).all()
            assert kept == [MINE, OTHERS], table


async def test_nothing_is_written_for_another_tenant(owned: Database) -> None:
    for table, key in await _protected(owned):
        columns = f'(jsonb_populate_record(row, \'{{"{key}": "{OTHERS}"}}\')).*'
        for statement in (
            f"INSERT INTO {table} OVERRIDING SYSTEM VALUE SELECT {columns} FROM {table} AS row",
            f"UPDATE {table} SET {key} = '{OTHERS}'",
        ):
            with pytest.raises(DBAPIError, match=REFUSED):
                async with owned.session(MINE) as session:
                    await session.execute(text(statement))


async def test_without_a_scope_there_is_nothing(owned: Database, migrated: str) -> None:
    tables = await _protected(owned)
    # The owner itself, as somebody has it who only knows the URL; then the tenants' role without a tenant.
    for role in ("NONE", TENANT_ROLE):
        with psycopg.connect(conninfo(migrated)) as connection:
            connection.execute(f"SET ROLE {role}")
            for table, key in tables:
                assert connection.execute(f"SELECT {key} FROM {table}").fetchall() == [], (role, table)
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security"):
                connection.execute(
                    "INSERT INTO signals SELECT (jsonb_populate_record(NULL::signals, '{}')).*"
                )
    with psycopg.connect(conninfo(migrated)) as connection:
        connection.execute("SELECT set_config('gorax.tenant', %s, true)", [MINE])
        assert connection.execute("SELECT id FROM workflows").fetchall() == [(MINE,)]


async def test_a_tenants_session_reaches_nothing_of_the_platform(owned: Database) -> None:
    for table in OF_THE_PLATFORM:
        with pytest.raises(ProgrammingError, match="permission denied"):
            async with owned.session(MINE) as session:
                await session.execute(text(f"SELECT FROM {table}"))


async def test_a_tenant_changes_none_of_its_own_quotas(owned: Database) -> None:
    for statement in (
        "UPDATE tenants SET quotas = '{}'",
        "UPDATE tenants SET status = 'active'",
        "DELETE FROM tenants",
        "INSERT INTO tenants SELECT * FROM tenants",
    ):
        with pytest.raises(ProgrammingError, match="permission denied for table tenants"):
            async with owned.session(MINE) as session:
                await session.execute(text(statement))


async def test_a_scope_ends_with_its_transaction(owned: Database) -> None:
    count = text("SELECT count(*) FROM workflows")
    async with owned.session(MINE) as session:
        assert (await session.scalars(count)).one() == 1
        await session.commit()
        assert (await session.scalars(count)).one() == 1  # the next one has the same scope
        await session.rollback()
        await session.begin_nested()
        assert (await session.scalars(count)).one() == 1
    for autocommit in (True, False):
        async with owned.platform(autocommit=autocommit) as session:
            assert (await session.scalars(count)).one() == 2
    async with owned.session("nobody") as session:
        assert (await session.scalars(count)).one() == 0


@pytest.mark.parametrize(
    "tenant_id", ["", "a'; SET ROLE gorax_platform; --", "a b", "a\n", "ä", "a" * 65, "\\"]
)
async def test_a_scope_is_the_id_of_a_tenant(owned: Database, tenant_id: str) -> None:
    with pytest.raises(ValueError, match="not the id of a tenant"):
        owned.session(tenant_id)


async def test_a_login_that_may_not_take_on_the_role_gets_no_connection(
    migrated: str, postgres: Postgres, directory: Path
) -> None:
    name = f"stranger_{secrets.token_hex(4)}"
    with administrator(postgres) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
    url = DatabaseSettings(url=re.sub(r"//\w+@", f"//{name}@", migrated))
    database = Database(Settings(data_dir=directory, database=url))
    with pytest.raises(Unavailable), capture_logs() as logs:
        await database.ping(5)
    await database.close()
    assert "permission denied to set role" in logs[0]["reason"]
    with administrator(postgres) as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))


async def test_a_scope_costs_no_round_trip(owned: Database, tmp_path: Path) -> None:
    async with owned.platform(autocommit=True) as session:
        connection = await (await session.connection()).get_raw_connection()
        driver: Any = connection.driver_connection
    counts = []
    for scoped in (owned.platform(autocommit=True), owned.platform(), owned.session(MINE)):
        with (tmp_path / "trace").open("w") as trace:
            driver.pgconn.trace(trace.fileno())
            async with scoped as session:
                await session.execute(text("SELECT 1"))
            driver.pgconn.untrace()
            counts.append((tmp_path / "trace").read_text().count("ReadyForQuery"))
    # To begin and to end it is all that a transaction adds.
    assert counts == [1, 3, 3]


async def _protected(database: Database) -> list[tuple[str, str]]:
    """Every table that has policies, and the column that says whose a row is."""
    async with database.platform() as session:
        names = await session.scalars(
            text("SELECT DISTINCT polrelid::regclass::text FROM pg_policy ORDER BY 1")
        )
        return [(name, KEYED_OTHERWISE.get(name, "tenant_id")) for name in names]


def _tables(connection: psycopg.Connection[Any]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    rows = connection.execute(
        "SELECT relname, attname, format_type(atttypid, NULL) FROM pg_class AS c JOIN pg_attribute AS a "
        "ON attrelid = c.oid WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') "
        "AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''"
    )
    for table, column, kind in rows:
        found.setdefault(table, {})[column] = kind
    return found


def _fill(connection: psycopg.Connection[Any], table: str, columns: Mapping[str, str], tenant: str) -> None:
    """Add a row whose every text is the tenant's name, its keys included."""
    values: dict[str, Any] = {
        name: "now"
        if "time" in kind or kind == "date"
        else []
        if kind.endswith("[]")
        else tenant.encode()
        if kind == "bytea"
        else tenant
        for name, kind in columns.items()
    } | {name: _PLAIN_VALUES[kind] for name, kind in columns.items() if kind in _PLAIN_VALUES}
    connection.execute(
        sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, values)),
            sql.SQL(", ").join([sql.Placeholder()] * len(values)),
        ),
        list(values.values()),
    )
