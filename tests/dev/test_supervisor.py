"""The supervisor keeps its promises, seen from outside: with small programs for parts."""

import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from dev import guard as guard_script
from dev.parts import ROOT
from tests.support.cheap_supervisor import CheapPart, command
from tests.support.command import Command, processes_of, wait_until_gone

SLEEP = "import time; time.sleep(600)"
DEAF = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
    "print('deaf', flush=True); time.sleep(600)"
)
WITH_A_CHILD = (
    "import subprocess, sys, time;"
    "subprocess.Popen([sys.executable, '-S', '-c', 'import time; time.sleep(600)', 'child', sys.argv[1]]);"
    "time.sleep(600)"
)
COUNTS_ITS_STARTS = "open('starts', 'a').write('x'); import time; time.sleep(600)"
NOTES_ITS_END = """
import signal, sys, time
def note(*_):
    open('ends', 'a').write({name!r} + ' ')
    sys.exit(0)
signal.signal(signal.SIGTERM, note)
print('noting', flush=True)
time.sleep(600)
"""


def _part_pid(directory: Path, marker: str) -> int:
    (process,) = [p for p in processes_of(directory) if any(marker in word for word in p.cmdline()[3:4])]
    return process.pid


def test_stages_start_in_order_and_stop_in_reverse(tmp_path: Path) -> None:
    stages = (
        [CheapPart("first", NOTES_ITS_END.format(name="first"))],
        [CheapPart("schema", "print('migrating')", once=True)],
        [CheapPart("second", NOTES_ITS_END.format(name="second"))],
    )
    with Command(command(tmp_path, *stages)) as supervisor:
        supervisor.expect(r"^  first +ready after \d\.\d s")
        supervisor.expect(r"^  schema +done in")
        supervisor.expect(r"^  second +ready after")
        supervisor.expect("all ready")
        _wait_for_text(tmp_path / "logs" / "second.log", "noting")
        supervisor.send(signal.SIGINT)
        assert supervisor.end() == 0
        assert any("stopped after" in line for line in supervisor.lines)
    assert (tmp_path / "ends").read_text().split() == ["second", "first"]
    assert "migrating" in (tmp_path / "logs" / "schema.log").read_text()
    assert processes_of(tmp_path) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_ways_to_ask_for_the_end(tmp_path: Path, number: signal.Signals) -> None:
    with Command(command(tmp_path, [CheapPart("part", SLEEP)])) as supervisor:
        supervisor.expect("all ready")
        supervisor.send(number)
        assert supervisor.end() == 0
    assert processes_of(tmp_path) == []


def test_asking_while_it_starts_stops_it(tmp_path: Path) -> None:
    stages = [CheapPart("part", SLEEP)], [CheapPart("slow", SLEEP, once=True)]
    with Command(command(tmp_path, *stages)) as supervisor:
        supervisor.expect("part +ready")
        supervisor.send(signal.SIGINT)
        assert supervisor.end() == 0
    assert processes_of(tmp_path) == []


def test_a_killed_part_comes_back_with_a_line(tmp_path: Path) -> None:
    with Command(command(tmp_path, [CheapPart("counter", COUNTS_ITS_STARTS)])) as supervisor:
        supervisor.expect("all ready")
        _wait_for_text(tmp_path / "starts", "x")
        killed = time.monotonic()
        os.kill(_part_pid(tmp_path, "starts"), signal.SIGKILL)
        supervisor.expect(r"counter +died \(killed by SIGKILL\); restarting")
        supervisor.expect("counter +ready")
        assert time.monotonic() - killed < 1
        _wait_for_text(tmp_path / "starts", "xx")


def test_the_children_of_a_dead_part_go_with_it(tmp_path: Path) -> None:
    with Command(command(tmp_path, [CheapPart("parent", WITH_A_CHILD)])) as supervisor:
        supervisor.expect("all ready")
        child = _wait_for_process(tmp_path, "child")
        os.kill(child.ppid(), signal.SIGKILL)
        supervisor.expect("parent +died")
        assert psutil.wait_procs([child], timeout=2)[0] == [child]


def test_a_part_that_dies_five_times_ends_everything(tmp_path: Path) -> None:
    broken = CheapPart("broken", "print('not today'); raise SystemExit(3)")
    with Command(command(tmp_path, [broken, CheapPart("fine", SLEEP)])) as supervisor:
        for _ in range(4):
            supervisor.expect(r"broken +died \(exit code 3: not today\); restarting")
        supervisor.expect(r"broken died 5 times within a minute \(exit code 3: not today\).*broken\.log")
        assert supervisor.end() == 1
    assert processes_of(tmp_path) == []


def test_a_command_that_fails_ends_everything(tmp_path: Path) -> None:
    stages = [CheapPart("part", SLEEP)], [CheapPart("schema", "raise SystemExit('no table')", once=True)]
    with Command(command(tmp_path, *stages)) as supervisor:
        supervisor.expect(r"schema failed \(exit code 1: no table\)")
        assert supervisor.end() == 1
    assert processes_of(tmp_path) == []


def test_the_second_ctrl_c_does_not_wait(tmp_path: Path) -> None:
    with Command(command(tmp_path, [CheapPart("deaf", DEAF, grace=60)])) as supervisor:
        supervisor.expect("all ready")
        _wait_for_text(tmp_path / "logs" / "deaf.log", "deaf")
        supervisor.send(signal.SIGINT)
        supervisor.expect("Ctrl-C again hurries")
        assert supervisor.process.poll() is None
        asked = time.monotonic()
        supervisor.send(signal.SIGINT)
        assert supervisor.end() == 0
        assert time.monotonic() - asked < 2
    assert processes_of(tmp_path) == []


