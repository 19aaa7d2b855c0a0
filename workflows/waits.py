"""Waiting for an answer from outside: an approval, a signal."""

from __future__ import annotations

from asyncio import CancelledError
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from temporalio import workflow

from gorax.core.actions.constructs import Answer, Wait
from gorax.core.contracts import WaitActivities, WaitClosing, WaitOpening
from gorax.core.ids import APPROVAL, WAIT, id_of
from workflows.local import local_or_durable

if TYPE_CHECKING:
    from workflows.walk import Place, Walker


async def run_wait(walker: Walker, wait: Wait, place: Place) -> Answer | None:
    """The answer; None when none came in time.

    The row that people see is written before the run waits, and closed after: an answer that was accepted counts,
    even where the time ran out while it was on its way.
    """
    wait_id = id_of(APPROVAL if wait.kind == "approval" else WAIT, workflow.uuid4())
    now = workflow.now()
    opening = WaitOpening(
        tenant_id=walker.request.tenant_id,
        execution_id=walker.request.execution_id,
        workflow_id=walker.request.workflow_id,
        wait_id=wait_id,
        temporal_id=workflow.info().workflow_id,
        path=place.path,
        action_id=place.action.id,
        type=place.action.type,
        number=place.number,
        wait=wait,
        opened_at=now,
        expires_at=None if wait.timeout is None else now + timedelta(seconds=wait.timeout),
    )
    walker.journal.flush()
    walker.control.expect(wait_id)
    try:
        opened = await local_or_durable(WaitActivities.open_wait, opening, summary=f"open {place.path}")
        if opened.answer is not None:
            return _counted(walker, opened.answer, place)
        answer = await walker.control.answered(wait_id, wait.timeout, place.path)
    except CancelledError:
        await _close(walker, wait_id, "cancelled", place)
        raise
    finally:
        walker.control.forget(wait_id)
    closed = await _close(walker, wait_id, "expired" if answer is None else "answered", place)
    return _counted(walker, answer or closed, place)


def _counted(walker: Walker, answer: Answer | None, place: Place) -> Answer | None:
    if answer is not None and answer.payload is not None:
        walker.receive(answer.payload, f"the answer to {place.path}")
    return answer


async def _close(
    walker: Walker, wait_id: str, outcome: Literal["answered", "expired", "cancelled"], place: Place
) -> Answer | None:
    closing = WaitClosing(tenant_id=walker.request.tenant_id, wait_id=wait_id, outcome=outcome)
    return await local_or_durable(WaitActivities.close_wait, closing, summary=f"close {place.path}")
