"""A script's time, where its machine has other things to do."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.resources import Resources
from activities.steps import Steps
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.contracts import RetryRule, StepRequest
from gorax.core.scripts import OVERTIME_SECONDS
from tests.activities.calls import Given
from workflows.effects import GRACE

ENDLESS = StepRequest(
    tenant_id="acme",
    execution_id="exec_1",
    path="endless",
    action_id="endless",
    type="code",
    config={"script": "let i = 0;\nconsole.log('begun');\nwhile (true)\n  i++;"},
    timeout=0.5,
    retry=RetryRule(max_attempts=3),
)


@pytest.fixture
def busy() -> Iterator[None]:
    """More programs that want a processor than there are processors."""
    with ExitStack() as stack:
        for _ in range(4):
            program = stack.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            stack.callback(program.kill)
        yield


def test_the_worker_speaks_before_the_server_gives_it_up() -> None:
    assert timedelta(seconds=OVERTIME_SECONDS) + timedelta(seconds=1) < GRACE


@pytest.mark.usefixtures("busy")
async def test_an_endless_script_is_told_by_its_own_time_and_never_tried_again(resources: Resources) -> None:
    steps = Steps(full_catalogue(), resources, Given())
    for _ in range(3):
        begun = time.monotonic()
        with pytest.raises(ApplicationError) as caught:
            await ActivityEnvironment().run(steps.run_step, ENDLESS)
        assert time.monotonic() - begun < 3.5
        assert (caught.value.type, caught.value.non_retryable) == ("timeout", True)
        assert caught.value.message.startswith("the script took longer than 0.5 s")
