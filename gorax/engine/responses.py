"""What a run answers to whoever waits for it: its first `respond`, or else its end."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, Final

from pydantic import BaseModel, Field
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import Client
from temporalio.converter import DataConverter
from temporalio.service import RPCError

from gorax.core.actions.respond import ACTION
from gorax.core.contracts import CLOSE, JOURNAL, StepRecord
from gorax.core.encoding import loads
from gorax.core.errors import Unavailable
from gorax.core.ids import temporal_workflow_id
from gorax.engine.calling import Handle
from gorax.engine.converter import converter_of
from gorax.engine.history.events import LOCAL_ACTIVITY_MARKER
from gorax.engine.runs import Run, Runs

PAUSE_SECONDS: Final = 0.1
"""Before another look for a run that Temporal does not have yet, or cannot tell of just now."""
POLL_TIMEOUT: Final = timedelta(seconds=60)
"""Temporal holds a question for new events for about 20 s before it says that there are none."""

_RESPOND: Final = frozenset({ACTION.name, *ACTION.aliases})


class Response(BaseModel):
    """What `respond` said."""

    status: int
    headers: dict[str, str] = Field(default_factory=dict)
    body: Any = None


class TruncatedError(Exception):
    """The run has responded, with more than a history keeps."""


class Responses:
    """Waits for responses of runs."""

    def __init__(self, client: Client, runs: Runs) -> None:
        self._client = client
        self._runs = runs

    async def wait(self, tenant_id: str, execution_id: str) -> Response | Run:
        """The first response of an accepted execution, or else the run once it has ended.

        Waits for ever, also while Temporal is away or has not taken the execution yet: the caller has the limit.
        Raises `TruncatedError`. What responds inside of a loop's batch, which is a run of its own, is not seen.
        """
        handle = self._client.get_workflow_handle(temporal_workflow_id(tenant_id, execution_id))
        converter = converter_of(self._client, handle.id)
        while True:
            try:
                async for event in _events_as_they_come(handle):
                    if (response := await _response_in(event, converter)) is not None:
                        return response
                # It may have gone on as a new run, whose history begins anew.
                run = await self._runs.run(tenant_id, execution_id)
                if run is not None and run.ending is not None:
                    return run
            except Unavailable:
                pass
            await asyncio.sleep(PAUSE_SECONDS)


async def _events_as_they_come(handle: Handle) -> AsyncIterator[HistoryEvent]:
    """The events of the run until it has ended; none when there is no such run, or none can be had."""
    try:
        async for event in handle.fetch_history_events(wait_new_event=True, rpc_timeout=POLL_TIMEOUT):
            yield event
    except (RPCError, RuntimeError):  # not there, away, or the lazy connection could not be made
        return


async def _response_in(event: HistoryEvent, converter: DataConverter) -> Response | None:
    marker = event.marker_recorded_event_attributes
    if marker.marker_name != LOCAL_ACTIVITY_MARKER or not marker.details["result"].payloads:
        return None
    # Written by the SDK's core as plain JSON, whatever our own converter and codec are.
    kind = loads(marker.details["data"].payloads[0].data).get("activity_type")
    if kind not in {JOURNAL, CLOSE}:
        return None
    [records] = await converter.decode(list(marker.details["result"].payloads), [list[StepRecord]])
    for record in records:
        if record.type in _RESPOND and record.status == "completed":
            if "status" not in record.output:
                raise TruncatedError
            return Response.model_validate(record.output)
    return None
