import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import col

from gorax.core.contracts import WaitClosing
from gorax.core.errors import Conflict, Invalid, NotFound
from gorax.core.ids import SIGNAL, new_id
from gorax.store import signals
from gorax.store.execution_index import ExecutionIndex
from gorax.store.session import Database
from gorax.store.signals import Signals
from gorax.store.tables import Execution, Signal, Wait
from gorax.store.waits import Opened, Waits
from tests.store.rows import add_execution, closing
from tests.support.waits import NOW, approval_wait, close_wait, open_wait, opening, signal_wait


@pytest.fixture
async def execution(database: Database, tenant: str, workflow_id: str) -> Execution:
    """An execution of the test's own tenant."""
    return await add_execution(database, tenant, workflow_id)


async def any_(wait: Wait) -> None:
    """A check that everything passes."""


async def send(
    database: Database,
    row: Execution,
    payload: Any,
    *,
    name: str = "paid",
    key: str | None = None,
    check: Callable[[Wait], Awaitable[None]] = any_,
    tenant: str | None = None,
) -> tuple[Signal, Wait | None]:
    async with database.platform() as session:
        sent = await Signals(session, tenant or row.tenant_id).send(
            id=new_id(SIGNAL),
            execution_id=row.id,
            name=name,
            payload=payload,
            sent_by="ann",
            idempotency_key=key,
            check=check,
            tell_at=NOW + timedelta(seconds=3),
        )
        await session.commit()
    return sent


async def end(database: Database, row: Execution) -> None:
    async with database.platform() as session:
        await ExecutionIndex(session).close(closing(row))
        await session.commit()


async def test_a_signal_answers_the_oldest_open_wait_of_its_name(
    database: Database, execution: Execution
) -> None:
    other = opening(execution, signal_wait("refunded"))
    ask = opening(execution, approval_wait())
    second = opening(execution, signal_wait(), number=2)
    first = opening(execution, signal_wait(), number=1)
    third = opening(execution, signal_wait(), number=0, opened_at=NOW + timedelta(seconds=1))
    for request in (third, other, ask, second, first):
        await open_wait(database, request)
    for expected in (first, second, third):
        signal, wait = await send(database, execution, {"for": expected.number})
        assert wait is not None
        assert (signal.wait_id, wait.id, wait.status) == (expected.wait_id, expected.wait_id, "answered")
        answer = await close_wait(database, expected, "answered")
        assert answer is not None
        assert (answer.payload, answer.by, answer.at) == ({"for": expected.number}, "ann", signal.sent_at)
    kept, none = await send(database, execution, 4)
    assert (kept.wait_id, none) == (None, None)


async def test_signals_that_come_first_are_kept_in_their_order(
    database: Database, execution: Execution
) -> None:
    for number in range(3):
        await send(database, execution, number)
    await send(database, execution, "another", name="refunded")
    requests = [opening(execution, signal_wait(), number=number) for number in range(4)]
    answers = [await open_wait(database, request) for request in requests]
    assert [answer.payload if answer else None for answer in answers] == [0, 1, 2, None]
    # Opened again, as after a worker died, each has the same answer.
    again = [await open_wait(database, request) for request in requests]
    assert again == answers


async def test_an_approval_takes_no_signal(database: Database, execution: Execution) -> None:
    ask = opening(execution, approval_wait())
    await open_wait(database, ask)
    _, wait = await send(database, execution, 1, name="ask")
    assert wait is None
    assert await open_wait(database, opening(execution, approval_wait())) is None


@pytest.mark.parametrize("round_", range(10))
async def test_signals_and_waits_that_meet_pair_up(
    database: Database, execution: Execution, round_: int
) -> None:
    requests = [opening(execution, signal_wait(), number=number) for number in range(6)]
    opened, sent = await asyncio.gather(
        asyncio.gather(*(open_wait(database, request) for request in requests)),
        asyncio.gather(*(send(database, execution, number) for number in range(6))),
    )
    early = [answer for answer in opened if answer is not None]
    delivered = [signal for signal, _ in sent if signal.wait_id is not None]
    assert len(early) + len(delivered) == 6
    closed = [await close_wait(database, request, "expired") for request in requests]
    assert sorted(answer.payload for answer in closed if answer is not None) == list(range(6))


