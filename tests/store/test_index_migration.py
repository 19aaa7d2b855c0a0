"""What the migration makes of executions that were there before it."""

from datetime import UTC, datetime

from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

from gorax.settings import DatabaseSettings, Settings
from gorax.store.execution_filter import ExecutionFilter
from gorax.store.execution_rollup import ExecutionRollup
from gorax.store.execution_totals import ExecutionTotals, Tally
from gorax.store.migrate import SCRIPTS, migrate
from gorax.store.session import Database

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


async def test_executions_from_before_are_counted_and_their_errors_found(empty_database_url: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        config.attributes.update(connection=connection, on_version_apply=lambda **_: None)
        command.upgrade(config, "0010")
        for statement in OLD.split(";"):
            connection.execute(text(statement), {"error": ERROR} if ":error" in statement else {})
        connection.commit()
    engine.dispose()
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
