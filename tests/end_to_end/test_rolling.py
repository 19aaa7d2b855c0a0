"""Processes are replaced under load: no request fails, no step is repeated that has ended, builds keep their own."""

import asyncio
import os
import re
import secrets
import sys
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from temporalio.client import Client

from dev.environment import environment
from dev.guard import Guard
from dev.parts import ROOT
from dev.ports import free_port
from dev.stack import api_part, base_url, worker_part
from gorax.settings import ApiSettings, DatabaseSettings, Settings, TemporalSettings
from tests.support.balancer import Balancer
from tests.support.executions import until
from tests.support.processes import Server
from tests.support.receiver import Receiver, Reply
from tests.support.sockets import socket
from tests.support.webhooks import create
from worker.builds import parser
from worker.deployment import Deployment

PAGE = ROOT / "docs" / "deploying.md"

CLIENTS = 3
DRAIN = 0.8
OLD, NEW = 50, 10
"""Executions that run when a new build is promoted, and that begin afterwards."""


@pytest.fixture
def own(settings: Settings, fresh_database_url: str) -> Settings:
    """Settings with a database, a task queue and a deployment of the test's own.

    With the database shared, whatever is not started within the dispatcher's patience would be started by some other
    API process, on its own queue.
    """
    name = f"rolling_{secrets.token_hex(4)}"
    database = DatabaseSettings(url=fresh_database_url)
    temporal = TemporalSettings(address=settings.temporal.address, task_queue=name)
    worker = settings.worker.model_copy(update={"deployment": name, "shutdown_grace": 5.0})
    return settings.model_copy(update={"database": database, "temporal": temporal, "worker": worker})


@pytest.fixture
def started(tmp_path: Path, guard: Guard) -> Iterator["Processes"]:
    """Processes that end with the test."""
    with ExitStack() as stack:
        yield Processes(tmp_path, guard, stack)


class Processes:
    """Starts API processes and workers of a test's own."""

    def __init__(self, directory: Path, guard: Guard, stack: ExitStack) -> None:
        self._directory = directory
        self._guard = guard
        self._stack = stack

    def api(self, settings: Settings) -> Server:
        """An API process."""
        return self._start(Server(api_part(settings), self._directory, self._guard))

    def worker(self, settings: Settings, build_id: str | None = None) -> Server:
        """A worker, of a build where one is given."""
        worker = settings.worker.model_copy(update={"build_id": build_id})
        metrics = settings.metrics.model_copy(update={"port": 0})
        settings = settings.model_copy(update={"worker": worker, "metrics": metrics})
        return self._start(Server(worker_part(settings), self._directory, self._guard))

    async def all(self, starts: Iterable[Callable[[], Server]]) -> list[Server]:
        """Start some at once."""
        return list(await asyncio.gather(*(asyncio.to_thread(start) for start in starts)))

    def _start(self, server: Server) -> Server:
        self._stack.callback(server.stop)
        return server


def on_a_port(settings: Settings) -> Settings:
    """The settings of one API process of several."""
    return settings.model_copy(update={"port": free_port(), "api": ApiSettings(drain_seconds=DRAIN)})


def restart(server: Server) -> None:
    """Stop it as an operator would, and start it again."""
    server.stop()
    server.start()


class Load:
    """Clients that send events one after the other, every second of which waits for its result."""

    def __init__(self, client: httpx.AsyncClient, hooks: list[str]) -> None:
        self._client = client
        self._hooks = hooks
        self.answers: dict[str, int] = {}
        """By event, the status of the answer."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the block runs, and until every event has been answered."""
        going = asyncio.Event()
        clients = [asyncio.create_task(self._send(number, going)) for number in range(CLIENTS)]
        try:
            yield
        finally:
            going.set()
            await asyncio.gather(*clients)

    async def _send(self, number: int, enough: asyncio.Event) -> None:
        sent = 0
        while not enough.is_set():
            event = f"{number}-{sent}"
            answer = await self._client.post(self._hooks[sent % len(self._hooks)], json={"event": event})
            self.answers[event] = answer.status_code
            sent += 1


async def hook(api: httpx.AsyncClient, receiver: Receiver, mode: str) -> str:
    """The path of a webhook whose executions make two requests with an effect, one after the other."""
    steps: list[dict[str, Any]] = [
        {
            "id": name,
            "type": "http",
            "config": {
                "method": "POST",
                "url": receiver.url + "/" + name,
                "body": "{{trigger.body.event}}",
            },
        }
        for name in ("first", "second")
    ]
    made = await api.post("/api/v1/workflows", json={"name": mode, "definition": {"actions": steps}})
    created = await create(api, workflow_id=made.json()["data"]["id"], response_mode=mode, auth_type="none")
    return httpx.URL(created["url"]).path


async def test_a_rolling_restart_fails_no_request_and_repeats_no_step(
    own: Settings, started: Processes, receiver: Receiver, tenant: str
) -> None:
    for path in ("/first", "/second"):
        receiver.answer(path, Reply(json={"ok": True}, delay=0.1))
    settings = [on_a_port(own), on_a_port(own)]
    apis = await started.all(partial(started.api, each) for each in settings)
    workers = await started.all(partial(started.worker, own) for _ in range(2))
    headers = {"X-Tenant-ID": tenant}
    async with (
        Balancer([base_url(each) for each in settings]) as balancer,
        httpx.AsyncClient(base_url=balancer.url, headers=headers, timeout=30, trust_env=False) as client,
        socket(base_url(settings[0]), "executions", headers) as listening,
    ):
        load = Load(client, [await hook(client, receiver, mode) for mode in ("accepted", "result")])
        async with load.running():
            await receiver.wait_for(10)
            restarting = asyncio.create_task(asyncio.to_thread(restart, workers[0]))
            await asyncio.to_thread(apis[0].stop)
            assert not await balancer.sends_to(base_url(settings[0]))
            await asyncio.to_thread(apis[0].start)
            await until(partial(balancer.sends_to, base_url(settings[0])))
            await restarting
            await asyncio.gather(*(asyncio.to_thread(server.stop) for server in (apis[1], workers[1])))
        assert (await listening.closed())[0] == 1012
        assert set(load.answers.values()) == {200, 202}
        await receiver.wait_for(2 * len(load.answers))
        await asyncio.sleep(0.5)
        for path in ("/first", "/second"):
            bodies = [request.body.decode() for request in receiver.received(path)]
            assert sorted(bodies) == sorted(load.answers)


