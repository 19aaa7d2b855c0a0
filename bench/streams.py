"""`python -m bench.streams`: what sockets that watch executions take, on the real servers.

Executions wait for a signal while sockets listen to them. Then each gets its signal, and what happens is seen by ten
sockets at a time: how long after Temporal wrote it down, by the same machine's clock.
"""

import argparse
import asyncio
import re
import sys
import tempfile
import time
import urllib.request
from contextlib import AsyncExitStack, closing
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import uvloop
from websockets.asyncio.client import ClientConnection, connect

from bench import cpu
from bench.client import ApiClient
from bench.contestants import TENANT
from bench.measure import percentile
from bench.servers import Gorax, Servers
from dev.guard import Guard

WATCH_SECONDS = 25.0
"""Longer than Temporal holds a question for new events: each is asked once and answered once."""
AT_ONCE = 50
"""Sockets that are opened, and executions that are started, at the same time."""
TOGETHER = 10
"""Executions that get their signal in the same moment."""

_DEFINITION = {
    "actions": [
        {"id": "wait", "type": "wait_for_signal", "config": {"name": "go", "timeout": "1h"}},
        {"id": "note", "type": "log", "config": {"message": "went"}},
        {"id": "rest", "type": "delay", "config": {"duration": "200ms"}},
    ]
}
_POLLS = re.compile(
    r"^temporal\w*request(?:_total)?\{[^}]*GetWorkflowExecutionHistory[^}]*\} (\S+)$", re.MULTILINE
)


def main() -> int:
    """Measure once, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.streams", description=__doc__)
    parser.add_argument("--executions", type=int, default=100)
    parser.add_argument("--sockets", type=int, default=1_000)
    arguments = parser.parse_args()
    if not cpu.available():
        print("the bench reads memory and CPU times from /proc: it needs Linux")
        return 2
    with closing(Guard()) as guard, tempfile.TemporaryDirectory(prefix="gorax-bench-") as directory:
        servers = Servers(Path(directory), guard)
        with servers.databases(), servers.gorax() as gorax:
            uvloop.run(_measure(gorax, arguments.executions, arguments.sockets))
    return 0


async def _measure(gorax: Gorax, executions: int, sockets: int) -> None:
    api = ApiClient(gorax.url, {"X-Tenant-ID": TENANT})
    pid = gorax.processes["api"]
    created = await api.post("/api/v1/workflows", {"name": "Watched", "definition": _DEFINITION})
    path = f"/api/v1/workflows/{created['id']}/execute"
    gate = asyncio.Semaphore(AT_ONCE)

    async def start() -> str:
        async with gate:
            execution_id: str = (await api.post(path, {}))["execution_id"]
            return execution_id

    ids = await asyncio.gather(*(start() for _ in range(executions)))
    await asyncio.sleep(5)  # until all of them wait
    before = _memory(pid)
    async with AsyncExitStack() as stack:

        async def listen(number: int) -> ClientConnection:
            async with gate:
                address = (
                    f"{gorax.url.replace('http', 'ws', 1)}/api/v1/ws/executions/{ids[number % executions]}"
                )
                socket = await connect(address, additional_headers={"X-Tenant-ID": TENANT}, proxy=None)
                stack.push_async_callback(socket.close)
                await socket.recv()
                return socket

        began = time.monotonic()
        opened = await asyncio.gather(*(listen(number) for number in range(sockets)))
        print(f"{sockets} sockets on {executions} executions, open in {time.monotonic() - began:.1f} s")
        seen = [asyncio.create_task(_listen(socket)) for socket in opened]
        polls, used, start_of_watch = _polls(gorax), cpu.cpu_seconds({"api": pid})["api"], time.monotonic()
        await asyncio.sleep(WATCH_SECONDS)
        seconds = time.monotonic() - start_of_watch
        after = _memory(pid)
        share = (cpu.cpu_seconds({"api": pid})["api"] - used) / seconds * 1_000
        print(f"memory of the API: {before:.0f} MB without, {after:.0f} MB with them")
        answered = _polls(gorax) - polls
        print(
            f"nothing happens for {seconds:.0f} s: {answered:.0f} polls answered, {share:.0f} ms CPU a second"
        )
        for first in range(0, executions, TOGETHER):
            batch = ids[first : first + TOGETHER]
            await asyncio.gather(
                *(api.post(f"/api/v1/executions/{execution_id}/signals/go", {}) for execution_id in batch)
            )
            await asyncio.sleep(0.5)
        delays = [delay for delays in await asyncio.gather(*seen) for delay in delays]
        done = sum(socket.close_code == 1000 for socket in opened)
        print(f"{len(delays)} changes seen, {done} sockets closed with 1000")
        p50, p95, p99 = (percentile(sorted(delays), share) * 1_000 for share in (0.5, 0.95, 0.99))
        print(f"seen after, ms: p50 {p50:.0f}, p95 {p95:.0f}, p99 {p99:.0f}, most {max(delays) * 1_000:.0f}")
        print(f"memory of the API at the end: {_memory(pid):.0f} MB")
    api.close()


async def _listen(socket: ClientConnection) -> list[float]:
    """Seconds from each change of a step until it was seen here, until the execution has ended."""
    delays = []
    async for text in socket:
        now = time.time()
        message: dict[str, Any] = orjson.loads(text)
        if message.get("event") == "step":
            delays.append(now - datetime.fromisoformat(message["timestamp"]).timestamp())
    return delays


def _memory(pid: int) -> float:
    """MB of a process that are in memory."""
    status = (cpu.PROC / str(pid) / "status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1_024


def _polls(gorax: Gorax) -> float:
    """How often the API has asked Temporal for events, by its own metrics."""
    with urllib.request.urlopen(f"{gorax.url}/metrics", timeout=10) as answer:
        return sum(float(value) for value in _POLLS.findall(answer.read().decode()))


if __name__ == "__main__":
    sys.exit(main())
