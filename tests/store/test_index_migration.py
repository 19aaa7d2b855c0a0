"""What the migration makes of executions that were there before it."""

from datetime import UTC, datetime
from urllib.parse import urlsplit

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from dev.postgres import Postgres
from gorax.settings import DatabaseSettings, Settings
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_rollup import ExecutionRollup
from gorax.store.execution_totals import ExecutionTotals, Tally
from gorax.store.migrate import SCRIPTS, migrate
from gorax.store.session import Database
from tests.store.conftest import administrator

OLD = """
    INSERT INTO tenants VALUES ('t', 'T', 'active', '{}', now(), now());
    INSERT INTO workflows VALUES ('wf', 't', 'W', '', true, 1, '{}', now(), now(), 'a', 'a');
    INSERT INTO workflow_versions VALUES ('wf', 1, 'W', '', true, '{}', now(), 'a');
    INSERT INTO executions (id, tenant_id, workflow_id, workflow_name, version, status, trigger_type, trigger, priority,
        accepted_at, started_at, checked_at, completed_at, duration_ms, error, steps_completed, steps_total, created_by,
        has_waits)
    SELECT 'exec_' || number, 't', 'wf', 'W', 1, CASE number % 2 WHEN 0 THEN 'completed' ELSE 'failed' END, 'manual',
        '{}', 1, at, at, at, at, 10, CASE number % 2 WHEN 1 THEN CAST(:error AS json) END, 0, 0, 'a', false
    FROM (SELECT number, timestamptz '2026-05-04Z' + number * interval '7 hours' AS at
        FROM generate_series(1, 20) AS number) AS made
"""
ERROR = (
    r'{"type": "script", "message": "no\u0000thing", "action_id": "run", "details": {"a\u0000": "\\u0000"}}'
)


def _upgrade(url: str, *steps: str) -> None:
    """Take a database to a revision, write to it by statements of SQL, and so on, one after the other."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    engine = create_engine(url)
    with engine.connect() as connection:
        config.attributes.update(connection=connection, on_version_apply=lambda **_: None)
        for step in steps:
            if step.isdecimal():
                command.upgrade(config, step)
                continue
            for statement in step.split(";"):
                connection.execute(text(statement), {"error": ERROR} if ":error" in statement else {})
            connection.commit()
    engine.dispose()


async def test_executions_from_before_are_counted_and_their_errors_found(empty_database_url: str) -> None:
    _upgrade(empty_database_url, "0010", OLD)
    migrate(empty_database_url, lambda _: None)
    database = Database(Settings(database=DatabaseSettings(url=empty_database_url)))
    async with database.session("t") as session:
        tallies = await ExecutionTotals(session, "t").by_status(
            ExecutionFilter(to=datetime(2027, 1, 1, tzinfo=UTC))
        )
        assert tallies == {"completed": Tally(10, 10, 100), "failed": Tally(10, 10, 100)}
        columns = "SELECT DISTINCT error_type, error_action, error_message FROM executions ORDER BY 1"
        found = (await session.execute(text(columns))).all()
        assert [tuple(row) for row in found] == [("script", "run", "nothing"), (None, None, None)]
    async with database.platform() as session:
        rollup = ExecutionRollup(session)
        assert [await rollup.check("t", day, repair=False) for day in await rollup.days("t")] == [0] * 6
    await database.close()


async def test_so_they_are_where_row_level_security_hides_them_from_the_login(
    login: str, postgres: Postgres, migrated_template: str
) -> None:
    assert migrated_template  # so that the server has the roles
    name = urlsplit(login).username
    with administrator(postgres) as connection:
        connection.execute(f"GRANT gorax_tenant, gorax_platform TO {name} WITH INHERIT FALSE, SET TRUE")
    _upgrade(login, "0013", f"SET ROLE gorax_platform; {OLD}; RESET ROLE")
    migrate(login, lambda _: None)
    database = Database(Settings(database=DatabaseSettings(url=login)))
    async with database.session("t") as session:
        tallies = await ExecutionTotals(session, "t").by_status(ExecutionFilter())
    await database.close()
    assert tallies == {"completed": Tally(10, 10, 100), "failed": Tally(10, 10, 100)}
