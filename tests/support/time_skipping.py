"""Temporal's time-skipping test server, from its wheel: nothing is downloaded."""

import sys
from pathlib import Path

from temporalio.testing import WorkflowEnvironment


async def time_skipping_environment() -> WorkflowEnvironment:
    """A started server; a context manager that ends it."""
    program = Path(sys.executable).with_name("temporal-test-server")
    return await WorkflowEnvironment.start_time_skipping(test_server_existing_path=str(program))
