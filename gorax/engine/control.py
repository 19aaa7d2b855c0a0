"""Telling runs what is wanted of them, and how a run that has ended did so."""

from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowHandle

from gorax.core.contracts import SIGNAL_PAUSE, SIGNAL_RESUME, TERMINAL, Closing
from gorax.core.ids import temporal_workflow_id
from gorax.engine.calling import told
from gorax.engine.runs import Run

RPC_TIMEOUT = timedelta(seconds=2)


class RunControl:
    """Stops, pauses and resumes runs.

    Every method tells whether there was a run to tell: false when it has not been started, has ended, or was
    forgotten. Telling it again is the same as once. Raises `Unavailable` when Temporal does not answer: the run may or
    may not have been told.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    async def cancel(self, tenant_id: str, execution_id: str) -> bool:
        """Have the run end by its handlers."""
        return await told(self._handle(tenant_id, execution_id).cancel(rpc_timeout=RPC_TIMEOUT))

    async def terminate(self, tenant_id: str, execution_id: str, reason: str | None) -> bool:
        """End the run, and those inside it, at once."""
        handle = self._handle(tenant_id, execution_id)
        return await told(handle.terminate(reason=reason, rpc_timeout=RPC_TIMEOUT))

    async def pause(self, tenant_id: str, execution_id: str) -> bool:
        """Have the run begin no further step."""
        return await self._signal(tenant_id, execution_id, SIGNAL_PAUSE)

    async def resume(self, tenant_id: str, execution_id: str) -> bool:
        """Have the run go on."""
        return await self._signal(tenant_id, execution_id, SIGNAL_RESUME)

    async def _signal(self, tenant_id: str, execution_id: str, name: str) -> bool:
        handle = self._handle(tenant_id, execution_id)
        return await told(handle.signal(name, rpc_timeout=RPC_TIMEOUT))

    def _handle(self, tenant_id: str, execution_id: str) -> WorkflowHandle[Any, Any]:
        return self._client.get_workflow_handle(temporal_workflow_id(tenant_id, execution_id))


def closing_of(tenant_id: str, execution_id: str, run: Run) -> Closing:
    """The end of a run that closed no books itself, for the index. Raises `ValueError` when it has not ended."""
    if run.status not in TERMINAL:
        raise ValueError(f"a run that is {run.status} has no end")
    return Closing(
        tenant_id=tenant_id,
        execution_id=execution_id,
        status=run.status,
        started_at=run.started_at,
        completed_at=run.completed_at or datetime.now(UTC),
        error=run.ending.error if run.ending else None,
    )
