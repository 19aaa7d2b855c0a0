"""Clients of the running API."""

from collections.abc import AsyncIterator, Iterator

import pytest

from gorax import AsyncGorax, Gorax
from tests.support.processes import Stack


@pytest.fixture
async def gorax(stack: Stack, tenant: str) -> AsyncIterator[AsyncGorax]:
    """A client for an event loop, of the test's own tenant."""
    async with AsyncGorax(stack.url, tenant=tenant, trust_env=False) as gorax:
        yield gorax


@pytest.fixture
def blocking(stack: Stack, tenant: str) -> Iterator[Gorax]:
    """A client that blocks, of the same tenant."""
    with Gorax(stack.url, tenant=tenant, trust_env=False) as gorax:
        yield gorax
