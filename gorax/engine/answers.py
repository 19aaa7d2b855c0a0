"""Telling runs of the answers that they wait for."""

from datetime import timedelta

from temporalio.client import Client

from gorax.core.contracts import SIGNAL_ANSWER, WaitAnswered
from gorax.engine.calling import told

TELL_TIMEOUT = timedelta(seconds=3)


async def tell_answer(client: Client, temporal_id: str, answered: WaitAnswered) -> bool:
    """Send an answer to the Temporal workflow that waits for it; a run ignores one that it has already.

    Returns whether there is such a run. Raises `Unavailable` when Temporal does not take it now.
    """
    handle = client.get_workflow_handle(temporal_id)
    return await told(handle.signal(SIGNAL_ANSWER, answered, rpc_timeout=TELL_TIMEOUT))
