"""Stores what a step gave while it still counts as running.

The SDK encodes the result of an activity, and with it stores what is too large for a history, after the activity's last
heartbeat. Where many large results come at once, that may take longer than a silent worker is given, and steps that had
their effect would have it again.
"""

from typing import Any

from temporalio import activity
from temporalio.common import RawValue
from temporalio.converter import (
    DataConverter,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
    WorkflowSerializationContext,
)
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from activities.heartbeats import heartbeats
from gorax.core.contracts import StepOutcome


class Handover(Interceptor):
    """Has the activities of a worker return large outcomes of steps as references.

    The SDK encodes what an activity returns once more; the codec leaves references as they are.
    """

    def __init__(self, converter: DataConverter) -> None:
        self._converter = converter

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:  # noqa: A002
        """The SDK's question what to put around an activity."""
        return _Storing(next, self._converter)


class _Storing(ActivityInboundInterceptor):
    def __init__(self, inner: ActivityInboundInterceptor, converter: DataConverter) -> None:
        super().__init__(inner)
        self._converter = converter

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:  # noqa: A002 - the SDK's name
        result = await super().execute_activity(input)
        storage = self._converter.external_storage
        if (
            storage is None
            or not isinstance(result, StepOutcome)
            or result.bytes < storage.payload_size_threshold
        ):
            return result
        with heartbeats():
            [payload] = await _bound(self._converter, activity.info()).encode([result])
        return RawValue(payload)


def _bound(converter: DataConverter, info: activity.Info) -> DataConverter:
    """The converter as the SDK has it for the same result: it knows whose the value is, and where it is kept."""
    namespace = info.workflow_namespace or info.namespace
    assert info.workflow_id is not None, "steps are activities of workflows"
    target = StorageDriverWorkflowInfo(
        namespace=namespace, id=info.workflow_id, run_id=info.workflow_run_id, type=info.workflow_type
    )
    context = WorkflowSerializationContext(namespace=namespace, workflow_id=info.workflow_id)
    return converter._with_contexts(context, StorageDriverStoreContext(target))
