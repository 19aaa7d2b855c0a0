"""A database for the store's tests, one for what looks across tenants, and a login that owns nothing else."""

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from dev.postgres import Postgres
from gorax.settings import DatabaseSettings, Settings
from gorax.store.session import Database
from tests.store.rows import add_workflow


def administrator(postgres: Postgres, database: str = "postgres") -> psycopg.Connection[Any]:
    """A connection that may do everything."""
    return psycopg.connect(conninfo(postgres.url(database)), autocommit=True)


def conninfo(url: str) -> str:
    """An address as psycopg takes it, without SQLAlchemy's driver."""
    return url.replace("+psycopg", "")


@pytest.fixture(scope="session")
def store_settings(postgres: Postgres, migrated_template: str, directory: Path) -> Settings:
    """Of the store tests' own database, with connections for 30 sessions at once.

    In the run's database a dispatcher may be at work, which would start, or end, the rows that these tests make.
    """
    url = DatabaseSettings(url=postgres.create_database("store", template=migrated_template), pool_size=30)
    return Settings(data_dir=directory, database=url)


@pytest.fixture(scope="session")
async def database(store_settings: Settings) -> AsyncIterator[Database]:
    """The store tests' own database."""
    database = Database(store_settings)
    yield database
    await database.close()


@pytest.fixture
async def own_database(fresh_database_url: str, directory: Path) -> AsyncIterator[Database]:
    """An empty database that no other test sees."""
    database = Database(Settings(data_dir=directory, database=DatabaseSettings(url=fresh_database_url)))
    yield database
    await database.close()


@pytest.fixture
async def workflow_id(database: Database, tenant: str) -> str:
    """A workflow of the test's own tenant."""
    return await add_workflow(database, tenant)


@pytest.fixture(scope="module")
def login(postgres: Postgres) -> Iterator[str]:
    """A login without any privilege but on the database that it owns."""
    name = f"owner_{secrets.token_hex(4)}"
    url = postgres.create_database(name)
    with administrator(postgres) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(name)))
        connection.execute(sql.SQL("ALTER DATABASE {0} OWNER TO {0}").format(sql.Identifier(name)))
    yield url.replace("gorax@", f"{name}@")
    postgres.drop_database(name)
    with administrator(postgres) as connection:
        connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)))
