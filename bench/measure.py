"""Running executions and measuring what they take."""

import asyncio
import itertools
import math
import time
from collections.abc import Awaitable, Callable, Collection, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus

from bench.contestants import Contestant
from bench.cpu import cpu_seconds
from bench.stub import Stub

CALLS_SECONDS = 60.0
"""How long an execution may take to its last call."""
END_SECONDS = 300.0
"""How long the executions of one measurement may take to end after the last call of all."""
SETTLE = 0.1
"""Seconds between two executions of which each is to find the servers idle."""

_keys = itertools.count()

Start = Callable[[float], Coroutine[Any, Any, None]]
"""Begins an execution that was due at that time of `time.perf_counter`."""


class BenchError(Exception):
    """The measurement is worth nothing; the message says why."""


@dataclass(frozen=True)
class Executions:
    """What a number of executions took."""

    name: str
    seconds: float
    """From the first start to the last end."""
    latencies: Sequence[float]
    """Seconds from the request to the end of each run, sorted."""
    cpu: dict[str, float]
    """CPU-milliseconds per execution, by process."""

    @property
    def per_second(self) -> float:
        """Completed per second."""
        return len(self.latencies) / self.seconds

    @property
    def cpu_total(self) -> float:
        """CPU-milliseconds per execution, of all processes."""
        return sum(self.cpu.values())

    @classmethod
    def of_rounds(cls, rounds: "Sequence[Executions]") -> "Executions":
        """All rounds of one contestant, of the same count each, as one."""
        cpu = {part: sum(each.cpu[part] for each in rounds) / len(rounds) for part in rounds[0].cpu}
        latencies = sorted(itertools.chain.from_iterable(each.latencies for each in rounds))
        return cls(rounds[0].name, sum(each.seconds for each in rounds), latencies, cpu)


