"""What people do with webhooks. Each method is one transaction."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from api.errors import InvalidFields
from api.identity import Identity
from api.schemas.webhooks import CreateWebhook, RegenerateSecret, UpdateWebhook
from api.services.workflows import NO_WORKFLOW
from gorax.core import ids
from gorax.core.errors import Conflict, NotFound
from gorax.core.signatures import secret_fault
from gorax.core.webhooks.settings import OWN_FIELDS, WebhookSettings, schema_fault
from gorax.settings import IntakeSettings
from gorax.store.paging import Page
from gorax.store.session import Database
from gorax.store.tables import Webhook, WebhookEvent
from gorax.store.webhook_events import EventFilter, WebhookEvents
from gorax.store.webhook_secrets import WebhookSecrets, new_secret
from gorax.store.webhooks import NO_PREVIOUS, NO_SECRETS, Webhooks, secret_columns

NO_WEBHOOK = "webhook not found"
NO_EVENT = "event not found"

_SETTINGS = tuple(WebhookSettings.model_fields)


class Saved(NamedTuple):
    """A webhook after a change."""

    webhook: Webhook
    secret: str | None
    """A new one, if the change made one: nothing shows it again."""


class SeenEvent(NamedTuple):
    """An event with what its own row does not say."""

    event: WebhookEvent
    waiting: bool
    """Whether its execution is still to be taken by Temporal."""
    replays: list[str]
    """The ids of the events that replay it, newest first; only where one event is asked for."""


class WebhookService:
    """Webhooks of all tenants; every method takes the tenant it works for."""

    def __init__(self, database: Database, secrets: WebhookSecrets, settings: IntakeSettings) -> None:
        self._database = database
        self._secrets = secrets
        self._settings = settings

    async def page(self, tenant_id: str, limit: int, offset: int) -> Page[Webhook]:
        """A page of the tenant's webhooks, newest first, and their total. Their schemas are not loaded."""
        async with self._database.session(tenant_id) as session:
            return await Webhooks(session, tenant_id).list(limit, offset)

    async def get(self, tenant_id: str, webhook_id: str) -> Webhook:
        """The webhook. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            return _there(await Webhooks(session, tenant_id).get(webhook_id))

    async def create(self, identity: Identity, body: CreateWebhook) -> Saved:
        """Save a new webhook.

        Raises `InvalidFields`, `NotFound` without the workflow, `QuotaExceeded`, and `Conflict` when the path is taken.
        """
        webhook_id = ids.new_id(ids.WEBHOOK)
        if body.secret is not None and body.auth_type == "none":
            raise InvalidFields([{"field": "secret", "message": "is of no use with auth_type none"}])
        given = {name: getattr(body, name) for name in _SETTINGS}
        await self._check(given)
        settings = _completed(webhook_id, given)
        _check_secret(settings["scheme"], body.secret)
        secret = None if body.auth_type == "none" else body.secret or new_secret()
        envelope = (
            None if secret is None else await self._secrets.seal(identity.tenant_id, webhook_id, 1, secret)
        )
        async with self._database.session(identity.tenant_id) as session:
            webhooks = Webhooks(session, identity.tenant_id)
            if not await webhooks.hold_workflow(body.workflow_id):
                raise NotFound(NO_WORKFLOW)
            webhook = await webhooks.create(
                {
                    **settings,
                    "id": webhook_id,
                    "workflow_id": body.workflow_id,
                    "name": body.name,
                    "description": body.description or "",
                    "created_by": identity.user_id,
                },
                envelope,
            )
            await session.commit()
        return Saved(webhook, secret)

    async def update(self, tenant_id: str, webhook_id: str, body: UpdateWebhook) -> Saved:
        """Change what is given. Another `auth_type` makes a new secret, and the one before is valid no more.

        Raises `NotFound`, `InvalidFields`, and `Conflict` when the path is taken.
        """
        given = body.model_dump(include=body.model_fields_set)
        if "description" in given:
            given["description"] = given["description"] or ""
        await self._check(given)
        async with self._database.session(tenant_id) as session:
            webhooks = Webhooks(session, tenant_id)
            # Two changes at once are checked together: the second sees what the first has made of it.
            before = _there(await webhooks.get(webhook_id, lock=True))
            other_type = given.get("auth_type", before.auth_type) != before.auth_type
            kept = {name: getattr(before, name) for name in _SETTINGS}
            if other_type:
                kept |= dict.fromkeys(OWN_FIELDS)
            settings = _completed(
                webhook_id, kept | {name: given[name] for name in _SETTINGS if name in given}
            )
            if settings["scheme"] != before.scheme and not other_type:
                await self._check_kept_secret(before, settings["scheme"])
            secret, columns = (
                await self._another(before, str(settings["auth_type"])) if other_type else (None, {})
            )
            webhook = _there(await webhooks.update(webhook_id, {**given, **settings, **columns}))
            await session.commit()
        return Saved(webhook, secret)

    async def delete(self, tenant_id: str, webhook_id: str) -> None:
        """Delete the webhook; what it has begun goes on, and its events stay. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            if not await Webhooks(session, tenant_id).delete(webhook_id):
                raise NotFound(NO_WEBHOOK)
            await session.commit()

    async def regenerate(
        self, tenant_id: str, webhook_id: str, body: RegenerateSecret
    ) -> tuple[Webhook, str]:
        """Put a new secret in the place of the current one, which stays valid for the grace period.

        Raises `NotFound`, `InvalidFields`, and `Conflict` for a webhook that has no secret.
        """
        async with self._database.session(tenant_id) as session:
            webhooks = Webhooks(session, tenant_id)
            # Two at once make two secrets, one after the other: each is told the one that it made.
            before = _there(await webhooks.get(webhook_id, lock=True))
            if before.auth_type == "none":
                raise Conflict("auth_type none has no secret: choose another auth_type first")
            _check_secret(before.scheme, body.secret)
            secret = body.secret or new_secret()
            now = datetime.now(UTC)
            columns = await self._next(before, secret, now)
            if body.grace_seconds:
                columns |= {
                    "previous_key_id": before.secret_key_id,
                    "previous_wrapped_key": before.secret_wrapped_key,
                    "previous_ciphertext": before.secret_ciphertext,
                    "previous_valid_until": now + timedelta(seconds=body.grace_seconds),
                }
            webhook = _there(await webhooks.update(webhook_id, columns))
            await session.commit()
        return webhook, secret

    async def events(
        self, tenant_id: str, webhook_id: str, chosen: EventFilter, limit: int, offset: int
    ) -> Page[SeenEvent]:
        """A page of what the webhook received, newest first, and how many match; also of one that was deleted.

        Raises `NotFound`.
        """
        async with self._database.session(tenant_id) as session:
            _there(await Webhooks(session, tenant_id).get(webhook_id, deleted=True))
            events = WebhookEvents(session, tenant_id)
            rows, total = await events.list(webhook_id, chosen, limit, offset)
            waiting = await events.waiting(rows)
        return [SeenEvent(row, row.id in waiting, []) for row in rows], total

    async def event(self, tenant_id: str, event_id: str) -> SeenEvent:
        """One event with its request. Raises `NotFound`."""
        async with self._database.session(tenant_id) as session:
            events = WebhookEvents(session, tenant_id)
            if (row := await events.get(event_id)) is None:
                raise NotFound(NO_EVENT)
            waiting = await events.waiting([row])
            return SeenEvent(row, bool(waiting), list(await events.replays(event_id)))

    async def _check(self, given: Mapping[str, Any]) -> None:
        """Raises `InvalidFields` for settings that are wrong by themselves, which no model could tell."""
        largest = self._settings.max_body_bytes
        if (given.get("max_body_bytes") or 0) > largest:
            raise InvalidFields([{"field": "max_body_bytes", "message": f"must be at most {largest}"}])
        if (schema := given.get("input_schema")) is not None:
            # It is a stranger's, and may take a while.
            fault = await asyncio.to_thread(schema_fault, schema)
            if fault is not None:
                raise InvalidFields([{"field": "input_schema", "message": fault}])

    async def _check_kept_secret(self, webhook: Webhook, scheme: Any) -> None:
        """Raises `InvalidFields` when the sender could not sign by this scheme with the secret that it has."""
        for secret in (await self._secrets.valid(webhook))[:1]:
            if (fault := secret_fault(scheme, secret)) is not None:
                message = f"the secret does not fit: {fault}; regenerate it first"
                raise InvalidFields([{"field": "scheme", "message": message}])

    async def _another(self, before: Webhook, auth_type: str) -> tuple[str | None, dict[str, Any]]:
        """A new secret for a webhook that changes its `auth_type`, and the columns that hold it."""
        if auth_type == "none":
            return None, dict(NO_SECRETS)
        secret = new_secret()
        return secret, await self._next(before, secret, datetime.now(UTC))

    async def _next(self, before: Webhook, secret: str, now: datetime) -> dict[str, Any]:
        """The columns of a webhook that hold its next secret, and none before it."""
        number = before.secret_number + 1
        envelope = await self._secrets.seal(before.tenant_id, before.id, number, secret)
        return {
            "secret_number": number,
            "regenerated_at": now,
            **secret_columns(envelope),
            **NO_PREVIOUS,
        }


def _completed(webhook_id: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings with what their `auth_type` needs. Raises `InvalidFields` when they do not go together."""
    chosen = WebhookSettings.model_construct(**settings)
    if misplaced := list(chosen.misplaced()):
        raise InvalidFields([{"field": field, "message": message} for field, message in misplaced])
    return {**settings, **chosen.own_defaults(webhook_id)}


def _check_secret(scheme: Any, secret: str | None) -> None:
    """Raises `InvalidFields` for a secret that was given and that no sender could sign with."""
    if scheme is not None and secret is not None and (fault := secret_fault(scheme, secret)) is not None:
        raise InvalidFields([{"field": "secret", "message": fault}])


def _there(webhook: Webhook | None) -> Webhook:
    if webhook is None:
        raise NotFound(NO_WEBHOOK)
    return webhook
