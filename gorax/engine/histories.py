"""The histories of executions, read and folded; those that are closed are kept."""

from temporalio.client import Client, WorkflowExecutionDescription

from gorax.core.cache import Cache
from gorax.core.ids import temporal_workflow_id
from gorax.engine.calling import Handle, describe
from gorax.engine.converter import converter_of
from gorax.engine.history import Batch, FoldedHistory, Outline, Tree, fold, overlay
from gorax.engine.records import Records

CACHE_BYTES = 32_000_000
"""Of closed histories."""


class Histories:
    """Reads histories; one per process, for its cache."""

    def __init__(self, client: Client, records: Records) -> None:
        self._client = client
        self._records = records
        self._closed: Cache[FoldedHistory] = Cache(CACHE_BYTES)

    async def tree(self, tenant_id: str, execution_id: str) -> Tree | None:
        """The histories of an execution; None when neither Temporal nor the archive has it. Raises `Unavailable`."""
        handle = self._client.get_workflow_handle(temporal_workflow_id(tenant_id, execution_id))
        description = await describe(handle)
        run_id = await self._records.archived(handle.id) if description is None else description.run_id
        if run_id is None:
            return None
        root = self._closed.get(run_id)
        if root is None:
            pinned = self._client.get_workflow_handle(handle.id, run_id=run_id)
            root = await fold(self._records.events(pinned), converter_of(self._client, handle.id))
            if not self._keep(root, pinned) and description is not None:
                await self._overlay(root, description)
        return Tree(root, self._batch, converter_of(self._client, handle.id))

    async def _batch(self, batch: Batch, outline: Outline, over: bool) -> FoldedHistory:
        if batch.run_id is not None and (closed := self._closed.get(batch.run_id)) is not None:
            return closed
        handle = self._client.get_workflow_handle(batch.workflow_id, run_id=batch.run_id)
        converter = converter_of(self._client, handle.id)
        history = await fold(
            self._records.events(handle), converter, loop=batch.path, outline=outline, over=over
        )
        if not self._keep(history, handle) and not history.over and (now := await describe(handle)):
            await self._overlay(history, now)
        return history

    def _keep(self, history: FoldedHistory, handle: Handle) -> bool:
        """Keep what never changes."""
        if history.closed and handle.run_id is not None:
            self._closed.keep(handle.run_id, history, history.bytes)
        return history.closed

    async def _overlay(self, history: FoldedHistory, description: WorkflowExecutionDescription) -> None:
        pending = description.raw_description.pending_activities
        await overlay(history, pending, converter_of(self._client, description.id))
