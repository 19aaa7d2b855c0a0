"""Webhooks at rest: their secrets, their deletion, and what maintenance removes."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from activities.purge import Purger
from gorax.core.ids import WEBHOOK, new_id
from gorax.store.all_secret_keys import AllSecretKeys
from gorax.store.credential_keys import CredentialKeys
from gorax.store.session import Database
from gorax.store.tables import Webhook, WebhookEvent, WebhookKey
from gorax.store.webhook_secret_keys import WebhookSecretKeys
from gorax.store.webhook_secrets import WebhookSecrets, new_secret
from gorax.store.webhooks import NO_PREVIOUS, Webhooks, secret_columns
from gorax.store.workflows import Workflows
from gorax.vault import Damaged, KeyRing, LocalKey, Vault
from tests.store.rows import add_event, add_webhook, add_workflow

YEAR = timedelta(days=365)
OLD, NEW = LocalKey("old", b"\1" * 32), LocalKey("new", b"\2" * 32)


def vault(*keys: LocalKey) -> Vault:
    """A vault with these keys, newest first."""
    return Vault(KeyRing(keys))


async def add_sealed(database: Database, sealing: Vault, tenant: str, secret: str) -> Webhook:
    """A committed webhook with a secret."""
    webhook_id = new_id(WEBHOOK)
    envelope = await WebhookSecrets(sealing).seal(tenant, webhook_id, 1, secret)
    return await add_webhook(database, tenant, await add_workflow(database, tenant), envelope, id=webhook_id)


async def regenerate(database: Database, sealing: Vault, webhook: Webhook, secret: str, grace: float) -> None:
    """A second secret, beside which the first one stays valid for a while."""
    envelope = await WebhookSecrets(sealing).seal(webhook.tenant_id, webhook.id, 2, secret)
    before = {
        "previous_key_id": webhook.secret_key_id,
        "previous_wrapped_key": webhook.secret_wrapped_key,
        "previous_ciphertext": webhook.secret_ciphertext,
        "previous_valid_until": datetime.now(UTC) + timedelta(seconds=grace),
    }
    async with database.platform() as session:
        await Webhooks(session, webhook.tenant_id).update(
            webhook.id, {"secret_number": 2, **secret_columns(envelope), **before}
        )
        await session.commit()


async def read(database: Database, webhook: Webhook) -> Webhook:
    """The webhook's row as it is now."""
    async with database.platform() as session:
        row = await Webhooks(session, webhook.tenant_id).get(webhook.id, deleted=True)
    assert row is not None
    return row


async def count(database: Database, table: Any, *conditions: Any) -> int:
    """How many rows there are."""
    async with database.platform() as session:
        return (
            await session.execute(select(func.count()).select_from(table).where(*conditions))
        ).scalar_one()


def test_secrets_are_long_and_never_the_same() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert all(len(secret) == len("whsec_") + 40 and secret.startswith("whsec_") for secret in made)


async def test_the_secret_before_is_valid_for_its_grace_period(database: Database, tenant: str) -> None:
    secrets = WebhookSecrets(vault(NEW))
    webhook = await add_sealed(database, vault(NEW), tenant, "first")
    assert await secrets.valid(webhook) == ["first"]
    await regenerate(database, vault(NEW), webhook, "second", grace=60)
    now = await read(database, webhook)
    assert await secrets.valid(now) == ["second", "first"]
    assert await secrets.valid(now, datetime.now(UTC) + timedelta(seconds=61)) == ["second"]
    bare = await add_webhook(database, tenant, webhook.workflow_id, None)
    assert await secrets.valid(bare) == []


async def test_a_secret_opens_in_its_place_alone(database: Database, tenant: str) -> None:
    secrets = WebhookSecrets(vault(NEW))
    one = await add_sealed(database, vault(NEW), tenant, "one")
    two = await add_sealed(database, vault(NEW), tenant, "two")
    sealed = {"secret_ciphertext": one.secret_ciphertext, "secret_wrapped_key": one.secret_wrapped_key}
    for stolen in (
        two.model_copy(update=sealed),
        one.model_copy(update={"tenant_id": "other"}),
        one.model_copy(update={"secret_number": 2}),
    ):
        with pytest.raises(Damaged):
            await secrets.valid(stolen)


