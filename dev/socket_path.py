"""Short names for deep directories: the address of a Unix socket holds about a hundred bytes."""

import hashlib
import os
import tempfile
from pathlib import Path

LONGEST_ADDRESS = 100
"""Bytes; the limit is 107 on Linux and 103 on macOS."""


def short_path(directory: Path, *, longest_name: str) -> Path:
    """`directory`, or a symbolic link to it where `directory/longest_name` would be too long for a socket.

    Raises `PermissionError` if somebody else has taken the link's name.
    """
    if len(os.fsencode(directory / longest_name)) <= LONGEST_ADDRESS:
        return directory
    digest = hashlib.sha256(os.fsencode(directory)).hexdigest()[:16]
    link = Path(tempfile.gettempdir()) / f"gorax-{digest}"
    try:
        link.symlink_to(directory)
    except FileExistsError:
        # In a directory where everybody writes, a link of another user could lead to a server of his.
        if link.lstat().st_uid != os.geteuid() or link.readlink() != directory:
            raise PermissionError(
                f"{link} is in the way: remove it, or use a shorter GORAX_DATA_DIR"
            ) from None
    return link
