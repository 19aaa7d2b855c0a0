"""How a supervisor is started: inside bubblewrap where this machine has it and lets it work."""

import shutil
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Self

ENVIRONMENT = {"TZ": "UTC0"}
"""Nothing of the worker's own; the clock of scripts is UTC."""

_ROOT = Path(__file__).parents[2]
_SANDBOXED = _ROOT / "activities" / "scripts"
_START = (
    "import sys; sys.path.append({root!r}); "
    "from activities.scripts.child.supervisor import main; main({library!r})"
)
_LIBRARIES = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache")


@dataclass(frozen=True, slots=True)
class Launch:
    """A command line that starts a supervisor."""

    command: tuple[str, ...]
    wrapped: bool

    @classmethod
    def plain(cls) -> Self:
        """Confined by its own limits alone."""
        return cls(_python(), wrapped=False)

    @classmethod
    def wrapped_in(cls, bubblewrap: str) -> Self:
        """Also without network, other processes, and files but those that Python needs."""
        return cls((bubblewrap, *_bubblewrap_options(), *_python()), wrapped=True)

    @classmethod
    def candidates(cls) -> list[Self]:
        """What can be tried on this machine, best first."""
        found = shutil.which("bwrap") if sys.platform == "linux" else None
        return [*([cls.wrapped_in(found)] if found else []), cls.plain()]


def _python() -> tuple[str, ...]:
    # Isolated and without site-packages, it starts in milliseconds and runs no code that we did not name.
    start = _START.format(root=str(_ROOT), library=str(_engine()))
    return (str(_executable()), "-I", "-S", "-B", "-c", start)


def _executable() -> Path:
    # A virtual environment's is a link, which would find its home by a file that the sandbox does not show.
    return Path(sys.executable).resolve()


def _engine() -> Path:
    spec = find_spec("_quickjs")
    if spec is None or spec.origin is None:
        raise RuntimeError("quickjs-ng is not installed: scripts cannot run")
    return Path(spec.origin).resolve()


def _bubblewrap_options() -> list[str]:
    visible = [Path(path) for path in _LIBRARIES if Path(path).exists()]
    visible += [Path(sys.base_prefix).resolve(), _executable(), _engine(), _SANDBOXED]
    options = ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    options += ["--uid", "65534", "--gid", "65534", "--hostname", "script", "--clearenv"]
    for name, value in ENVIRONMENT.items():
        options += ["--setenv", name, value]
    for path in visible:
        options += ["--ro-bind", str(path), str(path)]
    return [*options, "--proc", "/proc", "--dev", "/dev", "--chdir", "/", "--"]
