"""`make bench`: what Gorax takes on the real servers, beside a workflow written by hand."""

import argparse
import asyncio
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import uvloop
from temporalio.client import Client

from bench import cpu
from bench.client import ApiClient, ApiError
from bench.contestants import TENANT, Contestant, Gorax, Handwritten, Webhook, five_calls
from bench.measure import Accepted, BenchError, Executions, accept, accept_at_rate, execute, idle_cpu
from bench.report import accepted_table, aims_lines, executions_table, idle_line, webhook_aim_line
from bench.servers import NAMESPACE, Servers
from bench.stub import Stub
from dev.guard import Guard
from dev.parts import PartFailed

LIMIT_SECONDS = 900
"""After this the run gives up, whatever hangs."""
WARM_UP = 40
IDLE_SECONDS = 5.0
ACCEPT_CONCURRENCY = (1, 16)
WEBHOOK_CONCURRENCY = (1, 20, 100)
WEBHOOK_RATE = 100
"""Events a second, however fast they are answered."""
MANY = 50
ROUNDS = 4


class Sizes(NamedTuple):
    """How much is measured: executions in each round, and seconds of accepting."""

    single: int
    many: int
    accept_seconds: float


_began = time.monotonic()


def main() -> int:
    """Run all measurements; the exit status says whether they are worth something."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--single", type=_count, default=25, help="executions one at a time, in a round")
    parser.add_argument("--many", type=_count, default=100, help=f"executions {MANY} at a time, in a round")
    parser.add_argument("--accept", type=_count, default=5, help="seconds of accepting")
    arguments = parser.parse_args()
    sizes = Sizes(arguments.single, arguments.many, arguments.accept)
    if not cpu.available():
        print("the bench reads CPU times from /proc: it needs Linux")
        return 2
    # So that SIGTERM unwinds what is running, as Ctrl-C does.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    guard = Guard()
    try:
        with tempfile.TemporaryDirectory(prefix="gorax-bench-") as directory:
            servers = Servers(Path(directory), guard)
            with servers.databases() as databases:
                _say("PostgreSQL and Temporal run")
                uvloop.run(_bench(servers, databases, sizes))
    except (ApiError, BenchError, PartFailed) as error:
        print(f"failed: {error}")
        return 1
    except TimeoutError:
        print(f"failed: not done after {LIMIT_SECONDS} s")
        return 1
    except KeyboardInterrupt:
        return 130
    finally:
        guard.close()
    return 0


async def _bench(servers: Servers, databases: Mapping[str, int], sizes: Sizes) -> None:
    temporal = {"temporal": databases["temporal"]}
    async with asyncio.timeout(LIMIT_SECONDS), Stub() as stub:
        client = await Client.connect(servers.temporal_address, namespace=NAMESPACE)
        with servers.gorax() as gorax, servers.handwritten() as worker:
            _say("API and workers run")
            processes = {**gorax.processes, **databases}
            with closing(ApiClient(gorax.url, {"X-Tenant-ID": TENANT})) as api:
                empty = await Gorax.create("empty", [{"id": "end", "type": "stop"}], api, processes)
                contestants: list[Contestant] = [
                    await Gorax.create("fast", five_calls(stub.url, "fast"), api, processes),
                    await Gorax.create("durable", five_calls(stub.url, "durable"), api, processes),
                    Handwritten({**worker, **temporal}, client, stub.url),
                ]
                idle = await idle_cpu({**processes, "hand-written worker": worker["worker"]}, IDLE_SECONDS)
                accepted = await _accept(empty, client, ACCEPT_CONCURRENCY, sizes)
                webhook = await Webhook.create(empty)
                received = await _accept(webhook, client, WEBHOOK_CONCURRENCY, sizes)
                _say(f"accepting as {webhook.name}, {WEBHOOK_RATE} a second")
                received.append(
                    await accept_at_rate(
                        webhook, client, per_second=WEBHOOK_RATE, seconds=sizes.accept_seconds
                    )
                )
                single, many = await _execute(contestants, client, stub, sizes)
    print()
    print(accepted_table("POST …/execute", accepted), end="\n\n")
    print(accepted_table("POST /webhooks/…", received), end="\n\n")
    print(executions_table("5 GETs, 1 at a time", single), end="\n\n")
    print(executions_table(f"5 GETs, {MANY} at a time", many), end="\n\n")
    print(idle_line(idle), end="\n\n")
    print(aims_lines(single, many))
    print(webhook_aim_line(received))


async def _accept(
    contestant: Contestant, client: Client, concurrencies: Sequence[int], sizes: Sizes
) -> list[Accepted]:
    await accept(contestant, client, concurrency=4, seconds=1)
    accepted = []
    for concurrency in concurrencies:
        _say(f"accepting as {contestant.name}, {concurrency} at a time")
        accepted.append(
            await accept(contestant, client, concurrency=concurrency, seconds=sizes.accept_seconds)
        )
    return accepted


async def _execute(
    contestants: Sequence[Contestant], client: Client, stub: Stub, sizes: Sizes
) -> tuple[list[Executions], list[Executions]]:
    for contestant in contestants:
        await execute(contestant, client, stub, count=WARM_UP, concurrency=4)
    # In turns, so that what else the machine does meanwhile weighs on all of them.
    single: list[list[Executions]] = [[] for _ in contestants]
    many: list[list[Executions]] = [[] for _ in contestants]
    for turn in range(1, ROUNDS + 1):
        for number, contestant in enumerate(contestants):
            _say(f"round {turn} of {ROUNDS}: {contestant.name}")
            single[number].append(await execute(contestant, client, stub, count=sizes.single, concurrency=1))
            many[number].append(await execute(contestant, client, stub, count=sizes.many, concurrency=MANY))
    return list(map(Executions.of_rounds, single)), list(map(Executions.of_rounds, many))


def _count(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000:
        raise argparse.ArgumentTypeError("must be from 1 to 1000")
    return number


def _say(line: str) -> None:
    print(f"{time.monotonic() - _began:6.1f} s  {line}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
