"""Webhooks as their tenant manages them."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, insert, select, true, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer
from sqlmodel import col

from gorax.core.errors import Conflict
from gorax.store.paging import Page, addressable, page
from gorax.store.quotas import check_room
from gorax.store.tables import Webhook, Workflow
from gorax.vault import Envelope

_PATH_KEY = "webhooks_path_key"

NO_PREVIOUS: Mapping[str, None] = {
    "previous_key_id": None,
    "previous_wrapped_key": None,
    "previous_ciphertext": None,
    "previous_valid_until": None,
}
NO_SECRETS: Mapping[str, None] = {
    "secret_key_id": None,
    "secret_wrapped_key": None,
    "secret_ciphertext": None,
    **NO_PREVIOUS,
}


class Webhooks:
    """The webhooks of one tenant. Deleted ones are not there."""

    def __init__(self, session: AsyncSession, tenant_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id

    async def list(self, limit: int, offset: int) -> Page[Webhook]:
        """A page of webhooks, newest first, and how many there are. Their schemas are not loaded."""
        statement = (
            select(Webhook)
            .where(col(Webhook.tenant_id) == self._tenant_id, col(Webhook.deleted_at).is_(None))
            .order_by(col(Webhook.created_at).desc(), col(Webhook.id).desc())
            .options(defer(Webhook.input_schema, raiseload=True))
        )
        return await page(self._session, statement, limit, offset)

    async def get(self, webhook_id: str, *, lock: bool = False, deleted: bool = False) -> Webhook | None:
        """The webhook; with `lock`, no other transaction changes it before this one ends.

        With `deleted`, also one that was deleted, for the sake of its events.
        """
        if not addressable(webhook_id):
            return None
        statement = select(Webhook).where(
            col(Webhook.id) == webhook_id,
            col(Webhook.tenant_id) == self._tenant_id,
            true() if deleted else col(Webhook.deleted_at).is_(None),
        )
        return (await self._session.scalars(statement.with_for_update() if lock else statement)).one_or_none()

    async def hold_workflow(self, workflow_id: str) -> bool:
        """Whether the tenant has the workflow, which nobody then deletes before the transaction ends.

        Without it a webhook could be made while its workflow is being deleted, and stay.
        """
        if not addressable(workflow_id):
            return False
        statement = (
            select(col(Workflow.id))
            .where(
                col(Workflow.id) == workflow_id,
                col(Workflow.tenant_id) == self._tenant_id,
                col(Workflow.deleted_at).is_(None),
            )
            .with_for_update(read=True)
        )
        return (await self._session.scalars(statement)).one_or_none() is not None

    async def create(self, values: Mapping[str, Any], envelope: Envelope | None) -> Webhook:
        """A new webhook of a workflow that the transaction holds.

        Raises `QuotaExceeded`, and `Conflict` when its path is taken.
        """
        await check_room(self._session, self._tenant_id, "max_webhooks")
        row = {
            **values,
            "tenant_id": self._tenant_id,
            "secret_number": 0 if envelope is None else 1,
            "created_at": func.now(),
            "updated_at": func.now(),
            **(NO_SECRETS if envelope is None else secret_columns(envelope)),
        }
        try:
            created = await self._session.scalars(insert(Webhook).values(**row).returning(Webhook))
        except IntegrityError as error:
            raise _taken(error, values.get("path")) from error
        return created.one()

    async def update(self, webhook_id: str, values: Mapping[str, Any]) -> Webhook | None:
        """Change these columns; None when there is no such webhook. Raises `Conflict` when the path is taken."""
        if not addressable(webhook_id):
            return None
        try:
            updated = await self._session.scalars(
                update(Webhook)
                .where(
                    col(Webhook.id) == webhook_id,
                    col(Webhook.tenant_id) == self._tenant_id,
                    col(Webhook.deleted_at).is_(None),
                )
                .values(**values, updated_at=func.clock_timestamp())
                .returning(Webhook)
                .execution_options(synchronize_session=False, populate_existing=True)
            )
        except IntegrityError as error:
            raise _taken(error, values.get("path")) from error
        return updated.one_or_none()

    async def delete(self, webhook_id: str) -> bool:
        """Delete the webhook with its secrets, keeping its events. False when there is no such webhook."""
        if not addressable(webhook_id):
            return False
        deleted = await self._session.scalars(
            update(Webhook)
            .where(
                col(Webhook.id) == webhook_id,
                col(Webhook.tenant_id) == self._tenant_id,
                col(Webhook.deleted_at).is_(None),
            )
            .values(deleted_at=func.now(), **NO_SECRETS)
            .returning(col(Webhook.id))
            .execution_options(synchronize_session=False)
        )
        return deleted.one_or_none() is not None

    async def delete_of(self, workflow_ids: Collection[str]) -> None:
        """Delete the webhooks of workflows that this transaction has deleted."""
        await self._session.execute(
            update(Webhook)
            .where(
                col(Webhook.workflow_id).in_(sorted(workflow_ids)),
                col(Webhook.tenant_id) == self._tenant_id,
                col(Webhook.deleted_at).is_(None),
            )
            .values(deleted_at=func.now(), **NO_SECRETS)
            .execution_options(synchronize_session=False)
        )


def secret_columns(envelope: Envelope) -> dict[str, Any]:
    """The columns that hold a current secret."""
    return {
        "secret_key_id": envelope.key_id,
        "secret_wrapped_key": envelope.wrapped_key,
        "secret_ciphertext": envelope.ciphertext,
    }


def _taken(error: IntegrityError, path: Any) -> Exception:
    diagnostics = getattr(error.orig, "diag", None)
    if getattr(diagnostics, "constraint_name", None) != _PATH_KEY:
        return error
    return Conflict(f"path: another webhook has {path!r} already")
