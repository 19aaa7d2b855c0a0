"""The log of who read the value of a credential, or was refused."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from sqlalchemy import Select, func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from gorax.core.ids import CREDENTIAL_ACCESS, new_id
from gorax.store.paging import PIECE, Page, in_pieces, page
from gorax.store.session import Database
from gorax.store.tables import CredentialAccess

MAX_NAME = 255
"""Characters that are kept of a name under which there is nothing."""
MAX_REASON = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Reader:
    """Who reads a value, from where, and what for."""

    via: Literal["api", "step"]
    user_id: str | None = None
    address: str | None = None
    request_id: str | None = None
    execution_id: str | None = None
    path: str | None = None
    """Of the step."""
    attempt: int | None = None


class CredentialLog:
    """The log of one tenant. It is only ever added to."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def add(
        self,
        reader: Reader,
        *,
        credential_id: str | None,
        name: str,
        version: int | None,
        refused: str | None = None,
    ) -> None:
        """Note a read, or, with a reason, that it was refused."""
        await self._session.execute(
            insert(CredentialAccess).values(
                id=new_id(CREDENTIAL_ACCESS),
                tenant_id=self._tenant_id,
                credential_id=credential_id,
                name=name.replace("\0", "")[:MAX_NAME],
                version=version,
                at=func.now(),
                outcome="granted" if refused is None else "refused",
                reason=None if refused is None else refused[:MAX_REASON].replace("\0", ""),
                via=reader.via,
                user_id=reader.user_id,
                address=reader.address,
                request_id=reader.request_id,
                execution_id=reader.execution_id,
                path=reader.path,
                attempt=reader.attempt,
            )
        )

    async def list(self, credential_id: str, limit: int, offset: int) -> Page[CredentialAccess]:
        """A page of what was read of one credential, newest first, and how much that is."""
        statement = (
            select(CredentialAccess)
            .where(
                col(CredentialAccess.tenant_id) == self._tenant_id,
                col(CredentialAccess.credential_id) == credential_id,
            )
            .order_by(col(CredentialAccess.id).desc())
        )
        return await page(self._session, statement, limit, offset)

    def _after(self, last: str, since: datetime | None, until: datetime | None) -> Select[CredentialAccess]:
        statement = select(CredentialAccess).where(
            col(CredentialAccess.tenant_id) == self._tenant_id, col(CredentialAccess.id) > last
        )
        if since is not None:
            statement = statement.where(col(CredentialAccess.at) >= since)
        if until is not None:
            statement = statement.where(col(CredentialAccess.at) < until)
        return statement.order_by(col(CredentialAccess.id)).limit(PIECE)

    async def after(
        self, last: str, since: datetime | None, until: datetime | None
    ) -> Sequence[CredentialAccess]:
        """The next piece after the one with the id `last`, oldest first."""
        return (await self._session.scalars(self._after(last, since, until))).all()


def whole_log(
    database: Database, tenant_id: str, since: datetime | None, until: datetime | None
) -> AsyncIterator[Sequence[CredentialAccess]]:
    """A tenant's log from `since` until before `until`, oldest first, however long it is: in pieces, at least one."""
    return in_pieces(
        partial(database.session, tenant_id),
        lambda session, last: CredentialLog(session, tenant_id).after(last, since, until),
    )