@dataclass(frozen=True)
class Accepted:
    """What accepting executions took."""

    load: str
    """How much was asked, such as `20 at a time`."""
    seconds: float
    latencies: Sequence[float]
    """Seconds from each request to its answer, sorted."""
    cpu: dict[str, float]
    """CPU-milliseconds per execution, by process, from the first request to the last end."""

    @property
    def per_second(self) -> float:
        """Accepted per second."""
        return len(self.latencies) / self.seconds


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of the sorted values that `share` of them do not exceed."""
    return values[max(0, math.ceil(share * len(values)) - 1)]


async def accept(contestant: Contestant, client: Client, *, concurrency: int, seconds: float) -> Accepted:
    """Start executions as fast as they are accepted, for a time; then wait until all have ended."""
    began = time.perf_counter()

    async def ask(start: Start) -> None:
        while (now := time.perf_counter()) - began < seconds:
            await start(now)

    async def ask_all(start: Start) -> None:
        await asyncio.gather(*(ask(start) for _ in range(concurrency)))

    return await _accepted(contestant, client, at_a_time(concurrency), ask_all)


async def accept_at_rate(
    contestant: Contestant, client: Client, *, per_second: int, seconds: float
) -> Accepted:
    """Start executions at even intervals, however long the answers take; then wait until all have ended.

    Latencies count from when each was due: a stall is felt by all that come meanwhile, as their senders feel it.
    """

    async def ask_all(start: Start) -> None:
        began = time.perf_counter()
        async with asyncio.TaskGroup() as group:
            for number in range(round(per_second * seconds)):
                due = began + number / per_second
                if (early := due - time.perf_counter()) > 0:
                    await asyncio.sleep(early)
                group.create_task(start(due))

    return await _accepted(contestant, client, f"{per_second} a second", ask_all)


def at_a_time(concurrency: int) -> str:
    """The load of so many callers, each of which asks again as soon as it is answered."""
    return f"{concurrency} at a time"


async def _accepted(
    contestant: Contestant, client: Client, load: str, ask_all: Callable[[Start], Awaitable[None]]
) -> Accepted:
    latencies: list[float] = []
    ids: list[str] = []
    since = datetime.now(UTC)
    before = cpu_seconds(contestant.processes)

    async def start(due: float) -> None:
        ids.append(await contestant.start(_key()))
        latencies.append(time.perf_counter() - due)

    began = time.perf_counter()
    await ask_all(start)
    elapsed = time.perf_counter() - began
    await _all_ended(client, contestant, since, len(ids))
    after = cpu_seconds(contestant.processes)
    await _ends(client, contestant, since, set(ids))
    cpu = {name: (after[name] - before[name]) / len(ids) * 1000 for name in before}
    return Accepted(load, elapsed, sorted(latencies), cpu)


async def execute(
    contestant: Contestant, client: Client, stub: Stub, *, count: int, concurrency: int
) -> Executions:
    """Run `count` executions, `concurrency` at a time: when one makes its last call, the next is started.

    One at a time means that each finds the servers idle. Raises `BenchError` unless all complete.
    """
    since = datetime.now(UTC)
    before = cpu_seconds(contestant.processes)
    began: dict[str, float] = {}
    keys = iter([_key() for _ in range(count)])

    async def run(keys: Iterator[str]) -> None:
        for key in keys:
            last_call = stub.expect(key)
            requested = time.time()
            workflow_id = await contestant.start(key)
            began[workflow_id] = requested
            try:
                await asyncio.wait_for(last_call, CALLS_SECONDS)
            except TimeoutError:
                reason = f"{workflow_id} makes no last call within {CALLS_SECONDS:g} s"
                raise BenchError(f"{contestant.name}: {reason}") from None
            if concurrency == 1:
                await asyncio.sleep(SETTLE)

    await asyncio.gather(*(run(keys) for _ in range(concurrency)))
    await _all_ended(client, contestant, since, count)
    after = cpu_seconds(contestant.processes)
    ends = await _ends(client, contestant, since, began.keys())
    latencies = sorted(ends[workflow_id] - start for workflow_id, start in began.items())
    return Executions(
        contestant.name,
        # One at a time there are pauses, which no client would make.
        sum(latencies) if concurrency == 1 else max(ends.values()) - min(began.values()),
        latencies,
        {name: (after[name] - before[name]) / count * 1000 for name in before},
    )


async def idle_cpu(processes: dict[str, int], seconds: float) -> dict[str, float]:
    """CPU-milliseconds per second of each process while nothing happens."""
    before = cpu_seconds(processes)
    await asyncio.sleep(seconds)
    after = cpu_seconds(processes)
    return {name: (after[name] - before[name]) / seconds * 1000 for name in before}


def _key() -> str:
    return f"{next(_keys):06d}"


async def _all_ended(client: Client, contestant: Contestant, since: datetime, count: int) -> None:
    """Wait until that many executions have ended."""
    query = f"{_started(contestant, since)} AND ExecutionStatus != 'Running'"
    deadline = time.monotonic() + END_SECONDS
    while (ended := (await client.count_workflows(query)).count) < count:
        if time.monotonic() > deadline:
            raise BenchError(f"{contestant.name}: {count - ended} have not ended after {END_SECONDS:g} s")
        await asyncio.sleep(0.25)


async def _ends(
    client: Client, contestant: Contestant, since: datetime, ids: Collection[str]
) -> dict[str, float]:
    """When each execution completed, as seconds since the epoch."""
    ends: dict[str, float] = {}
    async for run in client.list_workflows(_started(contestant, since), page_size=1000):
        if run.id in ids:
            if run.status is not WorkflowExecutionStatus.COMPLETED or run.close_time is None:
                raise BenchError(
                    f"{contestant.name}: {run.id} ended as {run.status.name if run.status else None}"
                )
            ends[run.id] = run.close_time.timestamp()
    if len(ends) < len(ids):
        raise BenchError(f"{contestant.name}: Temporal does not list {len(ids) - len(ends)} of them")
    return ends


def _started(contestant: Contestant, since: datetime) -> str:
    return f"WorkflowType = '{contestant.workflow_type}' AND StartTime >= '{since.isoformat()}'"
