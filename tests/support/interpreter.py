"""Runs definitions on the interpreter as a worker does, and replays every history that came of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Client, WorkflowFailureError, WorkflowHandle, WorkflowHistory
from temporalio.worker import Replayer

from activities.resources import Resources
from gorax.core.actions.catalogue import Catalogue, full_catalogue
from gorax.core.contracts import INTERPRETER, LOOP, ExecutionRequest, ExecutionResult
from gorax.core.definition import all_actions, parse_definition
from gorax.core.errors import ErrorInfo
from gorax.core.ids import EXECUTION, new_id, temporal_workflow_id
from gorax.engine.bounds import bounds_of
from gorax.engine.codec import EncryptionCodec
from gorax.engine.converter import data_converter
from gorax.engine.history import Step, StepQuery
from gorax.engine.runs import Runs
from gorax.engine.s3 import AT_WORK
from gorax.payloads import external_storage
from gorax.settings import Settings
from gorax.store.session import Database
from gorax.vault import KeyRing, LocalKey, Vault
from tests.support.probe import ACTION as PROBE
from worker.build import all_workflows, build_worker, workflow_runner

TENANT = "tenant_interpreter"
MAX_BATCHES = 5
"""Batches of loops whose histories are replayed for one execution."""


def vault() -> Vault:
    """The interpreters' vault."""
    return Vault(KeyRing([LocalKey("tests", b"interpreters' own key of 32 byte")]))


class Finished:
    """An execution that has ended."""

    def __init__(self, handle: WorkflowHandle[Any, Any], steps: list[Step]) -> None:
        self.handle = handle
        self.steps = {step.id: step for step in steps}
        self.order = [step.id for step in steps]
        self.output: Any = None
        self.error: ErrorInfo | None = None
        self.status = "completed"
        self.events: list[str] = []

    def statuses(self) -> dict[str, str]:
        """Status by path."""
        return {path: step.status for path, step in self.steps.items()}


class Interpreter:
    """Starts executions on one worker."""

    def __init__(self, client: Client, settings: Settings, catalogue: Catalogue) -> None:
        self.client = client
        self._settings = settings
        self._catalogue = catalogue
        self.runs = Runs(client)

    async def start(
        self,
        definition: dict[str, Any],
        body: Any = None,
        *,
        checked: bool = True,
        output_bytes: int | None = None,
        inline_bytes: int | None = None,
        task_timeout: timedelta | None = None,
    ) -> WorkflowHandle[Any, ExecutionResult]:
        """Start an execution of a definition, checked as at save, with other bounds where they are given."""
        traits = {}
        if checked:
            parsed = parse_definition(definition, self._catalogue)
            types = {action.type for _, action in all_actions(parsed, self._catalogue)}
            traits = dict(self._catalogue.traits(types))
        bounds = bounds_of(self._settings)
        if output_bytes is not None:
            bounds.step_output_bytes = output_bytes
        if inline_bytes is not None:
            bounds.inline_bytes = inline_bytes
        execution_id = new_id(EXECUTION)
        request = ExecutionRequest(
            tenant_id=TENANT,
            execution_id=execution_id,
            workflow_id="wf_test",
            workflow_name="test",
            version=1,
            definition=definition,
            trigger={"type": "manual", "body": {} if body is None else body},
            accepted_at=datetime.now(UTC),
            traits=traits,
            bounds=bounds,
        )
        return await self.client.start_workflow(
            INTERPRETER,
            request,
            id=temporal_workflow_id(TENANT, execution_id),
            task_queue=self._settings.temporal.task_queue,
            task_timeout=task_timeout,
            result_type=ExecutionResult,
        )

    async def finish(self, handle: WorkflowHandle[Any, ExecutionResult]) -> Finished:
        """Wait for the end, read the steps, and replay the history: it must replay without a difference."""
        output: Any = None
        with suppress(WorkflowFailureError):
            output = (await handle.result()).output
        execution_id = handle.id.partition(":")[2]
        run = await self.runs.run(TENANT, execution_id)
        assert run is not None
        finished = Finished(handle, await self.steps(execution_id))
        finished.output = output
        finished.status = run.status
        finished.error = run.ending.error if run.ending else None
        histories = await self.histories(handle)
        finished.events = [event.WhichOneof("attributes") or "" for event in histories[0].events]
        for history in histories:
            await Replayer(
                workflows=all_workflows(builds=False),
                data_converter=self.client.data_converter,
                # The worker has run it in the sandbox; loading that anew for each replay takes half a second.
                workflow_runner=workflow_runner(sandboxed=False),
            ).replay_workflow(history)
        return finished

    async def steps(self, execution_id: str) -> list[Step]:
        """All steps of an execution, page by page."""
        steps: list[Step] = []
        offset: int | None = 0
        while offset is not None:
            page = await self.runs.steps(TENANT, execution_id, StepQuery(offset=offset))
            assert page is not None
            steps += page.steps
            offset = page.next_offset
        return steps

    async def histories(self, handle: WorkflowHandle[Any, Any]) -> list[WorkflowHistory]:
        """The history of an execution, and those of the first batches of its loops."""
        histories = [await handle.fetch_history()]
        for history in histories:
            for event in history.events:
                if len(histories) > MAX_BATCHES:
                    return histories
                started = event.child_workflow_execution_started_event_attributes
                if started.workflow_type.name == LOOP:
                    child = self.client.get_workflow_handle(
                        started.workflow_execution.workflow_id, run_id=started.workflow_execution.run_id
                    )
                    histories.append(await child.fetch_history())
        return histories

    async def run(self, definition: dict[str, Any], body: Any = None, **options: Any) -> Finished:
        """Start an execution and wait for its end."""
        return await self.finish(await self.start(definition, body, **options))


@asynccontextmanager
async def running_interpreter(
    client: Client, settings: Settings, codec: EncryptionCodec | None = None
) -> AsyncIterator[Interpreter]:
    """A worker with every action type and the tests' probe."""
    catalogue = Catalogue([*full_catalogue(), PROBE])
    database, resources = Database(settings), Resources(settings)
    config = client.config()
    config["data_converter"] = data_converter(external_storage(settings, database, AT_WORK), codec)
    client = Client(**config)
    worker = build_worker(
        client, settings, database=database, resources=resources, catalogue=catalogue, vault=vault()
    )
    async with worker:
        yield Interpreter(client, settings, catalogue)
    await resources.close()
    await database.close()
