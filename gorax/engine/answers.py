"""Telling runs of the answers that they wait for."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from gorax.core.contracts import SIGNAL_ANSWER, WaitAnswered
from gorax.core.errors import Unavailable

TELL_TIMEOUT = timedelta(seconds=3)


async def tell_answer(client: Client, temporal_id: str, answered: WaitAnswered) -> bool:
    """Send an answer to the Temporal workflow that waits for it; a run ignores one that it has already.

    Returns whether there is such a run. Raises `Unavailable` when Temporal does not take it now.
    """
    try:
        await client.get_workflow_handle(temporal_id).signal(
            SIGNAL_ANSWER, answered, rpc_timeout=TELL_TIMEOUT
        )
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise Unavailable(f"Temporal does not answer: {error.status.name.lower()}") from error
    except RuntimeError as error:  # the lazy connection could not be made
        raise Unavailable("Temporal cannot be reached") from error
    return True
