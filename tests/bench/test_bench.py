"""The measuring instruments: a wrong ruler would be worse than none."""

import asyncio
import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace

import httpx
import pytest

from bench import cpu
from bench.client import ApiClient, ApiError
from bench.measure import Executions, percentile
from bench.report import aims_lines, executions_table
from bench.stub import CALLS, Stub
from tests.support.receiver import Receiver, Reply

BURN = "import time\nend = time.process_time() + 0.3\nwhile time.process_time() < end: pass\n"


@pytest.mark.skipif(not cpu.available(), reason="CPU times come from /proc")
def test_cpu_of_a_process_includes_its_children_living_and_ended() -> None:
    program = (
        "import subprocess, sys\n"
        f"subprocess.run([sys.executable, '-c', {BURN!r}])\n"
        f"child = subprocess.Popen([sys.executable, '-c', {BURN + 'print(flush=True); time.sleep(30)'!r}])\n"
        "child.wait()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()  # both have burnt their 0.3 seconds, and the second is still there
        measured = cpu.cpu_seconds({"it": process.pid})["it"]
        os.killpg(process.pid, signal.SIGKILL)
    assert 0.6 <= measured < 2


@pytest.mark.parametrize(
    ("share", "expected"), [(0.5, 50), (0.99, 99), (1, 100), (0.001, 1)], ids=["p50", "p99", "max", "min"]
)
def test_percentiles_are_values_that_occurred(share: float, expected: int) -> None:
    assert percentile(list(range(1, 101)), share) == expected
    assert percentile([7], share) == 7


async def test_the_stub_sees_the_last_call_of_each_execution() -> None:
    async with Stub() as stub, httpx.AsyncClient(base_url=stub.url, trust_env=False) as client:
        one, two = stub.expect("one"), stub.expect("two")
        for number in range(1, CALLS + 1):
            assert not one.done()
            answer = await client.get(f"/one/{number}")
            assert answer.json()["id"] == "order-1"
        assert one.done()
        assert not two.done()
        assert stub.calls == CALLS


async def test_the_client_keeps_its_connections_and_reports_refusals(receiver: Receiver) -> None:
    receiver.answer("/a", *(Reply(json={"data": n}) for n in range(4)))
    receiver.answer("/b", Reply(status=409, json={"error": "the workflow is disabled"}))
    with closing(ApiClient(receiver.url, {"X-Tenant-ID": "bench"})) as client:
        first = [await client.post("/a", {"key": n}) for n in range(2)]
        then = await asyncio.gather(client.post("/a", {}), client.post("/a", {}))
        with pytest.raises(ApiError, match="the workflow is disabled"):
            await client.post("/b", {})
    assert (first, sorted(then)) == ([0, 1], [2, 3])
    assert receiver.connections == 2
    assert receiver.requests[1].json() == {"key": 1}
    assert receiver.requests[1].headers["x-tenant-id"] == "bench"


async def test_the_client_replaces_a_connection_that_the_server_has_closed() -> None:
    async def answer_once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"{}")
        writer.write(b'HTTP/1.1 202 Accepted\r\nContent-Length: 10\r\n\r\n{"data":1}')
        writer.close()

    server = await asyncio.start_server(answer_once, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with closing(ApiClient(f"http://127.0.0.1:{port}", {})) as client:
        for _ in range(3):
            assert await client.post("/a", {}) == 1
            await asyncio.sleep(0.05)
        server.close()
        await server.wait_closed()
        with pytest.raises(ApiError, match="no answer"):
            await client.post("/a", {})


FAST = Executions("fast", 2.0, [0.1] * 10, {"api": 10.0, "temporal": 20.0})
BY_HAND = Executions("hand-written", 4.0, [0.2] * 10, {"temporal": 60.0})


def test_ratios_are_to_the_last_row() -> None:
    lines = executions_table("5 GETs", [FAST, BY_HAND]).splitlines()
    assert lines[1].split() == ["fast", "5.0", "100.0", "100.0", "10.0", "20.0", "30.0", "0.50"]
    assert lines[2].split() == ["hand-written", "2.5", "200.0", "200.0", "60.0", "60.0", "1.00"]


def test_aims_are_judged_by_both_ratios_and_the_latency() -> None:
    slower = replace(FAST, latencies=[0.05] * 10, cpu={"temporal": 30.1})
    [_, line] = aims_lines([FAST, BY_HAND], [FAST, BY_HAND]).splitlines()
    assert line.endswith("latency 100 ms, below 60: missed; CPU ratio 0.50 and 0.50, at most 0.50: met")
    [_, line] = aims_lines([slower, BY_HAND], [FAST, BY_HAND]).splitlines()
    assert line.endswith("latency 50 ms, below 60: met; CPU ratio 0.50 and 0.50, at most 0.50: missed")


def test_rounds_are_added_up() -> None:
    other = Executions("fast", 3.0, [0.05] * 10, {"api": 20.0, "temporal": 40.0})
    both = Executions.of_rounds([FAST, other])
    assert (both.per_second, both.cpu) == (4.0, {"api": 15.0, "temporal": 30.0})
    assert both.latencies == [0.05] * 10 + [0.1] * 10
