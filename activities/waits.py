"""Shows what runs wait for to the people who answer."""

import asyncio
from typing import Any

import structlog
from temporalio import activity

from activities.refusals import refusal
from gorax.core.actions.constructs import Answer, Wait
from gorax.core.contracts import (
    CLOSE_WAIT,
    OPEN_WAIT,
    WaitActivities,
    WaitClosing,
    WaitOpened,
    WaitOpening,
)
from gorax.core.errors import Conflict, ErrorType, NotFound, StepError
from gorax.core.forms import load_form
from gorax.core.json_schema import Schema, SchemaError, compile_schema
from gorax.store.session import Database
from gorax.store.waits import Waits

log = structlog.get_logger(__name__)


class Questions(WaitActivities):
    """The waiting activities of a worker."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name=OPEN_WAIT)
    async def open_wait(self, opening: WaitOpening) -> WaitOpened:
        """Show a wait, or take the answer that came before it. Again is the same as once.

        Raises `Unavailable`, and `ApplicationError` when it can never be answered: its schema or form is none, or
        the execution has no row in the index, or has ended there.
        """
        try:
            answer = await self._open(opening)
        except StepError as error:
            raise refusal(error.info(opening.action_id, 1)) from None
        return WaitOpened(
            wait_id=opening.wait_id,
            path=opening.path,
            action_id=opening.action_id,
            type=opening.type,
            number=opening.number,
            opened_at=opening.opened_at,
            answer=answer,
        )

    @activity.defn(name=CLOSE_WAIT)
    async def close_wait(self, closing: WaitClosing) -> Answer | None:
        """End a wait; an answer that was committed before is returned, and counts. Raises `Unavailable`."""
        async with self._database.session(closing.tenant_id) as session:
            answer = await Waits(session, closing.tenant_id).close(closing)
            await session.commit()
        return answer

    async def _open(self, opening: WaitOpening) -> Answer | None:
        schema = await _checked(opening.wait)

        async def fits(payload: Any) -> bool:
            if schema is None or not await asyncio.to_thread(schema.violations, payload):
                return True
            log.info(
                "a signal did not fit and was dropped",
                execution_id=opening.execution_id,
                name=opening.wait.name,
            )
            return False

        while True:
            async with self._database.session(opening.tenant_id) as session:
                try:
                    opened = await Waits(session, opening.tenant_id).open(opening, fits)
                except (NotFound, Conflict) as error:
                    raise StepError(ErrorType.INTERNAL, f"cannot wait: {error}") from error
                await session.commit()
            if not opened.again:
                return opened.answer


async def _checked(wait: Wait) -> Schema | None:
    """The compiled schema of the payload. Raises `StepError` when nothing could ever satisfy schema or form."""
    if wait.payload_schema is None and wait.form is None:
        return None
    # Both are strangers' work, and take their time.
    try:
        if wait.form is not None:
            await asyncio.to_thread(load_form, wait.form)
        if wait.payload_schema is not None:
            return await asyncio.to_thread(compile_schema, wait.payload_schema)
    except SchemaError as error:
        field = "form" if wait.kind == "approval" else "schema"
        raise StepError(ErrorType.VALIDATION, f"{field}{error.pointer}: {error.message}") from error
    return None
