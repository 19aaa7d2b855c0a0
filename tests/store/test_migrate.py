import asyncio
import os
import subprocess
import sys

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine

from gorax.core.errors import Conflict, Unavailable
from gorax.store.migrate import main, migrate
from gorax.store.tables import Table


def test_migrations_make_exactly_the_tables(empty_database_url: str) -> None:
    lines: list[str] = []
    migrate(empty_database_url, lines.append)
    engine = create_engine(empty_database_url)
    with engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Table.metadata) == []
    engine.dispose()
    assert lines[0].startswith("applied 0001: Tenants")
    assert len(lines) == len({line.split()[1] for line in lines if line.startswith("applied")}) + 1


def test_a_second_run_changes_nothing(empty_database_url: str) -> None:
    lines: list[str] = []
    migrate(empty_database_url, lambda _: None)
    migrate(empty_database_url, lines.append)
    assert [line.endswith("as it was") for line in lines] == [True]


async def test_many_at_once_apply_each_migration_once(empty_database_url: str) -> None:
    lines: list[str] = []
    await asyncio.gather(*(asyncio.to_thread(migrate, empty_database_url, lines.append) for _ in range(5)))
    assert sum(line.startswith("applied 0001") for line in lines) == 1
    assert sum(line.startswith("the schema is") for line in lines) == 5


def test_a_schema_of_the_future_is_left_alone(empty_database_url: str) -> None:
    migrate(empty_database_url, lambda _: None)
    with psycopg.connect(empty_database_url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict, match="9999, newer than this program"):
        migrate(empty_database_url, lambda _: None)


def test_without_a_server_it_gives_up_with_a_reason() -> None:
    lines: list[str] = []
    with pytest.raises(Unavailable, match=r"no database after 0.5 s: .*refused"):
        migrate("postgresql+psycopg://gorax@127.0.0.1:1/gorax", lines.append, wait=0.5)
    assert lines == ["waiting for the database"]


def test_the_command_prints_progress(empty_database_url: str) -> None:
    command = [sys.executable, "-m", "gorax.store.migrate"]
    environment = {**os.environ, "GORAX_DATABASE_URL": empty_database_url}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0].startswith("migrations: applied 0001: ")


def test_the_command_says_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GORAX_DATABASE_URL", "mysql://somewhere")
    assert main() == 1
    assert "must start with postgresql://" in capsys.readouterr().out
