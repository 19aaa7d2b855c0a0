"""The processes behind the scripts: warm, bounded in number, and gone when they should be."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from activities.scripts.job import Job
from activities.scripts.launch import Launch
from activities.scripts.pool import MAX_PROCESSES, ScriptPool
from activities.scripts.process import ScriptProcess
from gorax.core.errors import ErrorType, StepError
from gorax.settings import Settings

ROOT = Path(__file__).parents[3]


def job(script: str, *, seconds: float = 5, **context: object) -> Job:
    return Job(script, context, seconds, 32 << 20, 1_000_000)


def supervisors(of: int | None = None) -> list[psutil.Process]:
    """The supervisors below a process, and their children, which have the same command line."""
    found = []
    for process in psutil.Process(of).children(recursive=True):
        with suppress(psutil.NoSuchProcess, psutil.ZombieProcess):
            program, *arguments = process.cmdline() or [""]
            if "bwrap" not in program and any("activities.scripts" in argument for argument in arguments):
                found.append(process)
    return found


async def gone(processes: list[psutil.Process], within: float = 5) -> bool:
    """Whether they all ended in time."""
    until = time.monotonic() + within
    while any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in processes):
        if time.monotonic() > until:
            return False
        await asyncio.sleep(0.05)
    return True


@pytest.fixture
async def pool() -> AsyncIterator[ScriptPool]:
    pool = ScriptPool(Settings())
    yield pool
    await pool.close()


async def test_nothing_runs_before_the_first_script_and_after_the_close() -> None:
    before = supervisors()
    pool = ScriptPool(Settings())
    assert supervisors() == before
    assert (await pool.run(job("return 1"))).result == 1
    started = [process for process in supervisors() if process not in before]
    assert started
    await pool.close()
    assert await gone(started)


async def test_one_supervisor_serves_one_script_after_the_other(pool: ScriptPool) -> None:
    await pool.run(job("return 1"))
    first = supervisors()
    for number in range(20):
        assert (await pool.run(job("return context.number", number=number))).result == number
    assert supervisors() == first


async def test_scripts_run_at_the_same_time_and_never_more_than_allowed(pool: ScriptPool) -> None:
    before = len(supervisors())
    slow = "const until = Date.now() + 300; while (Date.now() < until); return context.number;"
    running = [asyncio.create_task(pool.run(job(slow, number=number))) for number in range(2 * MAX_PROCESSES)]
    most = 0
    while not all(task.done() for task in running):
        # Each supervisor has at most one child.
        most = max(most, len(supervisors()) - before)
        await asyncio.sleep(0.02)
    assert [task.result().result for task in running] == list(range(2 * MAX_PROCESSES))
    assert MAX_PROCESSES < most <= 2 * MAX_PROCESSES


async def test_a_script_whose_turn_comes_too_late_may_be_tried_again(pool: ScriptPool) -> None:
    others = [asyncio.create_task(pool.run(job("while (true);", seconds=1.5))) for _ in range(MAX_PROCESSES)]
    await asyncio.sleep(0)
    never = asyncio.create_task(pool.run(job("return 1;", seconds=1), within=0.3))
    late = asyncio.create_task(pool.run(job("while (true);", seconds=2), within=2))
    with pytest.raises(StepError, match=r"left this one 0\.0 s of its 1 s") as told:
        await never
    assert (told.value.type, told.value.retryable) == (ErrorType.TIMEOUT, True)
    with pytest.raises(StepError, match=r"left this one 0\.\d s of its 2 s") as told:
        await late
    assert (told.value.type, told.value.retryable) == (ErrorType.TIMEOUT, True)
    for outcome in await asyncio.gather(*others):
        assert outcome.error
        assert outcome.error.kind == "timeout"


async def test_a_cancelled_script_is_ended_at_once(pool: ScriptPool) -> None:
    before = supervisors()
    task = asyncio.create_task(pool.run(job("while (true);", seconds=60)))
    while len(supervisors()) < len(before) + 2:
        await asyncio.sleep(0.02)
    started = [process for process in supervisors() if process not in before]
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await gone(started, within=2)
    assert (await pool.run(job("return 1"))).result == 1


async def test_an_idle_supervisor_that_was_killed_is_replaced(pool: ScriptPool) -> None:
    before = supervisors()
    await pool.run(job("return 1"))
    for process in supervisors():
        if process not in before:
            process.kill()
    await asyncio.sleep(0.2)
    assert (await pool.run(job("return 2"))).result == 2


async def test_a_supervisor_killed_in_the_middle_is_a_failure_to_try_again(pool: ScriptPool) -> None:
    before = supervisors()
    task = asyncio.create_task(pool.run(job("while (true);", seconds=60)))
    while len(supervisors()) < len(before) + 2:
        await asyncio.sleep(0.02)
    started = [process for process in supervisors() if process not in before]
    min(started, key=lambda process: process.pid).kill()
    with pytest.raises(StepError) as caught:
        await task
    assert caught.value.type == ErrorType.INTERNAL
    assert caught.value.retryable
    assert await gone(started)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a script ends with its own time")
async def test_no_script_survives_its_worker() -> None:
    source = (
        "import asyncio\n"
        "from activities.scripts.job import Job\n"
        "from activities.scripts.pool import ScriptPool\n"
        "from gorax.settings import Settings\n"
        "asyncio.run(ScriptPool(Settings()).run(Job('while (true);', {}, 60, 32 << 20, 1000)))\n"
    )
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-c", source, cwd=ROOT, stdout=subprocess.DEVNULL
    )
    try:
        until = time.monotonic() + 20
        while len(started := supervisors(worker.pid)) < 2 and time.monotonic() < until:
            await asyncio.sleep(0.05)
        assert len(started) == 2
    finally:
        worker.kill()
        await worker.wait()
    assert await gone(started, within=3)


async def test_a_job_leaves_nothing_in_its_supervisor() -> None:
    process = await ScriptProcess.start(Launch.plain())
    try:
        mark = "mark-of-" + "one-tenant"
        outcome = await process.run(job("return context.secret + context.secret", secret=mark))
        assert outcome.result == mark + mark
        if sys.platform == "linux":
            memory = _memory_of(process.pid)
            assert b"the script awaits something" in memory, "what the supervisor does hold is found"
            assert mark.encode() not in memory
    finally:
        await process.kill()


def _memory_of(pid: int) -> bytes:
    found = bytearray()
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
                span, rights = line.split()[:2]
                if rights.startswith("rw"):
                    start, end = (int(bound, 16) for bound in span.split("-"))
                    memory.seek(start)
                    found += memory.read(end - start)
    except PermissionError:
        pytest.skip("reading another process's memory needs root")
    return bytes(found)


@pytest.mark.skipif(shutil.which("bwrap") is None, reason="bubblewrap is not on this machine")
async def test_in_bubblewrap_scripts_run_alike() -> None:
    wrapped, _ = Launch.candidates()
    before = supervisors()
    process = await ScriptProcess.start(wrapped)
    try:
        assert (await process.run(job("return context.a", a="é"))).result == "é"
        outcome = await process.run(job("new Array(4294967295).join('x')", seconds=0.2))
        assert outcome.error
        assert outcome.error.kind == "timeout"
        started = [found for found in supervisors() if found not in before]
        assert started
    finally:
        await process.stop()
    assert await gone(started)


async def test_where_bubblewrap_does_not_work_scripts_run_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    pool = ScriptPool(Settings())
    try:
        outcomes = await asyncio.gather(*(pool.run(job("return 1")) for _ in range(3)))
        assert [outcome.result for outcome in outcomes] == [1, 1, 1]
    finally:
        await pool.close()


async def test_a_child_that_dies_is_told_and_its_supervisor_goes_on(pool: ScriptPool) -> None:
    before = supervisors()
    task = asyncio.create_task(pool.run(job("while (true);", seconds=60)))
    while len(supervisors()) < len(before) + 2:
        await asyncio.sleep(0.02)
    child = max((process for process in supervisors() if process not in before), key=lambda p: p.pid)
    child.send_signal(signal.SIGSEGV)
    outcome = await task
    assert outcome.error
    assert (outcome.error.kind, outcome.error.message) == ("crash", "SIGSEGV")
    assert (await pool.run(job("return 1"))).result == 1
