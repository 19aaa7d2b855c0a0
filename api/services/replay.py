"""Executions that begin from earlier ones: retries, which go on where those ended, and reruns."""

from collections.abc import Mapping
from typing import Literal

from api.identity import Identity
from api.services.input import check_input
from api.services.launch import Launch, Launcher, check_enabled
from api.services.lifecycle import NO_EXECUTION
from gorax.core.errors import Conflict, NotFound, Unavailable
from gorax.core.steering import Steerings
from gorax.engine.runs import Runs
from gorax.store.executions import Executions
from gorax.store.session import Database
from gorax.store.tables import Execution, Workflow
from gorax.store.workflows import Workflows

Version = Literal["same", "current"]

RETRYABLE = frozenset({"failed", "cancelled", "terminated", "timed_out"})
_ALIVE = frozenset({"pending", "running"})


class Replays:
    """Begins executions from earlier ones of the same tenant.

    Every method returns the new row, or that of the first one when the idempotency key was used for the same before.
    It raises `NotFound`, `Conflict` when the state of the execution or its workflow forbids it, and `Unavailable`.
    """

    def __init__(self, database: Database, launcher: Launcher, runs: Runs, steerings: Steerings) -> None:
        self._database = database
        self._launcher = launcher
        self._runs = runs
        self._steerings = steerings

    async def retry(self, identity: Identity, execution_id: str, key: str | None) -> Execution:
        """Go on with an execution that did not end well, taking the results of its completed steps as they are."""
        earlier, workflow, last = await self._read(identity.tenant_id, execution_id)
        launch = await self._launch(identity, key, earlier, workflow, "same", {"retry_of": earlier.id})

        async def check(executions: Executions) -> None:
            # Two retries of one execution would both do what it had not done yet.
            newest = await executions.lock_for_retry(earlier.id)
            repeated = await executions.by_key(key) if key is not None else None
            if repeated is None and newest != (last.id if last else None):
                raise Conflict(f"{earlier.id} is being retried as {newest}")

        if key is None or not await self._is_known(identity.tenant_id, key):
            await self._see_that_it_may_be_retried(earlier, last)
        return await self._launcher.launch(launch, check)

    async def rerun(
        self, identity: Identity, execution_id: str, version: Version, key: str | None
    ) -> Execution:
        """Begin anew with the trigger of an execution, whatever became of it.

        Raises `Invalid` when the current version asks for another input.
        """
        earlier, workflow, _ = await self._read(identity.tenant_id, execution_id)
        launch = await self._launch(identity, key, earlier, workflow, version, {"rerun_of": earlier.id})
        if version == "current":
            await check_input(self._steerings, workflow, earlier.trigger.get("body"))
        return await self._launcher.launch(launch)

    async def _read(self, tenant_id: str, execution_id: str) -> tuple[Execution, Workflow, Execution | None]:
        """The execution, its workflow, and its last retry."""
        async with self._database.session(tenant_id) as session:
            executions = Executions(session, tenant_id)
            earlier = await executions.get(execution_id)
            if earlier is None:
                raise NotFound(NO_EXECUTION)
            workflow = await Workflows(session, tenant_id).get(earlier.workflow_id)
            last = await executions.last_retry(execution_id)
        if workflow is None:
            raise Conflict(f"workflow {earlier.workflow_id} was deleted")
        check_enabled(workflow)
        return earlier, workflow, last

    async def _is_known(self, tenant_id: str, key: str) -> bool:
        async with self._database.session(tenant_id) as session:
            return await Executions(session, tenant_id).by_key(key) is not None

    async def _see_that_it_may_be_retried(self, earlier: Execution, last: Execution | None) -> None:
        """Raises `Conflict` when it may not."""
        if last is not None and (
            last.status not in RETRYABLE or await self._runs.run(last.tenant_id, last.id) is not None
        ):
            # What the retry did must not be done once more.
            raise Conflict(f"{earlier.id} was retried as {last.id}, which is {last.status}: go on from there")
        status = earlier.status
        try:
            run = await self._runs.run(earlier.tenant_id, earlier.id)
        except Unavailable:
            pass  # whoever starts the retry will see
        else:
            if run is None and status not in _ALIVE:
                raise Conflict(
                    f"Temporal no longer has the history of {earlier.id}: run it again from the beginning"
                )
            status = run.status if run else status
        if status in _ALIVE:
            raise Conflict(f"{earlier.id} is {status}: only what has ended can be retried")
        if status not in RETRYABLE:
            raise Conflict(f"{earlier.id} is {status}: there is nothing to retry, but it can be rerun")

    async def _launch(
        self,
        identity: Identity,
        key: str | None,
        earlier: Execution,
        workflow: Workflow,
        version: Version,
        links: Mapping[str, str],
    ) -> Launch:
        name, number, definition = workflow.name, workflow.version, workflow.definition
        if version == "same" and earlier.version != workflow.version:
            async with self._database.session(workflow.tenant_id) as session:
                saved = await Workflows(session, workflow.tenant_id).version(workflow.id, earlier.version)
            if saved is None:
                raise Conflict(f"workflow {workflow.id} was deleted")
            name, number, definition = saved.name, saved.version, saved.definition
        return Launch(
            tenant_id=identity.tenant_id,
            workflow_id=workflow.id,
            workflow_name=name,
            version=number,
            definition=definition,
            trigger_type="replay",
            trigger=earlier.trigger,
            user_id=identity.user_id,
            idempotency_key=key,
            priority=earlier.priority,
            links=links,
        )
