"""Stores what a step gave while it still counts as running.

The SDK encodes the result of an activity, and with it stores what is too large for a history, after the activity's last
heartbeat. Where many large results come at once, that may take longer than a silent worker is given, and steps that had
their effect would have it again.
"""

from typing import Any

from temporalio import activity
from temporalio.common import RawValue
from temporalio.converter import DataConverter, StorageDriverStoreContext, StorageDriverWorkflowInfo
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, Interceptor

from activities.heartbeats import heartbeats
from gorax.core.contracts import StepOutcome


class Handover(Interceptor):
    """Has the activities of a worker return large outcomes of steps as references.

    A payload codec must leave references as they are: the SDK encodes what an activity returns once more.
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
        info = activity.info()
        target = StorageDriverWorkflowInfo(
            namespace=info.workflow_namespace or info.namespace,
            id=info.workflow_id,
            run_id=info.workflow_run_id,
            type=info.workflow_type,
        )
        with heartbeats():
            converter = self._converter._with_store_context(StorageDriverStoreContext(target))
            [payload] = await converter.encode([result])
        return RawValue(payload)
