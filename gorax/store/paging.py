"""What all lists share."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any, Protocol, TypeVar

from sqlalchemy import BigInteger, Select, func, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

Row = TypeVar("Row")

Page = tuple[list[Row], int]
"""Some rows of a list, and how many the whole list has."""

MAX_INTEGER = 2**31 - 1
"""The largest value of an `integer` column: a larger version number addresses nothing."""

PIECE = 1_000
"""Rows that are read at once of what may be too long for that."""


class _Named(Protocol):
    id: str


_NamedRow = TypeVar("_NamedRow", bound=_Named)


def addressable(identifier: str) -> bool:
    """Whether a row could have this id at all.

    PostgreSQL refuses text with NUL or half a surrogate pair in it, and that would be an error instead of the
    "no such thing" that it means.
    """
    return identifier.isascii() and identifier.isprintable()


async def page(session: AsyncSession, statement: Select[Row], limit: int, offset: int) -> Page[Row]:
    """The rows of an ordered `statement` from `offset` on, at most `limit`, and how many it has in all."""
    # A page that is not full says itself how many rows there are.
    ordered: Select[Any] = statement.limit(limit).offset(literal(offset, BigInteger))
    rows = list((await session.scalars(ordered)).all())
    if len(rows) < limit and (rows or offset == 0):
        return rows, offset + len(rows)
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    return rows, (await session.execute(counted)).scalar_one()


async def in_pieces(
    open_session: Callable[[], AbstractAsyncContextManager[AsyncSession]],
    read: Callable[[AsyncSession, str], Awaitable[Sequence[_NamedRow]]],
) -> AsyncIterator[Sequence[_NamedRow]]:
    """All rows that `read` gives, in the order of their ids, however many: in pieces, at least one.

    `read` is given the id of the row before the piece, and reads at most `PIECE`.
    """
    last = ""
    while True:
        # A session for each piece: none is held while a slow client takes its time.
        async with open_session() as session:
            rows = await read(session, last)
        yield rows
        if len(rows) < PIECE:
            return
        last = rows[-1].id
