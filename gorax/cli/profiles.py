"""Where the API is and how to prove who asks, by name, in a file that nobody else may read."""

import os
import stat
import tempfile
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from gorax.cli.exits import Wrong

DEFAULT = "default"


class Profile(BaseModel):
    """One place to work at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    tenant: str | None = None
    token: str | None = Field(default=None, repr=False)
    user: str | None = None
    role: str | None = None


class Profiles(BaseModel):
    """All of them."""

    model_config = ConfigDict(extra="forbid")

    current: str = DEFAULT
    profiles: dict[str, Profile] = Field(default_factory=dict)


def profiles_path() -> Path:
    """The file, under XDG's directory for configuration."""
    base = os.environ.get("XDG_CONFIG_HOME")
    # The specification has relative ones ignored.
    home = Path(base) if base and Path(base).is_absolute() else Path.home() / ".config"
    return home / "gorax" / "profiles.json"


def load_profiles() -> Profiles:
    """What the file has; nothing where there is none. Raises `Wrong` for one that is broken or open to others."""
    path = profiles_path()
    try:
        mode = path.stat().st_mode
        if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise Wrong(f"{path} holds tokens and others may read it: chmod 600 {path}")
        return Profiles.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Profiles()
    except (OSError, ValidationError) as error:
        raise Wrong(f"{path} cannot be read: {_first_line(error)}") from error


def save_profiles(profiles: Profiles) -> Path:
    """Write the file anew, whole or not at all; where it is. Raises `Wrong`."""
    path = profiles_path()
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Made with mode 0600.
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=".profiles-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(profiles.model_dump_json(indent=2, exclude_none=True).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise Wrong(f"{path} cannot be written: {error.strerror}") from error
    return path


def _first_line(error: Exception) -> str:
    if isinstance(error, ValidationError):
        # Without the values, of which one may be a token.
        first = error.errors(include_url=False, include_input=False)[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
    return str(error)
