"""Executions: what they are and did, what becomes of them, and watching them."""

import math
import time
from collections.abc import Sequence
from typing import Any, Literal, Unpack

from gorax.client.arguments import ExecutionFilters
from gorax.client.calls import EVENT_STREAM, NOTHING, Call, data, fields, page, plain, text
from gorax.client.diagrams import DiagramForm, media_type
from gorax.client.errors import NotEnded, ServerError, Unreachable
from gorax.client.flows import Feed, Flow, Pause
from gorax.client.following import GIVE_UP, follow, follow_events
from gorax.client.models.approvals import SentSignal, Wait
from gorax.client.models.common import Page
from gorax.client.models.executions import (
    Accepted,
    Execution,
    ExecutionsPage,
    ExecutionState,
    Steps,
    StepStatus,
)
from gorax.client.models.updates import Update
from gorax.client.resource import Iterating, R, Resource, Returning, every, operation

_ONE = "/api/v1/executions/{executionID}"
FIRST_LOOK = 0.05
"""Seconds between the first two looks at an execution that is waited for, half as long again each time."""
LONGEST_LOOK = 2.0

Sort = Literal["-started_at", "started_at", "-duration_ms", "duration_ms"]


class ListFilters(ExecutionFilters, total=False):
    """Which executions are listed; all filters together."""

    parent_execution_id: str
    search: str
    """What the message of their error has in it."""