async def test_a_change_of_master_keys_takes_both_secrets_along(own_database: Database) -> None:
    both = vault(NEW, OLD)
    first = await add_sealed(own_database, vault(OLD), "acme", "one")
    await regenerate(own_database, vault(OLD), first, "two", grace=60)
    await add_sealed(own_database, vault(NEW), "acme", "three")
    lost = await add_sealed(own_database, vault(LocalKey("lost", b"\3" * 32)), "acme", "four")
    keys = AllSecretKeys(own_database, both)
    assert (await keys.progress()).by_key == {"old": 2, "new": 1, "lost": 1}
    done, failed = await keys.rewrap()
    assert (done, list(failed)) == (2, [(lost.id, 1)])
    assert "'lost' is not in GORAX_MASTER_KEYS" in failed[lost.id, 1]
    assert await keys.rewrap(passing_over=failed) == (0, {})
    assert (await keys.progress()).by_key == {"new": 3, "lost": 1}
    alone = WebhookSecrets(vault(NEW))
    assert await alone.valid(await read(own_database, first)) == ["two", "one"]
    assert (await CredentialKeys(own_database, both).progress()).total == 0


async def test_secrets_that_are_valid_no_more_are_gone(own_database: Database) -> None:
    webhook = await add_sealed(own_database, vault(NEW), "acme", "first")
    await regenerate(own_database, vault(NEW), webhook, "second", grace=0.1)
    await asyncio.sleep(0.2)
    keys = WebhookSecretKeys(own_database, vault(NEW))
    assert (await keys.empty_ended(), await keys.empty_ended()) == (1, 0)
    row = await read(own_database, webhook)
    assert {name: getattr(row, name) for name in NO_PREVIOUS} == dict(NO_PREVIOUS)
    async with own_database.platform() as session:
        assert await Webhooks(session, "acme").delete(webhook.id)
        await session.commit()
    row = await read(own_database, webhook)
    assert (row.secret_key_id, row.secret_wrapped_key, row.secret_ciphertext) == (None, None, None)


async def test_no_webhook_is_made_while_its_workflow_is_being_deleted(
    database: Database, tenant: str
) -> None:
    workflow_id = await add_workflow(database, tenant)
    async with database.platform() as deleting:
        assert await Workflows(deleting, tenant).delete(workflow_id, "ann")
        async with database.platform() as creating:
            holding = asyncio.create_task(Webhooks(creating, tenant).hold_workflow(workflow_id))
            await asyncio.sleep(0.2)
            assert not holding.done()
            await Webhooks(deleting, tenant).delete_of([workflow_id])
            await deleting.commit()
            assert await holding is False


async def test_what_is_too_old_is_purged_in_batches(own_database: Database) -> None:
    workflow_id = await add_workflow(own_database, "acme")
    webhook = await add_webhook(own_database, "acme", workflow_id, None)
    now = datetime.now(UTC)
    for days in (0, 29, 31, 32, 33, 34, 35):
        await add_event(own_database, webhook, received_at=now - timedelta(days=days))
    async with own_database.platform() as session:
        for number, seconds in enumerate((-20, -10, -1, 60)):
            session.add(
                WebhookKey(
                    webhook_id=webhook.id, key=str(number), event_id="evt_1",
                    expires_at=now + timedelta(seconds=seconds),
                )
            )  # fmt: skip
        await session.commit()
    purger = Purger(own_database, timedelta(days=30), entries_kept=YEAR, batch=2)
    async with own_database.platform() as replaying:
        # Somebody works on one of them just now: it is left for the next time, and nobody waits.
        oldest = select(WebhookEvent).order_by(col(WebhookEvent.received_at)).limit(1).with_for_update()
        await replaying.execute(oldest)
        report = await purger.purge_events()
    assert (report.events, report.keys) == (4, 3)
    report = await purger.purge_events()
    assert (report.events, report.keys) == (1, 0)
    assert await count(own_database, WebhookEvent) == 2
    assert await count(own_database, WebhookKey) == 1


async def test_purges_at_once_share_the_work(own_database: Database) -> None:
    webhook = await add_webhook(own_database, "acme", await add_workflow(own_database, "acme"), None)
    for _ in range(40):
        await add_event(own_database, webhook, received_at=datetime(2020, 1, 1, tzinfo=UTC))
    reports = await asyncio.gather(
        *(
            Purger(own_database, timedelta(days=1), entries_kept=YEAR, batch=5).purge_events()
            for _ in range(4)
        )
    )
    assert sum(report.events for report in reports) == 40
    assert await count(own_database, WebhookEvent) == 0