class Builds:
    """`python -m worker.builds`, and what Temporal says of where executions ran."""

    def __init__(self, client: Client, settings: Settings) -> None:
        self.deployment = Deployment(client, settings.worker.deployment)
        self._client = client
        self._environment = {**os.environ, **environment(settings)}

    async def tell(self, *arguments: str) -> tuple[int, str]:
        """The exit code of the command, and what it says."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "worker.builds", *arguments),
            cwd=ROOT,
            env=self._environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, said.decode()

    async def runs(self, build_id: str, count: int) -> bool:
        """Whether so many executions end on a build."""
        return await self.deployment.running(build_id) == count

    async def ended(self, build_id: str, count: int) -> bool:
        """Whether so many executions have ended on a build."""
        version = f"{self.deployment.name}:{build_id}"
        query = (
            f'TemporalWorkerDeploymentVersion="{version}" AND ExecutionStatus="Completed"'
            ' AND WorkflowType="Execution"'
        )
        return (await self._client.count_workflows(query)).count == count


async def test_a_new_build_takes_what_begins_and_the_old_one_ends_its_own(
    own: Settings, started: Processes, receiver: Receiver, tenant: str
) -> None:
    builds = Builds(await Client.connect(own.temporal.target), own)
    name = builds.deployment.name
    settings = on_a_port(own)
    server, old = await started.all([partial(started.api, settings), partial(started.worker, own, "one")])
    effect = {"id": "effect", "type": "http", "config": {"method": "POST", "url": f"{receiver.url}/effect"}}
    wait = {"id": "wait", "type": "wait_for_signal", "config": {"name": "go"}}
    async with httpx.AsyncClient(
        base_url=base_url(settings), headers={"X-Tenant-ID": tenant}, timeout=30, trust_env=False
    ) as client:
        made = await client.post(
            "/api/v1/workflows", json={"name": "Waits", "definition": {"actions": [effect, wait]}}
        )
        execute = f"/api/v1/workflows/{made.json()['data']['id']}/execute"

        async def begin(count: int) -> list[str]:
            answers = await asyncio.gather(*(client.post(execute) for _ in range(count)))
            return [answer.json()["data"]["execution_id"] for answer in answers]

        async def end(executions: list[str]) -> None:
            answers = await asyncio.gather(
                *(client.post(f"/api/v1/executions/{id_}/signals/go") for id_ in executions)
            )
            assert {answer.status_code for answer in answers} == {202}

        # Nobody has promoted anything: the first build did so itself.
        before = await begin(OLD)
        await receiver.wait_for(OLD, seconds=60)
        await until(partial(builds.runs, "one", OLD), 30)

        code, said = await builds.tell("promote", "two")
        assert (code, "no worker of the build two has asked for work yet" in said) == (1, True), said
        assert await builds.tell("drained", "two") == (
            1,
            f"builds: the deployment {name!r} has no build two\n",
        )
        new = await asyncio.to_thread(started.worker, own, "two")
        assert await builds.deployment.current() == "one"
        for percent, status in (("25", "ramping"), ("0", "draining")):
            assert (await builds.tell("promote", "two", "--percent", percent))[0] == 0
            assert [(build.status, build.percent) for build in await builds.deployment.builds()] == [
                (status, float(percent)),
                ("current", 100 - float(percent)),
            ]
        assert await builds.tell("promote", "two", "--wait", "20") == (
            0,
            "builds: all new executions begin on two\n",
        )
        after = await begin(NEW)
        await receiver.wait_for(OLD + NEW, seconds=30)
        await until(partial(builds.runs, "two", NEW), 30)
        assert await builds.runs("one", OLD)
        code, said = await builds.tell("list")
        assert re.findall(r"(two|one)  (\w+)  (\d+) %  (\d+) running", said) == [
            ("two", "current", "100", str(NEW)),
            ("one", "draining", "0", str(OLD)),
        ]

        await end(before[1:])
        await until(partial(builds.ended, "one", OLD - 1), 60)
        assert await builds.tell("drained", "one") == (1, "builds: 1 still run on one\n")

        # What waits for months need not keep an old build: it is moved to the new one, whose code can go on with it.
        await asyncio.to_thread(old.stop)
        assert await builds.tell("move", "one") == (0, "builds: 1 runs go on with two\n")
        await end([before[0], *after])
        await until(partial(builds.ended, "two", NEW + 1), 60)
        assert await builds.tell("drained", "one") == (0, "builds: nothing runs on one\n")
        assert len(receiver.received("/effect")) == OLD + NEW
        assert new.process.poll() is None
        assert server.process.poll() is None


def test_the_page_shows_commands_that_there_are() -> None:
    shown = re.findall(r"python -m worker\.builds ([^#`\n]+)", PAGE.read_text())
    commands = {parser().parse_args(line.split()).command for line in shown}
    assert commands == {"list", "promote", "drained", "move"}
