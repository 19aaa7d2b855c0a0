"""The child workflows that a history tells of: batches of loops, and executions of other workflows."""

from collections.abc import Sequence
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.history.v1 import HistoryEvent
from temporalio.converter import DataConverter

from gorax.core.batch_ids import PATH_MEMO, BatchId
from gorax.core.contracts import INTERPRETER, LOOP, ExecutionRequest
from gorax.engine.history.folded import Batch, Counts, Trace


class Children:
    """The children found so far."""

    def __init__(self, converter: DataConverter) -> None:
        self._converter = converter
        self._batches: dict[int, Batch] = {}

    @property
    def batches(self) -> Sequence[Batch]:
        """The batches of loops, in the order in which they were begun."""
        return list(self._batches.values())

    async def read(self, kind: str, event: HistoryEvent) -> Trace | None:
        """Take in an event of a child; of one that begins, the step that waits for it, as far as that is known."""
        if kind == "start_child_workflow_execution_initiated":
            return await self._initiated(event)
        attributes = getattr(event, f"{kind}_event_attributes")
        batch = self._batches.get(attributes.initiated_event_id)
        if batch is None:
            return None
        match kind:
            case "child_workflow_execution_started":
                batch.run_id = attributes.workflow_execution.run_id
            case "child_workflow_execution_completed":
                batch.ended = True
                [batch.counts] = await self._converter.decode(attributes.result.payloads, [Counts])
            case _:
                batch.ended = True
        return None

    async def _initiated(self, event: HistoryEvent) -> Trace | None:
        child = event.start_child_workflow_execution_initiated_event_attributes
        if child.workflow_type.name == LOOP and (told := BatchId.parse(child.workflow_id)):
            path = told.path
            if told.is_short:
                [path] = await self._converter.decode([child.memo.fields[PATH_MEMO]], [str])
            batch = Batch(path, told.first, told.last, child.workflow_id)
            self._batches[event.event_id] = batch
            return Trace(path=batch.path, type="for_each", started_at=moment(event.event_time))
        if child.workflow_type.name != INTERPRETER:
            return None
        [request] = await self._converter.decode(child.input.payloads, [ExecutionRequest])
        if request.begin is None or request.begin.parent_path is None:
            return None
        return Trace(
            path=request.begin.parent_path,
            type="sub_workflow",
            started_at=moment(event.event_time),
            awaits={"execution_id": request.execution_id},
        )


def moment(stamp: Timestamp) -> datetime:
    """A time of Temporal's."""
    return stamp.ToDatetime(tzinfo=UTC)
