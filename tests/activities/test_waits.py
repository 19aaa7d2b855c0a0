"""Opening and closing waits, as the worker does it for runs."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.waits import Questions
from gorax.core.actions.constructs import Wait
from gorax.core.contracts import WaitClosing
from gorax.core.errors import ErrorInfo, Unavailable
from gorax.core.ids import SIGNAL, new_id
from gorax.settings import DatabaseSettings, Settings
from gorax.store.execution_index import ExecutionIndex
from gorax.store.session import Database
from gorax.store.signals import Signals
from gorax.store.tables import Execution
from gorax.store.tables import Wait as Row
from tests.store.rows import add_execution, add_workflow, closing
from tests.support.waits import NOW, approval_wait, opening, signal_wait

NUMBER = {"type": "number"}


@pytest.fixture
async def database(fresh_database_url: str, directory: Path) -> AsyncIterator[Database]:
    """A database of the test's own, in which no dispatcher is at work."""
    database = Database(Settings(data_dir=directory, database=DatabaseSettings(url=fresh_database_url)))
    yield database
    await database.close()


@pytest.fixture
async def execution(database: Database) -> Execution:
    """An execution that waits."""
    return await add_execution(database, "one", await add_workflow(database, "one"))


@pytest.fixture
def questions(database: Database) -> Questions:
    """The activities."""
    return Questions(database)


async def send(database: Database, row: Execution, payload: Any) -> None:
    async def passes(_: Row) -> None:
        raise AssertionError("nothing is open")

    async with database.platform() as session:
        await Signals(session, row.tenant_id).send(
            id=new_id(SIGNAL),
            execution_id=row.id,
            name="paid",
            payload=payload,
            sent_by="ann",
            idempotency_key=None,
            check=passes,
            tell_at=datetime.now(UTC),
        )
        await session.commit()


async def refused(questions: Questions, row: Execution, wait: Wait) -> ErrorInfo:
    with pytest.raises(ApplicationError) as raised:
        await questions.open_wait(opening(row, wait))
    assert raised.value.non_retryable
    error = ErrorInfo.model_validate(raised.value.details[0])
    assert (error.type, error.action_id) == (raised.value.type, "ask")
    return error


async def test_what_opens_is_told_for_the_marker(questions: Questions, execution: Execution) -> None:
    request = opening(execution, signal_wait(payload_schema=NUMBER))
    opened = await questions.open_wait(request)
    assert opened.model_dump() == {
        "wait_id": request.wait_id,
        "path": "ask",
        "action_id": "ask",
        "type": "wait_for_signal",
        "number": 1,
        "opened_at": NOW,
        "answer": None,
    }
    closing_ = WaitClosing(tenant_id="one", wait_id=request.wait_id, outcome="expired")
    assert [await questions.close_wait(closing_) for _ in range(2)] == [None, None]


async def test_the_first_kept_signal_that_fits_is_the_answer(
    questions: Questions, database: Database, execution: Execution
) -> None:
    for payload in ("one", None, 2, 3):
        await send(database, execution, payload)
    answers = [
        (await questions.open_wait(opening(execution, signal_wait(payload_schema=NUMBER)))).answer
        for _ in range(3)
    ]
    assert [answer.payload if answer else None for answer in answers] == [2, 3, None]


@pytest.mark.parametrize(
    ("wait", "message"),
    [
        (signal_wait(payload_schema={"type": "numbr"}), "schema/type: "),
        (
            signal_wait(payload_schema={"properties": {"a": {"pattern": "("}}}),
            "schema/properties/a/pattern: ",
        ),
        (approval_wait(form={"type": 7}), "form/type: "),
        (approval_wait(form="name"), "form: must be a JSON Schema, or a list of fields"),
        (approval_wait(form=[{"name": "a", "type": "colour"}]), "form/0/type: "),
        (approval_wait(form=[{"name": "a", "type": "select"}]), "form/0: a select needs options"),
        (approval_wait(form=[{"name": "a"}, {"name": "a"}]), "form/1/name: 'a' is the name of another"),
    ],
)
async def test_what_nobody_could_answer_is_refused_for_good(
    questions: Questions, execution: Execution, wait: Wait, message: str
) -> None:
    error = await refused(questions, execution, wait)
    assert error.type == "validation"
    assert error.message.startswith(message)


async def test_nothing_waits_in_an_execution_that_is_unknown_or_over(
    questions: Questions, database: Database, execution: Execution
) -> None:
    async with database.platform() as session:
        await ExecutionIndex(session).close(closing(execution, status="terminated"))
        await session.commit()
    assert "has ended" in (await refused(questions, execution, signal_wait())).message
    execution.id = "exec_none"
    assert "not found" in (await refused(questions, execution, signal_wait())).message


async def test_without_a_database_it_is_to_be_tried_again(execution: Execution) -> None:
    away = Database(Settings(database=DatabaseSettings(url="postgresql://nobody@127.0.0.1:1/none")))
    with pytest.raises(Unavailable):
        await Questions(away).open_wait(opening(execution, signal_wait()))
    closing_ = WaitClosing(tenant_id="one", wait_id="wait_1", outcome="answered")
    with pytest.raises(Unavailable):
        await Questions(away).close_wait(closing_)
