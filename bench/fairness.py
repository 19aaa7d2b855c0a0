"""`python -m bench.fairness`: what an execution of one tenant takes while another tenant floods.

One after the other, executions of a tenant are begun: on an idle system, while another tenant begins thousands, and
while those wait for their turns. What one takes is from the request until what its history says of its end, by the
clock of the one machine that all of it runs on.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import httpx
import uvloop

from bench.client import ApiClient
from bench.contestants import TENANT
from bench.measure import percentile
from bench.servers import Gorax, Servers
from bench.stub import Stub
from dev.guard import Guard

OTHER = f"{TENANT}_other"
PAUSE = 0.3
"""Seconds between the end of one execution and the beginning of the next."""
LOOK = 0.1
"""Seconds between two questions whether it has ended: what it takes does not depend on them."""
LIMIT = 600.0
"""Seconds after which the run gives up."""


def main() -> int:
    """Measure once, and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.fairness", description=__doc__)
    parser.add_argument("--flood", type=int, default=2_000, help="executions of the tenant that floods")
    parser.add_argument("--at-once", type=int, default=40, help="of its requests at a time")
    parser.add_argument("--idle", type=int, default=20, help="executions on an idle system")
    parser.add_argument("--delay", type=int, default=0, help="seconds that each execution waits in between")
    arguments = parser.parse_args()
    with closing(Guard()) as guard, tempfile.TemporaryDirectory(prefix="gorax-bench-") as directory:
        servers = Servers(Path(directory), guard)
        with servers.databases(), servers.gorax() as gorax:
            uvloop.run(_measure(gorax, arguments))
    return 0


class Single:
    """The tenant that wants one execution at a time."""

    def __init__(self, http: httpx.AsyncClient, path: str) -> None:
        self._http = http
        self._path = path

    async def once(self) -> float:
        """Seconds from the request to the end of the execution."""
        sent = time.time()
        answer = await self._http.post(self._path, json={})
        answer.raise_for_status()
        address = answer.headers["Location"]
        while True:
            await asyncio.sleep(LOOK)
            execution = (await self._http.get(address)).json()["data"]
            if execution["status"] == "completed":
                return datetime.fromisoformat(execution["completed_at"]).timestamp() - sent

    async def until(self, over: Callable[[], bool]) -> list[float]:
        """What each of the executions took that were begun until then."""
        taken = []
        while not over():
            taken.append(await self.once())
            await asyncio.sleep(PAUSE)
        return taken


async def _measure(gorax: Gorax, arguments: argparse.Namespace) -> None:
    flood: int = arguments.flood
    at_once: int = arguments.at_once
    async with asyncio.timeout(LIMIT), Stub() as stub:
        wait = {"id": "wait", "type": "delay", "config": {"duration": f"{arguments.delay}s"}}
        definition = {
            "actions": [
                {"id": "number", "type": "formula", "config": {"expression": "1 + 1"}},
                *([wait] if arguments.delay else []),
                {"id": "call", "type": "http", "config": {"url": f"{stub.url}/fair/1"}, "mode": "durable"},
            ]
        }
        paths = {}
        for tenant in (TENANT, OTHER):
            api = ApiClient(gorax.url, {"X-Tenant-ID": tenant})
            created = await api.post("/api/v1/workflows", {"name": "Fair", "definition": definition})
            paths[tenant] = f"/api/v1/workflows/{created['id']}/execute"
            api.close()
        async with httpx.AsyncClient(
            base_url=gorax.url, headers={"X-Tenant-ID": OTHER}, timeout=60, trust_env=False
        ) as http:
            single = Single(http, paths[OTHER])
            for _ in range(5):
                await single.once()
            alone = [await single.once() for _ in range(arguments.idle)]
            _tell("idle", alone, alone)
            flooding = asyncio.create_task(_flood(gorax, paths[TENANT], flood, at_once))
            began = time.monotonic()
            _tell("while it comes in", await single.until(flooding.done), alone)
            await flooding
            print(f"{flood} executions accepted in {time.monotonic() - began:.0f} s, {at_once} at a time")
            waiting = asyncio.create_task(_drained(gorax))
            _tell("while it is worked off", await single.until(waiting.done), alone)
            await waiting
            print(f"all of them ended after {time.monotonic() - began:.0f} s")


async def _flood(gorax: Gorax, path: str, count: int, at_once: int) -> None:
    api = ApiClient(gorax.url, {"X-Tenant-ID": TENANT})
    left = iter(range(count))

    async def sender() -> None:
        for _ in left:
            await api.post(path, {})

    await asyncio.gather(*(sender() for _ in range(at_once)))
    api.close()


async def _drained(gorax: Gorax) -> None:
    """Return when no execution of the flood is left to be run."""
    headers = {"X-Tenant-ID": TENANT}
    async with httpx.AsyncClient(base_url=gorax.url, headers=headers, timeout=60, trust_env=False) as http:
        left = 1
        while left:
            await asyncio.sleep(1)
            found = await http.get("/api/v1/executions", params={"status": "pending,running", "limit": 1})
            left = found.json()["total"]


def _tell(when: str, taken: list[float], alone: list[float]) -> None:
    if not taken:
        print(f"{when}: over before one was begun")
        return
    ordered, usual = sorted(taken), percentile(sorted(alone), 0.5)
    p50, p95 = percentile(ordered, 0.5), percentile(ordered, 0.95)
    print(
        f"{when}: {len(taken)} executions, ms: p50 {p50 * 1_000:.0f}, p95 {p95 * 1_000:.0f}, "
        f"most {ordered[-1] * 1_000:.0f}; {p50 / usual:.1f} times idle"
    )


if __name__ == "__main__":
    sys.exit(main())
