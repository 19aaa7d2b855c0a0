"""`python -m gorax.store.migrate`: bring the database to the newest schema.

Any number of processes may do this at once: one works, the others wait for it and find nothing left to do.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from gorax.core.errors import Conflict, GoraxError, Unavailable
from gorax.settings import Settings, SettingsError

DATABASE_SECONDS = 30.0
"""How long to wait for a server that does not accept connections yet."""
LOCK_SECONDS = 600.0
"""How long to wait for another process that is migrating."""

SCRIPTS = Path(__file__).with_name("migrations")

_PAUSE = 0.2
_LOCK = int.from_bytes(b"gorax")

Report = Callable[[str], None]


def main() -> int:
    """The command; its exit status says whether the schema is the newest now."""
    try:
        migrate(Settings().database_url, _say)
    except (GoraxError, SettingsError, DBAPIError) as error:
        _say(str(error))
        return 1
    return 0


def migrate(url: str, report: Report, *, wait: float = DATABASE_SECONDS) -> None:
    """Apply the migrations that the database lacks, and `report` each.

    Raises `Unavailable` when the server does not answer within `wait` seconds or another process does not
    finish migrating, `Conflict` when the schema is newer than this program.
    """
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))

    def applied(step: MigrationInfo, **_: object) -> None:
        for revision in step.up_revision_ids:
            report(f"applied {revision}: {known[revision]}")

    scripts = ScriptDirectory.from_config(config)
    known = {script.revision: script.doc for script in scripts.walk_revisions()}
    newest = scripts.get_current_head()
    with _connected(url, wait, report) as connection:
        _lock(connection, report)
        current = MigrationContext.configure(connection).get_current_revision()
        connection.rollback()
        if current is not None and current not in known:
            raise Conflict(f"the schema is {current}, newer than this program, which knows {newest}")
        if current != newest:
            config.attributes.update(connection=connection, on_version_apply=applied)
            command.upgrade(config, "head")
        report(f"the schema is {newest}" + (", as it was" if current == newest else ""))


@contextmanager
def _connected(url: str, wait: float, report: Report) -> Iterator[Connection]:
    engine = create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 2})
    deadline = time.monotonic() + wait
    told = False
    while True:
        try:
            connection = engine.connect()
            break
        except OperationalError as error:
            if time.monotonic() >= deadline:
                reason = str(error.orig).partition("\n")[0]
                raise Unavailable(f"no database after {wait:g} s: {reason}") from error
            if not told:
                report("waiting for the database")
                told = True
            time.sleep(_PAUSE)
    with connection:
        yield connection


def _lock(connection: Connection, report: Report) -> None:
    """Take the lock that keeps other migrations out until the connection ends, however it ends."""
    deadline = time.monotonic() + LOCK_SECONDS
    told = False
    while not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK}).scalar_one():
        connection.rollback()
        if time.monotonic() >= deadline:
            raise Unavailable(f"another process has been migrating for {LOCK_SECONDS:g} s")
        if not told:
            report("waiting for another process that is migrating")
            told = True
        time.sleep(_PAUSE)
    connection.rollback()


def _say(line: str) -> None:
    sys.stdout.write(f"migrations: {line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
