"""What a retry takes from the run that it continues."""

from typing import Any

from temporalio.client import Client

from gorax.core.actions.catalogue import Catalogue
from gorax.core.contracts import ExecutionRequest, StepOutcome
from gorax.core.errors import Conflict
from gorax.core.ids import temporal_workflow_id
from gorax.core.reuse import lasting
from gorax.engine.converter import converter_of
from gorax.engine.runs import Runs


class EarlierRuns:
    """Reads the results of runs that did not end well."""

    def __init__(self, client: Client, runs: Runs, catalogue: Catalogue) -> None:
        self._client = client
        self._runs = runs
        self._catalogue = catalogue

    async def results(
        self, tenant_id: str, execution_id: str, definition: dict[str, Any]
    ) -> dict[str, StepOutcome]:
        """By path, the outcomes of the steps that need not run again; `definition` is in the action form.

        Raises `Conflict` when Temporal no longer has the run, `Invalid` when the outcomes are too large together, and
        `Unavailable`.
        """
        completed = await self._runs.outcomes(tenant_id, execution_id)
        if completed is None:
            raise Conflict(
                f"Temporal no longer has the history of {execution_id}: run it again from the beginning"
            )
        own = lasting(definition, self._catalogue, completed)
        # Of what it reused itself, its history may tell in short.
        return {**own, **await self._given(tenant_id, execution_id)}

    async def _given(self, tenant_id: str, execution_id: str) -> dict[str, StepOutcome]:
        handle: Any = self._client.get_workflow_handle(temporal_workflow_id(tenant_id, execution_id))
        async for event in self._runs.records.events(handle):
            payloads = event.workflow_execution_started_event_attributes.input.payloads
            [request] = await converter_of(self._client, handle.id).decode(payloads, [ExecutionRequest])
            return ExecutionRequest.model_validate(request).reuse
        return {}
