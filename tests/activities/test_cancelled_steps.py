"""Steps that are broken off: what is said of them, and what they leave behind."""

import asyncio
import time
from collections.abc import AsyncIterator

import psutil
import pytest
from temporalio.activity import ActivityCancellationDetails
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory
from temporalio.testing import ActivityEnvironment

from activities.resources import Resources
from activities.scripts.pool import MAX_PROCESSES
from activities.steps import Steps
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.contracts import RetryRule, StepRequest
from gorax.settings import Env, HttpSettings, Settings
from tests.activities.calls import LOOPBACK, Given
from tests.support.receiver import Receiver, Reply

GONE = ActivityCancellationDetails(not_found=True)
ASKED = ActivityCancellationDetails(cancel_requested=True)


@pytest.fixture
async def resources() -> AsyncIterator[Resources]:
    """A worker's own."""
    resources = Resources(Settings(env=Env.production, http=HttpSettings(allowed_networks=LOOPBACK)))
    yield resources
    await resources.close()


@pytest.fixture
def steps(resources: Resources) -> Steps:
    """Those of the worker."""
    return Steps(full_catalogue(), resources, Given())


def request(type_name: str, **config: object) -> StepRequest:
    """A step."""
    return StepRequest(
        tenant_id="acme",
        execution_id="exec_1",
        path="step",
        action_id="step",
        type=type_name,
        config=config,
        timeout=20,
        retry=RetryRule(),
    )


async def cancelled(
    environment: ActivityEnvironment, running: asyncio.Task[object], details: ActivityCancellationDetails
) -> BaseException:
    """What comes of an attempt that is cancelled."""
    environment.cancel(details)
    [outcome] = await asyncio.gather(running, return_exceptions=True)
    assert isinstance(outcome, BaseException)
    return outcome


async def test_an_attempt_that_nobody_waits_for_is_no_failure_of_the_worker(
    steps: Steps, receiver: Receiver
) -> None:
    step = request("http", url=receiver.answer("/slow", Reply(delay=20), Reply(delay=20)))
    environment = ActivityEnvironment()
    running = asyncio.create_task(environment.run(steps.run_step, step))
    while len(receiver.requests) < 1:
        await asyncio.sleep(0.01)
    outcome = await cancelled(environment, running, GONE)
    assert isinstance(outcome, ApplicationError)
    assert (outcome.type, outcome.category) == ("cancelled", ApplicationErrorCategory.BENIGN)
    # Where the server does wait, it hears of the cancellation.
    environment = ActivityEnvironment()
    running = asyncio.create_task(environment.run(steps.run_step, step))
    while len(receiver.requests) < 2:
        await asyncio.sleep(0.01)
    assert isinstance(await cancelled(environment, running, ASKED), asyncio.CancelledError)


async def test_nothing_is_left_of_steps_that_ran_together(
    resources: Resources, steps: Steps, receiver: Receiver
) -> None:
    tasks = asyncio.all_tasks()
    children = set(psutil.Process().children(recursive=True))
    slow = receiver.answer("/slow", *(Reply(delay=20) for _ in range(4)))
    quick = receiver.answer("/quick", *(Reply(json={}) for _ in range(4)))
    script = "const until = Date.now() + 50; while (Date.now() < until); return 1;"
    wanted = [
        *(request("code", script="while (true);") for _ in range(4)),
        *(request("http", url=slow) for _ in range(4)),
        *(request("code", script=script) for _ in range(4)),
        *(request("http", url=quick) for _ in range(4)),
    ]
    environments = [ActivityEnvironment() for _ in wanted]
    running = [
        asyncio.create_task(environment.run(steps.run_step, step))
        for environment, step in zip(environments, wanted, strict=True)
    ]
    while len(receiver.requests) < 8 or not any(task.done() for task in running):
        await asyncio.sleep(0.02)
    await asyncio.sleep(0.3)
    for environment in environments[:8]:
        environment.cancel(GONE)
    outcomes = await asyncio.gather(*running, return_exceptions=True)
    assert all(isinstance(outcome, ApplicationError) for outcome in outcomes[:8])
    assert not [outcome for outcome in outcomes[8:] if isinstance(outcome, BaseException)]
    started = set(psutil.Process().children(recursive=True)) - children
    assert len(started) <= MAX_PROCESSES, "only supervisors that wait for more"
    await resources.close()
    until = time.monotonic() + 3
    while time.monotonic() < until and (_own_tasks() - tasks or _connections(receiver)):
        await asyncio.sleep(0.05)
    assert _own_tasks() - tasks == set()
    assert _connections(receiver) == []
    assert not [process for process in started if process.is_running()]


def _own_tasks() -> set[asyncio.Task[object]]:
    """All but those of the test's server, which has not noticed yet that nobody waits for its answers."""
    return {task for task in asyncio.all_tasks() if "Receiver" not in repr(task.get_coro())}


def _connections(receiver: Receiver) -> list[object]:
    """What this process has to the test's server."""
    return [
        connection
        for connection in psutil.Process().net_connections("tcp")
        if connection.status == "ESTABLISHED" and connection.raddr.port == receiver.port
    ]
