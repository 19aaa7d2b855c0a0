"""One history of Temporal's, read as it grows."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import timedelta

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import (
    GetWorkflowExecutionHistoryRequest,
    GetWorkflowExecutionHistoryResponse,
)
from temporalio.client import Client
from temporalio.service import RPCError

from gorax.core.errors import Unavailable
from gorax.engine.calling import unavailable
from gorax.engine.converter import converter_of
from gorax.engine.history.events import Mark, Traces
from gorax.engine.history.fold import closes, folded, overlay
from gorax.engine.history.folded import Batch, FoldedHistory
from gorax.engine.history.outline import Outline

POLL_TIMEOUT = timedelta(seconds=30)
"""Temporal holds a question for new events for about 20 s before it says that there are none."""


class LiveHistory:
    """The history of one run: an execution's, or that of a batch of a loop whose path is `loop`."""

    def __init__(self, client: Client, workflow_id: str, run_id: str, loop: str | None = None) -> None:
        self.run_id = run_id
        self.loop = loop
        self.closed = False
        """Nothing is added to it any more, and all of it was read."""
        self.converter = converter_of(client, workflow_id)
        self._client = client
        self.handle = client.get_workflow_handle(workflow_id, run_id=run_id)
        self._traces = Traces(self.converter)
        self._token = b""
        self._last: HistoryEvent | None = None
        self._outline = Outline({})
        self._overlaid: frozenset[str] = frozenset()
        self.shedded: set[str] = set()
        """Steps whose values were given up: nothing about them changes any more."""

    @property
    def mark(self) -> Mark:
        """Of the last event that was read."""
        return self._traces.mark

    @property
    def batches(self) -> Sequence[Batch]:
        """The batches of loops that it has begun."""
        return self._traces.children.batches

    async def read(self) -> bool:
        """Take in the next events, waiting for some for at most 20 s; whether there were any. Raises `Unavailable`."""
        page = await self._next_page()
        for number, event in enumerate(page.history.events, 1):
            await self._traces.read(event)
            self._last = event
            if number % 200 == 0:
                await asyncio.sleep(0)  # a long history is not read in one breath
        self._token = page.next_page_token
        if not self._token or (self._last is not None and closes(self._last)):
            self.closed = True
        return bool(page.history.events)

    async def _next_page(self) -> GetWorkflowExecutionHistoryResponse:
        request = GetWorkflowExecutionHistoryRequest(
            namespace=self._client.namespace,
            execution=WorkflowExecution(workflow_id=self.handle.id, run_id=self.run_id),
            next_page_token=self._token,
            wait_new_event=True,
        )
        try:
            # The SDK's own way would try again for minutes without a word when Temporal is away.
            return await self._client.workflow_service.get_workflow_execution_history(
                request, retry=False, timeout=POLL_TIMEOUT
            )
        except RPCError as error:
            raise unavailable(error) from error
        except RuntimeError as error:  # the lazy connection could not be made
            raise Unavailable("Temporal cannot be reached") from error

    async def outline(self) -> Outline:
        """Of the definition, as soon as the history tells it."""
        if not self._outline.own_actions:
            self._outline = await self._traces.outline()
        return self._outline

    async def now(
        self, outline: Outline, pending: Iterable[PendingActivityInfo], *, over: bool
    ) -> tuple[FoldedHistory, Mapping[str, Mark]]:
        """What it tells of by now, and by path the marks of what may have changed since this was asked the last time.

        `pending` are the activities as Temporal describes them; see `fold` for the others.
        """
        history = folded(self._traces, self._last, outline, loop=self.loop, over=over)
        touched, self._traces.touched = self._traces.touched, {}
        self.shedded -= touched.keys()
        if history.over:
            pending = ()
        await overlay(history, pending, self.converter)
        overlaid = frozenset(activity.activity_id for activity in pending)
        # Temporal may name an activity as pending for a moment after the history has told its end.
        changed = dict.fromkeys((overlaid | self._overlaid) - self.shedded, self.mark) | touched
        self._overlaid = overlaid
        return history, changed

    def shed(self, paths: Set[str]) -> None:
        """Give up the values of these steps, which have ended, hold no others, and were seen."""
        self.shedded |= paths
        for path in paths:
            if (trace := self._traces.by_path.get(path)) is not None:
                trace.input = trace.output = trace.outcome = None

    @property
    def has_activities(self) -> bool:
        """Whether any step may be in an activity now."""
        return any(
            trace.status == "running" and trace.awaits is None and trace.number is not None
            for trace in self._traces.by_path.values()
        )
