"""A database for the store's tests, and one of the test's own for what looks across tenants."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from dev.postgres import Postgres
from gorax.settings import DatabaseSettings, Settings
from gorax.store.session import Database
from tests.store.rows import add_workflow


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
