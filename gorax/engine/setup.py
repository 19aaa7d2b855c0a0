"""What a Temporal namespace must have before executions run in it."""

import asyncio
from datetime import timedelta

import structlog
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest, ListSearchAttributesRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.converter import ExternalStorage
from temporalio.service import RPCError, RPCStatusCode

from gorax.core.contracts import SEARCH_SCHEDULE, SEARCH_TENANT, SEARCH_TRIGGER, SEARCH_WORKFLOW
from gorax.core.maintenance import KEEPER, RECONCILER
from gorax.engine.codec import EncryptionCodec
from gorax.engine.converter import data_converter
from gorax.settings import Settings
from gorax.telemetry.tracing import client_interceptors

MAINTENANCE = {"gorax-reconcile": RECONCILER, "gorax-keep": KEEPER}
"""By the id of its schedule, what runs every minute."""
RETRY_SECONDS = 1.0

log = structlog.get_logger(__name__)


async def connect(
    settings: Settings,
    storage: ExternalStorage | None = None,
    codec: EncryptionCodec | None = None,
    *,
    identity: str | None = None,
) -> Client:
    """Wait for Temporal, see to search attributes and the maintenance schedule, and return a client for a worker.

    Safe to run in any number of workers at once. `identity` is shown in histories instead of process and host.
    """
    while True:
        try:
            client = await Client.connect(
                settings.temporal.target,
                namespace=settings.temporal.namespace,
                data_converter=data_converter(storage, codec),
                interceptors=client_interceptors(),
                identity=identity,
            )
            await prepare(client, settings)
        except (RPCError, RuntimeError) as error:
            log.warning("waiting for Temporal", target=settings.temporal.target, reason=str(error)[:200])
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return client


async def prepare(client: Client, settings: Settings) -> None:
    """See to search attributes and the maintenance schedule. Raises `RPCError` and `RuntimeError`."""
    await _add_search_attributes(client)
    await _add_maintenance(client, settings)


async def _add_search_attributes(client: Client) -> None:
    wanted = (SEARCH_TENANT, SEARCH_WORKFLOW, SEARCH_TRIGGER, SEARCH_SCHEDULE)
    present = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=client.namespace)
    )
    missing = [name for name in wanted if name not in present.custom_attributes]
    if not missing:
        return
    try:
        await client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=client.namespace,
                search_attributes=dict.fromkeys(missing, IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD),
            )
        )
    except RPCError as error:
        if error.status is not RPCStatusCode.ALREADY_EXISTS:  # another worker was first
            raise


async def _add_maintenance(client: Client, settings: Settings) -> None:
    for schedule_id, workflow_type in MAINTENANCE.items():
        try:
            await client.create_schedule(
                schedule_id,
                Schedule(
                    action=ScheduleActionStartWorkflow(
                        workflow_type, id=schedule_id, task_queue=settings.temporal.task_queue
                    ),
                    spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=timedelta(minutes=1))]),
                    policy=SchedulePolicy(
                        overlap=ScheduleOverlapPolicy.BUFFER_ONE, catchup_window=timedelta(minutes=1)
                    ),
                ),
                trigger_immediately=True,
            )
        except ScheduleAlreadyRunningError:
            continue
