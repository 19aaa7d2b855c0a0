"""Answering what executions wait for: a committed row first, then word to the run."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Literal

from api.errors import Forbidden, InvalidFields
from api.problems import Detail
from api.services.tell import PATIENCE, Teller
from gorax.core.actions.constructs import Answer
from gorax.core.contracts import WaitAnswered
from gorax.core.encoding import encoded_size
from gorax.core.errors import Conflict, NotFound, TooLarge
from gorax.core.forms import Form, load_form
from gorax.core.ids import SIGNAL, new_id
from gorax.core.json_schema import Violation, compile_schema
from gorax.core.weight import TooHeavyError
from gorax.store.approvals import Approvals
from gorax.store.session import Database
from gorax.store.signals import Signals
from gorax.store.tables import Signal, Wait
from gorax.store.waits import answer_of

MAX_PAYLOAD_BYTES = 262_144
"""Of a signal, and of a filled form: what has to fit a run's history many times over."""

Decision = Literal["approved", "rejected"]


class WaitService:
    """Takes answers."""

    def __init__(self, database: Database, teller: Teller) -> None:
        self._database = database
        self._teller = teller

    async def decide(
        self,
        tenant_id: str,
        approval_id: str,
        decision: Decision,
        *,
        user_id: str,
        comment: str | None,
        form: Any,
    ) -> Wait:
        """Approve or reject; the first to do so decides.

        Raises `NotFound`, `Forbidden` when others are asked, `Conflict` when it waits no more, `InvalidFields` when
        the form is not filled in as asked, `TooLarge`.
        """
        async with self._database.session(tenant_id) as session:
            approvals = Approvals(session, tenant_id)
            approval = await approvals.get(approval_id)
            if approval is None:
                raise NotFound("approval not found")
            if approval.assignees and user_id not in approval.assignees:
                raise Forbidden("only those whom the approval asks may answer it: see its assignees")
            if approval.status != "waiting":
                raise _over(approval)
            filled = await _filled(approval, decision, form)
            now = datetime.now(UTC)
            answer = Answer(payload=filled, decision=decision, by=user_id, at=now, comment=comment)
            decided = await approvals.answer(approval_id, answer, tell_at=now + PATIENCE)
            if decided is None:
                await session.refresh(approval)
                raise _over(approval)
            # From here on the decision holds, and the run hears of it, whatever becomes of this process.
            await session.commit()
        await self._teller.tell(decided.temporal_id, WaitAnswered(wait_id=decided.id, answer=answer))
        return decided

    async def send(
        self,
        tenant_id: str,
        execution_id: str,
        name: str,
        payload: Any,
        *,
        user_id: str,
        idempotency_key: str | None,
    ) -> Signal:
        """Send a signal to an execution, which gets it now or when it waits for it.

        Returns the signal, the first one's where the idempotency key was used before. Raises `NotFound`, `Conflict`
        when the execution takes none, `InvalidFields` when the payload is not as the open wait asks, `TooLarge`.
        """
        _check_size("body", payload)
        async with self._database.session(tenant_id) as session:
            signal, wait = await Signals(session, tenant_id).send(
                id=new_id(SIGNAL),
                execution_id=execution_id,
                name=name,
                payload=payload,
                sent_by=user_id,
                idempotency_key=idempotency_key,
                check=lambda wait: _check_payload(wait, payload),
                tell_at=datetime.now(UTC) + PATIENCE,
            )
            # From here on it is delivered, or kept for a wait to come.
            await session.commit()
        if wait is not None and (answer := answer_of(wait)) is not None:
            await self._teller.tell(wait.temporal_id, WaitAnswered(wait_id=wait.id, answer=answer))
        return signal


def _over(approval: Wait) -> Conflict:
    match approval.status:
        case "approved" | "rejected":
            return Conflict(
                f"the approval was {approval.status} already, "
                f"by {approval.answered_by} at {_instant(approval.answered_at)}"
            )
        case "expired":
            return Conflict(f"the approval expired at {_instant(approval.closed_at)}")
        case _:
            return Conflict("the approval was cancelled: its execution waits for it no more")


def _instant(moment: datetime | None) -> str:
    return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


async def _filled(approval: Wait, decision: Decision, values: Any) -> Any:
    """The form as it was filled in, with its defaults; who rejects need not fill it in."""
    _check_size("form", values)
    if approval.form is None or (decision == "rejected" and values is None):
        return values

    # Form and values are strangers' work, and may take the fifth of a second that they are allowed.
    def judge() -> tuple[Any, list[Violation]]:
        form: Form = load_form(approval.form)
        filled = form.filled(values)
        return filled, form.violations(filled)

    filled, violations = await asyncio.to_thread(judge)
    _raise("form", violations)
    return filled


async def _check_payload(wait: Wait, payload: Any) -> None:
    if wait.payload_schema is not None:
        schema = wait.payload_schema
        _raise("body", await asyncio.to_thread(lambda: compile_schema(schema).violations(payload)))


def _check_size(field: str, value: Any) -> None:
    try:
        encoded_size(value, MAX_PAYLOAD_BYTES)
    except TooHeavyError:
        raise TooLarge(f"{field}: must be at most {MAX_PAYLOAD_BYTES} bytes") from None


def _raise(field: str, violations: Iterable[Violation]) -> None:
    details: list[Detail] = [
        {"field": f"{field}{violation.pointer}", "message": violation.message} for violation in violations
    ]
    if details:
        raise InvalidFields(details)
