"""Definitions that events begin: read once, for a version never changes."""

from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from api.services.authored import KEPT_BYTES, AuthoredVersions
from gorax.core.encoding import dumps
from gorax.settings import Settings
from gorax.store.intake import Intake
from gorax.store.session import Database
from gorax.store.statements import Statements
from tests.store.rows import DEFINITION, add_workflow


@pytest.fixture
async def versions(settings: Settings) -> AsyncIterator[AuthoredVersions]:
    """Those of the run's database."""
    statements = Statements(settings)
    yield AuthoredVersions(Intake(statements))
    await statements.close()


async def test_a_version_is_read_once(versions: AuthoredVersions, database: Database, tenant: str) -> None:
    workflow_id = await add_workflow(database, tenant)
    first = await versions.of(workflow_id, 1)
    assert first == (workflow_id, 1, DEFINITION, len(dumps(DEFINITION)))
    await _spoil(database, workflow_id, "{}")
    assert await versions.of(workflow_id, 1) is first


async def test_what_is_too_large_to_keep_is_read_anew(
    versions: AuthoredVersions, database: Database, tenant: str
) -> None:
    workflow_id = await add_workflow(database, tenant)
    await _spoil(database, workflow_id, f'{{"a": "{"x" * (KEPT_BYTES // 4)}"}}')
    first = await versions.of(workflow_id, 1)
    assert first.bytes > KEPT_BYTES // 4
    assert (again := await versions.of(workflow_id, 1)) == first
    assert again is not first


async def _spoil(database: Database, workflow_id: str, definition: str) -> None:
    """Put another definition in the place of version 1, which nothing else ever does."""
    async with database.platform() as session:
        await session.execute(
            text("UPDATE workflow_versions SET definition = :definition WHERE workflow_id = :id"),
            {"definition": definition, "id": workflow_id},
        )
        await session.commit()
