"""The master key of a machine for development, made when it is first needed."""

import base64
import os
import secrets
from pathlib import Path

from gorax.settings import SettingsError
from gorax.vault.master_key import KEY_BYTES

KEY_FILE = "master-keys"
"""In the data directory: what `GORAX_MASTER_KEYS` would hold."""


def kept_keys(directory: Path) -> tuple[Path, str]:
    """The file and what is in it, made with a new key when there is none. Raises `SettingsError`.

    Any number of processes may do this at once, and be killed at it: there is one file, whole or not at all.
    """
    file = directory / KEY_FILE
    try:
        if not file.exists():
            _make(file)
        if file.stat().st_mode & 0o077:
            raise SettingsError(f"{file}: must be readable by its owner alone: chmod 600 {file}")
        return file, file.read_text()
    except OSError as error:
        raise SettingsError(f"{file}: {error.strerror}") from error


def _make(file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    written = file.with_name(f"{file.name}.{secrets.token_hex(8)}")
    descriptor = os.open(written, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as out:
            out.write(f"dev-1:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}\n")
            out.flush()
            os.fsync(out.fileno())
        try:
            # Unlike a rename, this never takes the place of a file that another process has made meanwhile.
            os.link(written, file)
        except FileExistsError:
            return
    finally:
        written.unlink(missing_ok=True)
