"""Becomes one part, once its supervisor has said so.

Runs as a script, before the part's own program, in the part's new process. It waits for one line on standard
input: the supervisor writes it after the guard has been told of this process, so there is no moment at which
a part runs and nobody would stop it. If the supervisor is gone, the line never comes and nothing is started.

Usage: gate.py SUPERVISOR_PID USER:GROUP|- DEATH_SIGNAL NICENESS PROGRAM [ARGUMENT …]
"""

import os
import sys

PR_SET_PDEATHSIG = 1
CANNOT_START = 127
"""Exit code when the program could not be run, as shells use it."""


def stand_back(niceness: int) -> None:
    """Leave the processors to others first, the more the higher."""
    os.nice(niceness)
    # Desktops weigh sessions against each other, and each part is one: a process's own niceness counts within it alone.
    try:
        with open("/proc/self/autogroup", "w") as session:  # noqa: PTH123 - before anything else is loaded
            session.write(str(niceness))
    except OSError:
        return  # another kind of system


def main(arguments: list[str]) -> int:
    """Wait for the word, take the part's account, and turn into its program; returns only on failure."""
    supervisor, account, death_signal, niceness, *command = arguments
    if not os.read(0, 1):
        return CANNOT_START
    if sys.platform == "linux":
        # Loaded while this process may still read its own interpreter's files.
        import ctypes

        kernel = ctypes.CDLL(None)
    stand_back(int(niceness))
    if account != "-":
        user, group = account.split(":")
        os.setgroups([])
        os.setgid(int(group))
        os.setuid(int(user))
    if sys.platform == "linux":
        # After setuid, which clears it. The guard does this work everywhere; here it may be killed, too.
        kernel.prctl(PR_SET_PDEATHSIG, int(death_signal))
        if os.getppid() != int(supervisor):
            return CANNOT_START
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    try:
        os.execvp(command[0], command)  # noqa: S606
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
    return CANNOT_START


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