async def test_a_signal_passes_over_a_wait_that_closes_meanwhile(
    database: Database, execution: Execution
) -> None:
    first, second = (opening(execution, signal_wait(), number=number) for number in (1, 2))
    for request in (first, second):
        await open_wait(database, request)
    async with database.platform() as session:
        waits = Waits(session, execution.tenant_id)
        closing_ = WaitClosing(tenant_id=execution.tenant_id, wait_id=first.wait_id, outcome="expired")
        assert await waits.close(closing_) is None
        sending = asyncio.create_task(send(database, execution, 1))
        await asyncio.sleep(0.2)
        assert not sending.done()
        await session.commit()
    signal, _ = await sending
    assert signal.wait_id == second.wait_id


async def test_a_kept_signal_that_does_not_fit_is_dropped(database: Database, execution: Execution) -> None:
    for number in range(3):
        await send(database, execution, number)
    request = opening(execution, signal_wait())
    seen = []

    async def fits(payload: Any) -> bool:
        seen.append(payload)
        return bool(payload == 1)

    async def attempt() -> Opened:
        async with database.platform() as session:
            opened = await Waits(session, execution.tenant_id).open(request, fits)
            await session.commit()
        return opened

    assert (await attempt()).again
    opened = await attempt()
    assert opened.answer is not None
    assert (opened.answer.payload, opened.again, seen) == (1, False, [0, 1])
    # The last one is still there, for whatever waits next.
    answer = await open_wait(database, opening(execution, signal_wait()))
    assert answer is not None
    assert answer.payload == 2


async def test_a_signal_that_does_not_fit_changes_nothing(database: Database, execution: Execution) -> None:
    request = opening(execution, signal_wait())
    await open_wait(database, request)

    async def refuse(wait: Wait) -> None:
        assert wait.id == request.wait_id
        raise Invalid("body: must be a number")

    with pytest.raises(Invalid):
        await send(database, execution, "x", check=refuse, key="k")
    signal, _ = await send(database, execution, 1, key="k")
    assert signal.wait_id == request.wait_id


async def test_a_key_makes_one_signal_of_many(database: Database, execution: Execution) -> None:
    sent = await asyncio.gather(*(send(database, execution, 1, key="k") for _ in range(8)))
    assert len({signal.id for signal, _ in sent}) == 1
    request, next_ = (opening(execution, signal_wait(), number=number) for number in (1, 2))
    assert await open_wait(database, request) is not None
    assert await open_wait(database, next_) is None
    again, wait = await send(database, execution, 1, key="k")
    assert (again.wait_id, wait) == (request.wait_id, None)
    with pytest.raises(Conflict, match="Idempotency-Key"):
        await send(database, execution, 1, key="k", name="refunded")
    # What it made the execution do may have ended it: who repeats the request still learns that it was taken.
    await end(database, execution)
    again, _ = await send(database, execution, 1, key="k")
    assert again.wait_id == request.wait_id


async def test_the_end_of_the_execution_drops_what_is_kept(database: Database, execution: Execution) -> None:
    await send(database, execution, 1, key="k")
    await end(database, execution)
    with pytest.raises(Conflict, match=r"has ended \(completed\)"):
        await send(database, execution, 1, key="k")
    async with database.platform() as session:
        rows = (await session.scalars(select(Signal).where(col(Signal.execution_id) == execution.id))).all()
    assert rows == []


async def test_an_execution_keeps_so_many_and_no_more(
    database: Database, execution: Execution, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signals, "MAX_KEPT", 3)
    for number in range(3):
        await send(database, execution, number, name=f"s{number}")
    with pytest.raises(Conflict, match="keeps 3 signals"):
        await send(database, execution, 3)
    # A wait takes one, and there is room again.
    assert await open_wait(database, opening(execution, signal_wait("s1"))) is not None
    await send(database, execution, 3)


async def test_another_tenants_execution_is_not_found(database: Database, execution: Execution) -> None:
    await open_wait(database, opening(execution, signal_wait()))
    with pytest.raises(NotFound):
        await send(database, execution, 1, tenant="tenant_other")


@pytest.mark.parametrize("strange", ["exec_none", "exec_\0", "exec_\ud800", "é", ""])
async def test_what_cannot_be_there_is_not_found(
    database: Database, execution: Execution, strange: str
) -> None:
    execution.id = strange
    with pytest.raises(NotFound):
        await send(database, execution, 1)