class Executions(Resource[R]):
    """`gorax.executions`."""

    @operation("listExecutions", "GET", "/api/v1/executions")
    def list(
        self,
        *,
        limit: int = 100,
        offset: int = 0,
        sort: Sort = "-started_at",
        cursor: str | None = None,
        **filters: Unpack[ListFilters],
    ) -> Call[ExecutionsPage]:
        """A page of the executions that match all filters; `limit` is 100 at most.

        `cursor`, the `next_cursor` of a page, takes the place of `offset`, and is not moved by what begins meanwhile.
        """
        query = {"limit": limit, "offset": None if cursor else offset, "sort": sort, "cursor": cursor}
        return Call(plain(ExecutionsPage), query={**query, **fields(filters)})

    iterate = every(list)

    @operation("getExecution", "GET", _ONE)
    def get(self, execution_id: str) -> Call[Execution]:
        """The execution as Temporal tells of it."""
        return Call(data(Execution), (execution_id,))

    @operation("getExecutionSteps", "GET", f"{_ONE}/steps")
    def steps(
        self,
        execution_id: str,
        *,
        limit: int | None = None,
        offset: int = 0,
        parent: str | None = None,
        status: StepStatus | Sequence[StepStatus] | None = None,
        reveal: bool = False,
    ) -> Call[Steps]:
        """Each step with its input, output, attempts and error, in the order in which they began.

        `parent` has those inside one step or iteration alone, such as `each_order[17]`; `reveal` shows what
        `sensitive` steps hide, to administrators.
        """
        query = {
            "limit": limit,
            "offset": offset,
            "parent": parent,
            "status": status,
            "reveal": reveal or None,
        }
        return Call(data(Steps), (execution_id,), query)

    iterate_steps = every(steps)

    @operation("cancelExecution", "POST", f"{_ONE}/cancel", repeatable=True)
    def cancel(self, execution_id: str) -> Call[ExecutionState]:
        """Stop what runs; then what is meant for it runs: `finally`, `on_failure`."""
        return Call(data(ExecutionState), (execution_id,))

    @operation("terminateExecution", "POST", f"{_ONE}/terminate", repeatable=True)
    def terminate(self, execution_id: str, *, reason: str | None = None) -> Call[ExecutionState]:
        """End it at once; no handler of it runs."""
        return Call(data(ExecutionState), (execution_id,), body={"reason": reason})

    @operation("pauseExecution", "POST", f"{_ONE}/pause", repeatable=True)
    def pause(self, execution_id: str) -> Call[ExecutionState]:
        """Begin no further step; steps that run go on to their end."""
        return Call(data(ExecutionState), (execution_id,))

    @operation("resumeExecution", "POST", f"{_ONE}/resume", repeatable=True)
    def resume(self, execution_id: str) -> Call[ExecutionState]:
        """Go on with a paused execution."""
        return Call(data(ExecutionState), (execution_id,))

    @operation("retryExecution", "POST", f"{_ONE}/retry", keyed=True)
    def retry(self, execution_id: str, *, idempotency_key: str | None = None) -> Call[Accepted]:
        """Go on, as a new execution, with one that failed or was stopped; completed steps are not run again."""
        return Call(data(Accepted), (execution_id,), key=idempotency_key)

    @operation("rerunExecution", "POST", f"{_ONE}/rerun", keyed=True)
    def rerun(
        self,
        execution_id: str,
        *,
        version: Literal["same", "current"] = "same",
        idempotency_key: str | None = None,
    ) -> Call[Accepted]:
        """Begin a new execution with the trigger of this one, whatever became of it."""
        return Call(data(Accepted), (execution_id,), body={"version": version}, key=idempotency_key)

    @operation("listExecutionWaits", "GET", f"{_ONE}/waits")
    def waits(self, execution_id: str, *, limit: int = 100, offset: int = 0) -> Call[Page[Wait]]:
        """What it waits for now: approvals and signals."""
        return Call(page(Wait), (execution_id,), {"limit": limit, "offset": offset})

    iterate_waits = every(waits)

    @operation("sendSignal", "POST", f"{_ONE}/signals/{{name}}", keyed=True)
    def signal(
        self, execution_id: str, name: str, payload: Any = NOTHING, *, idempotency_key: str | None = None
    ) -> Call[SentSignal]:
        """Send a signal, which is kept for the execution until it waits for one of that name."""
        return Call(data(SentSignal), (execution_id, name), body=payload, key=idempotency_key)

    @operation("getExecutionDiagram", "GET", f"{_ONE}/diagram")
    def diagram(self, execution_id: str, *, form: DiagramForm = "mermaid") -> Call[str]:
        """The version that it runs as a flowchart, each action coloured by what became of it."""
        return Call(text(media_type(form)), (execution_id,))

    @Returning
    def wait(self, execution_id: str, *, timeout: float | None = None) -> Flow[Execution]:
        """The execution once it has ended, however it did; see `Execution.result`.

        Raises `NotEnded` after `timeout` seconds; without one it waits for as long as it takes. An API that does not
        answer meanwhile is asked again, for five minutes at most, since the execution does not need it.
        """
        begun = answered = time.monotonic()
        pause = FIRST_LOOK
        execution: Execution | None = None
        while True:
            try:
                execution = yield from Executions.get.flow(self, execution_id)
                answered = time.monotonic()
            except (Unreachable, ServerError):
                if execution is None or time.monotonic() - answered > GIVE_UP:
                    raise
            if execution.ended:
                return execution
            left = math.inf if timeout is None else begun + timeout - time.monotonic()
            if timeout is not None and left <= 0:
                raise NotEnded(execution, timeout)
            yield Pause(min(pause, left))
            pause = min(pause * 1.5, LONGEST_LOOK)

    @Iterating
    def watch(self, execution_id: str, *, after: str | None = None) -> Feed[Update]:
        """What happens in an execution, from how it is now until it has ended; the last update is an `end`.

        Lost connections are made again, behind the last update; so does `after` with the `id` of one.
        """
        return follow(self._connection, "/api/v1/ws/executions/{executionID}", execution_id, after=after)

    @Iterating
    def watch_all(self, *, after: str | None = None) -> Feed[Update]:
        """The tenant's executions as they begin, change and end, without end: a snapshot, then each change."""
        return follow(self._connection, "/api/v1/ws/executions", after=after)

    @operation("streamExecution", "GET", f"{_ONE}/events")
    def _events(self, execution_id: str, last_event_id: str | None = None) -> Call[str]:
        return Call(EVENT_STREAM, (execution_id,), {"last_event_id": last_event_id})

    @Iterating
    def events(self, execution_id: str, *, after: str | None = None) -> Feed[Update]:
        """The same as `watch` by Server-Sent Events, for where WebSockets do not pass."""
        described = Executions._events
        return follow_events(
            self._connection, described.operation, described.build(self, execution_id), after
        )
