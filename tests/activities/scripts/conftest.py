from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from activities.call import Call
from activities.connectors.code import ACTION
from activities.resources import Resources
from gorax.core.contracts import RetryRule, StepRequest
from gorax.core.definition import check_config
from gorax.settings import Settings
from tests.activities.calls import Given

Run = Callable[..., Awaitable[dict[str, Any]]]


@pytest.fixture(scope="session")
async def resources() -> AsyncIterator[Resources]:
    """What a worker shares among its steps, the pool of script processes among it."""
    resources = Resources(Settings())
    yield resources
    await resources.close()


@pytest.fixture
def run(resources: Resources) -> Run:
    """Runs the action as a worker does: `{result, logs}`, or `StepError`."""

    async def run(
        script: str, *, within: float = 10.0, tenant_id: str = "acme", **config: Any
    ) -> dict[str, Any]:
        config = {"script": script, **config}
        step = StepRequest(
            tenant_id=tenant_id,
            execution_id="exec_1",
            path="step",
            action_id="step",
            type="code",
            config=config,
            timeout=within,
            retry=RetryRule(),
        )
        call = Call(step, 1, resources, Given())
        output: dict[str, Any] = await ACTION.run(check_config(ACTION, config), call)
        return output

    return run
