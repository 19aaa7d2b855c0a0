"""What a process gives up before it touches a script. Every limit is hard: nothing inside can raise it again."""

import ctypes
import os
import resource
import signal
import sys

NOBODY = 65_534
GRACE_SECONDS = 1.0
"""Between the engine's own limit, which counts processor time and can say where the script was, and the kernel's,
which counts all time and cannot. On a machine that is busy with other things, the kernel's comes first."""

_PR_SET_PDEATHSIG = 1
_PR_SET_NO_NEW_PRIVS = 38
_OVERHEAD_BYTES = 96 << 20
"""Address space of the interpreter and the engine, beside the script's heap."""
_COPIES = 6
"""Of the context's text, while it is on its way into the engine."""


def confine_supervisor() -> bool:
    """Give up privileges, priority, and all writing to files. Whether the process is unprivileged now."""
    os.umask(0o077)
    os.nice(5)
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    unprivileged = _become_nobody()
    # After the change of user, which clears it.
    _die_with_parent()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    return unprivileged


def confine_child(seconds: float, memory_bytes: int, context_bytes: int) -> None:
    """Bound the time and memory of this process; no file, socket or process can be opened from here on."""
    _die_with_parent()
    # The default action of the signal ends the process, whatever the engine is busy with.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds + GRACE_SECONDS)
    _limit(resource.RLIMIT_CPU, int(seconds) + 2)
    if sys.platform == "linux":
        # Elsewhere the engine's own limit on its heap has to do.
        _limit(resource.RLIMIT_AS, _OVERHEAD_BYTES + memory_bytes + _COPIES * context_bytes)
        _limit(resource.RLIMIT_NPROC, 0)
    # What is open stays open: the pipe on which the outcome leaves.
    _limit(resource.RLIMIT_NOFILE, 0)


def _limit(kind: int, most: int) -> None:
    _, hard = resource.getrlimit(kind)
    bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(kind, (bound, bound))


def _become_nobody() -> bool:
    if os.geteuid() != 0:
        return True
    try:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    except OSError:
        # Root without the capability to become another user, as in some containers.
        return False
    return True


def _die_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
