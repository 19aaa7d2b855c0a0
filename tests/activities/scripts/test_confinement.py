"""What the processes that run scripts can no longer do: asked of the kernel, from within such a process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from activities.scripts.launch import ENVIRONMENT, Launch
from activities.scripts.process import ScriptProcess, ScriptProcessLost

ROOT = Path(__file__).parents[3]
ATTEMPTS = f"""
import errno, json, os, resource, select, signal, socket, sys, time
sys.path.append({str(ROOT)!r})
from activities.scripts.child.confinement import confine_child, confine_supervisor
said = {{"unprivileged": confine_supervisor()}}
confine_child(0.5, 8 << 20, 0)
def attempt(name, act):
    try:
        act()
        said[name] = "done"
    except MemoryError:
        said[name] = "ENOMEM"
    except OSError as error:
        said[name] = errno.errorcode[error.errno]
    except ValueError as error:
        said[name] = "refused"
attempt("open", lambda: os.open("/dev/null", os.O_RDONLY))
attempt("socket", socket.socket)
attempt("pipe", os.pipe)
attempt("fork", os.fork)
attempt("root", lambda: os.setuid(0))
attempt("memory", lambda: bytearray(256 << 20))
attempt("more memory", lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)))
attempt("more files", lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64)))
attempt("more time", lambda: resource.setrlimit(resource.RLIMIT_CPU, (100, 100)))
# The interpreter itself may set its locale.
os.environ.pop("LC_CTYPE", None)
said["environment"] = dict(os.environ)
os.write(1, json.dumps(said).encode())
while True:
    pass
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's limits differ elsewhere")
def test_a_confined_process_can_only_compute_and_not_for_long() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", ATTEMPTS],
        stdout=subprocess.PIPE,
        env=ENVIRONMENT,
        cwd="/",
        timeout=20,
        check=False,
    )
    assert done.returncode == -14, "ended by the alarm"
    assert json.loads(done.stdout) == {
        "unprivileged": True,
        "open": "EMFILE",
        "socket": "EMFILE",
        "pipe": "EMFILE",
        "fork": "EAGAIN",
        "root": "EPERM",
        "memory": "ENOMEM",
        "more memory": "refused",
        "more files": "refused",
        "more time": "refused",
        "environment": ENVIRONMENT,
    }


async def test_a_supervisor_is_nobody_and_starts_with_nothing() -> None:
    process = await ScriptProcess.start(Launch.plain())
    try:
        assert process.unprivileged
        if sys.platform == "linux":
            proc = Path(f"/proc/{process.pid}")
            status = dict(line.split(":\t", 1) for line in (proc / "status").read_text().splitlines())
            assert status["NoNewPrivs"] == "1"
            assert int(status["CapEff"], 16) == 0
            assert status["Threads"] == "1"
            assert "0" not in status["Uid"].split()
    finally:
        await process.kill()


async def test_a_supervisor_that_cannot_start_says_why() -> None:
    broken = Launch((sys.executable, "-I", "-c", "raise SystemExit('no engine here')"), wrapped=False)
    with pytest.raises(ScriptProcessLost, match="no engine here"):
        await ScriptProcess.start(broken)
    with pytest.raises(ScriptProcessLost, match="cannot be started"):
        await ScriptProcess.start(Launch(("/nowhere/at/all",), wrapped=False))