def test_a_reader_that_goes_away_does_not_disturb(tmp_path: Path) -> None:
    supervisor = subprocess.Popen(
        command(tmp_path, [CheapPart("counter", COUNTS_ITS_STARTS)]), stdout=subprocess.PIPE, cwd=ROOT
    )
    assert supervisor.stdout is not None
    supervisor.stdout.readline()
    supervisor.stdout.close()
    _wait_for_text(tmp_path / "starts", "x")
    os.kill(_part_pid(tmp_path, "starts"), signal.SIGKILL)
    _wait_for_text(tmp_path / "starts", "xx")
    supervisor.send_signal(signal.SIGINT)
    assert supervisor.wait(10) == 0
    assert processes_of(tmp_path) == []


def test_killing_the_supervisor_leaves_nothing(tmp_path: Path) -> None:
    parts = [CheapPart("plain", SLEEP), CheapPart("deaf", DEAF), CheapPart("parent", WITH_A_CHILD)]
    with Command(command(tmp_path, parts)) as supervisor:
        supervisor.expect("all ready")
        _wait_for_text(tmp_path / "logs" / "deaf.log", "deaf")
        _wait_for_process(tmp_path, "child")
        guard = _guard_of(supervisor.process.pid)
        supervisor.send(signal.SIGKILL)
        wait_until_gone(tmp_path, seconds=5)
        assert psutil.wait_procs([guard], timeout=2)[0] == [guard]


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's second wall is Linux's")
def test_killing_supervisor_and_guard_together_leaves_no_part(tmp_path: Path) -> None:
    with Command(command(tmp_path, [CheapPart("plain", SLEEP)])) as supervisor:
        supervisor.expect("all ready")
        guard = _guard_of(supervisor.process.pid)
        os.kill(guard.pid, signal.SIGSTOP)
        supervisor.send(signal.SIGKILL)
        guard.kill()
        wait_until_gone(tmp_path, seconds=2)


def test_a_killed_guard_is_replaced(tmp_path: Path) -> None:
    with Command(
        command(tmp_path, [CheapPart("counter", COUNTS_ITS_STARTS), CheapPart("deaf", DEAF)])
    ) as supervisor:
        supervisor.expect("all ready")
        _wait_for_text(tmp_path / "logs" / "deaf.log", "deaf")
        _guard_of(supervisor.process.pid).kill()
        _wait_for_text(tmp_path / "starts", "x")
        os.kill(_part_pid(tmp_path, "starts"), signal.SIGKILL)
        supervisor.expect("counter +ready")
        supervisor.send(signal.SIGKILL)
        wait_until_gone(tmp_path, seconds=6)


def test_the_end_of_make_is_the_end_of_all(tmp_path: Path) -> None:
    # As `make dev` does it: make waits for the supervisor, and here somebody kills make.
    words = command(tmp_path, [CheapPart("part", SLEEP)])
    make = "import subprocess, sys; subprocess.run(sys.argv[1:])"
    with Command([sys.executable, "-c", make, *words], {"MAKELEVEL": "1"}) as fake_make:
        fake_make.expect("all ready")
        fake_make.send(signal.SIGKILL)
        wait_until_gone(tmp_path, seconds=5)


def test_the_end_of_the_terminal_is_the_end_of_all(tmp_path: Path) -> None:
    # As `make dev` alone in a window: make leads the session and passes the window's end on to nobody.
    words = command(tmp_path, [CheapPart("part", SLEEP)])
    make = "import signal, subprocess, sys; signal.signal(1, lambda *_: 0); subprocess.run(sys.argv[1:])"
    pid, terminal = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execv(sys.executable, [sys.executable, "-c", make, *words])
    output = b""
    while b"all ready" not in output:
        output += os.read(terminal, 1000)
    os.close(terminal)
    wait_until_gone(tmp_path, seconds=5)
    assert os.waitpid(pid, 0)[1] == 0


def test_one_directory_has_one_supervisor(tmp_path: Path) -> None:
    words = command(tmp_path, [CheapPart("part", SLEEP)])
    with Command(words) as first:
        first.expect("all ready")
        with Command(words) as second:
            second.expect(rf"is in use by another `make dev` \(pid {first.process.pid}\).*GORAX_DATA_DIR")
            assert second.end() == 1
        with Command(command(tmp_path / "other", [CheapPart("part", SLEEP)])) as beside:
            beside.expect("all ready")
            beside.send(signal.SIGTERM)
            assert beside.end() == 0
        assert first.process.poll() is None


def test_a_new_supervisor_waits_for_what_a_killed_one_left(tmp_path: Path) -> None:
    words = command(tmp_path, [CheapPart("deaf", DEAF)])
    with Command(words) as killed:
        killed.expect("all ready")
        _wait_for_text(tmp_path / "logs" / "deaf.log", "deaf")
        (left_behind,) = [p for p in processes_of(tmp_path) if p.pid != killed.process.pid]
        killed.send(signal.SIGKILL)
        with Command(words) as new:
            new.expect("all ready")
            assert not guard_script.alive(left_behind.pid)


def _guard_of(supervisor: int) -> psutil.Process:
    (guard,) = [
        child
        for child in psutil.Process(supervisor).children()
        if any(word == guard_script.__file__ for word in child.cmdline())
    ]
    return guard


def _wait_for_process(directory: Path, argument: str) -> psutil.Process:
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for process in processes_of(directory):
            if argument in process.cmdline():
                return process
        time.sleep(0.02)
    raise AssertionError(f"no process with the argument {argument}")


def _wait_for_text(file: Path, text: str) -> None:
    end = time.monotonic() + 5
    while not file.exists() or text not in file.read_text():
        assert time.monotonic() < end, f"{file} does not say {text}"
        time.sleep(0.02)
