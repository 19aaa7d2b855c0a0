"""Schedules of Temporal's: the twins of ours."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from temporalio.api.workflowservice.v1 import CountSchedulesRequest
from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleBackfill,
    ScheduleHandle,
    ScheduleListDescription,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleState,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes
from temporalio.service import RPCError, RPCStatusCode

from gorax.core.contracts import INTERPRETER, SEARCH_SCHEDULE, BeginRequest, ExecutionRequest
from gorax.core.errors import Invalid, Unavailable
from gorax.core.ids import temporal_schedule_id, temporal_workflow_id
from gorax.core.schedule_options import Overlap
from gorax.core.twins import Backfill, Sighting, Twin, execution_prefix
from gorax.engine.calling import told, unavailable
from gorax.engine.client import TENANT, TRIGGER, WORKFLOW, priority_of
from gorax.engine.timings import spec_of

RPC_TIMEOUT = timedelta(seconds=3)
"""Twins are told under locks, for which requests wait."""
PAGE = 500
"""Schedules that one call lists."""

_TOLD = SearchAttributeKey.for_keyword(SEARCH_SCHEDULE)
_ACTIVE, _PAUSED = "active", "paused"
_OURS = f"{SEARCH_SCHEDULE} IS NOT NULL"
_DIFFERING: Final = (
    f"TemporalSchedulePaused = true AND {SEARCH_SCHEDULE} STARTS_WITH '{_ACTIVE}'",
    f"TemporalSchedulePaused = false AND {SEARCH_SCHEDULE} STARTS_WITH '{_PAUSED}'",
)
_OVERLAPS: dict[Overlap, ScheduleOverlapPolicy] = {
    "skip": ScheduleOverlapPolicy.SKIP,
    "buffer_one": ScheduleOverlapPolicy.BUFFER_ONE,
    "buffer_all": ScheduleOverlapPolicy.BUFFER_ALL,
    "cancel_other": ScheduleOverlapPolicy.CANCEL_OTHER,
    "terminate_other": ScheduleOverlapPolicy.TERMINATE_OTHER,
    "allow_all": ScheduleOverlapPolicy.ALLOW_ALL,
}
_DEFAULT_PRIORITY = 1


class TwinSchedules:
    """Makes, changes, removes and finds twins. Doing any of it again is the same as once.

    Every method raises `Unavailable` when Temporal does not answer: it may or may not have been done.
    """

    def __init__(self, client: Client, task_queue: str) -> None:
        self._client = client
        self._task_queue = task_queue

    async def put(self, twin: Twin, *, known: bool) -> None:
        """Have the twin be as described, whether it is there or not; `known` says what is likely.

        Raises `Invalid` when Temporal refuses the description, and always will.
        """
        # A twin that comes or goes in between is met by the second round.
        if known and await self._update(twin):
            return
        if not await self._create(twin) and not await self._update(twin):
            raise Unavailable("the schedule came and went; try again")

    async def remove(self, tenant_id: str, schedule_id: str) -> None:
        """Have no such twin. Executions that it began go on."""
        await told(self._handle(tenant_id, schedule_id).delete(rpc_timeout=RPC_TIMEOUT))

    async def backfill(self, tenant_id: str, schedule_id: str, backfill: Backfill) -> bool:
        """Make up for a range; False when there is no such twin. A time that has its execution gets no second one."""
        asked = ScheduleBackfill(
            start_at=backfill.begin, end_at=backfill.end, overlap=_OVERLAPS[backfill.overlap]
        )
        return await told(self._handle(tenant_id, schedule_id).backfill(asked, rpc_timeout=RPC_TIMEOUT))

    async def count(self) -> int:
        """How many twins there are."""
        request = CountSchedulesRequest(namespace=self._client.namespace, query=_OURS)
        try:
            counted = await self._client.workflow_service.count_schedules(request, timeout=RPC_TIMEOUT)
        except RPCError as error:
            raise unavailable(error) from error
        return counted.count

    async def all(self) -> AsyncIterator[Sequence[Sighting]]:
        """All twins, page by page, as they were a moment ago."""
        sightings: list[Sighting] = []
        async for sighting in self._listed(_OURS):
            sightings.append(sighting)
            if len(sightings) == PAGE:
                yield sightings
                sightings = []
        yield sightings

    async def otherwise(self, limit: int) -> list[Sighting]:
        """Twins that somebody else than we paused or resumed: an operator, or Temporal after a failed execution."""
        found: list[Sighting] = []
        for query in _DIFFERING:
            async for sighting in self._listed(query):
                # What is listed may be half of a change of our own.
                seen = await self._seen(sighting.tenant_id, sighting.schedule_id)
                if seen is not None and seen.paused == seen.told_active:
                    found.append(seen)
                if len(found) >= limit:
                    return found
        return found

    async def _seen(self, tenant_id: str, schedule_id: str) -> Sighting | None:
        try:
            shown = await self._handle(tenant_id, schedule_id).describe(rpc_timeout=RPC_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise unavailable(error) from error
        state = shown.schedule.state
        return _sighting(shown.id, shown.typed_search_attributes.get(_TOLD), state.paused, state.note)

    async def _listed(self, query: str) -> AsyncIterator[Sighting]:
        try:
            async for shown in await self._client.list_schedules(
                query, page_size=PAGE, rpc_timeout=RPC_TIMEOUT
            ):
                if (sighting := _of_list(shown)) is not None:
                    yield sighting
        except RPCError as error:
            raise unavailable(error) from error

    async def _create(self, twin: Twin) -> bool:
        """Make it; False when there is one of the id."""
        try:
            await self._client.create_schedule(
                temporal_schedule_id(twin.tenant_id, twin.schedule_id),
                self._schedule(twin),
                search_attributes=_attributes(twin),
                rpc_timeout=RPC_TIMEOUT,
            )
        except ScheduleAlreadyRunningError:
            return False
        except RPCError as error:
            raise _refused(error) from error
        except RuntimeError as error:  # the lazy connection could not be made
            raise Unavailable("Temporal cannot be reached") from error
        return True

    async def _update(self, twin: Twin) -> bool:
        """Change it; False when there is none."""

        def change(found: ScheduleUpdateInput) -> ScheduleUpdate:
            changed = self._schedule(twin)
            state = found.description.schedule.state
            if twin.was_active and state.paused:
                changed.state.paused, changed.state.note = True, state.note
            return ScheduleUpdate(changed, _attributes(twin))

        try:
            await self._handle(twin.tenant_id, twin.schedule_id).update(change, rpc_timeout=RPC_TIMEOUT)
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise _refused(error) from error
        except RuntimeError as error:  # the lazy connection could not be made
            raise Unavailable("Temporal cannot be reached") from error
        return True

    def _handle(self, tenant_id: str, schedule_id: str) -> ScheduleHandle:
        return self._client.get_schedule_handle(temporal_schedule_id(tenant_id, schedule_id))

    def _schedule(self, twin: Twin) -> Schedule:
        return Schedule(
            action=self._action(twin),
            spec=spec_of(twin.timing),
            policy=SchedulePolicy(
                overlap=_OVERLAPS[twin.overlap],
                catchup_window=timedelta(seconds=twin.catchup_window),
                pause_on_failure=twin.pause_on_failure,
            ),
            state=ScheduleState(
                note=twin.note,
                paused=not twin.active,
                limited_actions=bool(twin.remaining_runs),
                remaining_actions=twin.remaining_runs or 0,
            ),
        )

    def _action(self, twin: Twin) -> ScheduleActionStartWorkflow:
        trigger = {"type": "schedule", "schedule_id": twin.schedule_id}
        begin = BeginRequest(
            tenant_id=twin.tenant_id,
            execution_id="",
            workflow_id=twin.workflow_id,
            trigger=trigger,
            accepted_at=datetime.now(UTC),
            priority=_DEFAULT_PRIORITY,
        )
        return ScheduleActionStartWorkflow(
            INTERPRETER,
            # The same for every run: the run itself adds what only it knows.
            ExecutionRequest(
                tenant_id=twin.tenant_id,
                execution_id="",
                workflow_id=twin.workflow_id,
                trigger=trigger,
                accepted_at=begin.accepted_at,
                begin=begin,
            ),
            id=temporal_workflow_id(twin.tenant_id, execution_prefix(twin.schedule_id)),
            task_queue=self._task_queue,
            typed_search_attributes=TypedSearchAttributes(
                [
                    SearchAttributePair(TENANT, twin.tenant_id),
                    SearchAttributePair(WORKFLOW, twin.workflow_id),
                    SearchAttributePair(TRIGGER, "schedule"),
                ]
            ),
            static_summary=twin.workflow_name[:150],
            static_details=(
                f"**{twin.workflow_name}**\n- tenant `{twin.tenant_id}`, workflow `{twin.workflow_id}`\n"
                f"- started by schedule `{twin.schedule_id}`"
            ),
            priority=priority_of(_DEFAULT_PRIORITY, twin.tenant_id),
        )


def _attributes(twin: Twin) -> TypedSearchAttributes:
    told = f"{_ACTIVE if twin.active else _PAUSED}.{twin.generation}"
    return TypedSearchAttributes(
        [SearchAttributePair(TENANT, twin.tenant_id), SearchAttributePair(_TOLD, told)]
    )


def _of_list(shown: ScheduleListDescription) -> Sighting | None:
    if shown.schedule is None:
        return None
    state = shown.schedule.state
    return _sighting(shown.id, shown.typed_search_attributes.get(_TOLD), state.paused, state.note)


def _sighting(schedule_id: str, told: str | None, paused: bool, note: str | None) -> Sighting | None:
    tenant_id, _, own_id = schedule_id.partition(":")
    word, _, generation = (told or "").partition(".")
    if not own_id or not generation.isdigit():
        return None
    return Sighting(
        tenant_id=tenant_id,
        schedule_id=own_id,
        generation=int(generation),
        told_active=word == _ACTIVE,
        paused=paused,
        note=note,
    )


def _refused(error: RPCError) -> Invalid | Unavailable:
    # A search attribute that is missing is put right by preparing the namespace; the description never will be.
    if error.status is RPCStatusCode.INVALID_ARGUMENT and "search attribute" not in error.message.lower():
        return Invalid(f"Temporal refuses the schedule: {error.message}")
    return unavailable(error)
