from collections.abc import AsyncIterator

import pytest

from gorax.settings import HttpSettings
from tests.activities.calls import LOOPBACK, Worker
from tests.support.receiver import Receiver


@pytest.fixture
async def worker() -> AsyncIterator[Worker]:
    """A worker that may reach loopback."""
    worker = Worker(HttpSettings(allowed_networks=LOOPBACK))
    yield worker
    await worker.close()


@pytest.fixture
async def server() -> AsyncIterator[Receiver]:
    """A well-behaved server of the test's own."""
    async with Receiver() as receiver:
        yield receiver
