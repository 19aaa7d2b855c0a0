"""Credentials at rest: the log that stays, and a change of master keys."""

import asyncio
import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from gorax.core.errors import Conflict
from gorax.core.ids import CREDENTIAL, new_id
from gorax.store.credential_keys import CredentialKeys
from gorax.store.credential_log import CredentialLog, Reader, whole_log
from gorax.store.credential_values import CredentialValues
from gorax.store.credentials import Credentials
from gorax.store.secret_keys import BATCH
from gorax.store.session import Database
from gorax.store.tenants import Tenants
from gorax.vault import Damaged, KeyRing, LocalKey, Vault
from tests.docs.fences import ROOT, fences

OLD, NEW = LocalKey("old", b"\1" * 32), LocalKey("new", b"\2" * 32)
READER = Reader(via="api", user_id="ann")


def vault(*keys: LocalKey) -> Vault:
    """A vault with these keys, newest first."""
    return Vault(KeyRing(keys))


async def add(database: Database, sealing: Vault, tenant: str, name: str, value: Any = "v") -> str:
    """A committed credential; its id."""
    credential_id = new_id(CREDENTIAL)
    envelope = await CredentialValues(database, sealing).seal(tenant, credential_id, 1, {"v": value})
    async with database.platform() as session:
        await Tenants(session).ensure(tenant)
        await Credentials(session, tenant).create(
            id=credential_id, name=name, type="custom", description="", expires_at=None, envelope=envelope,
            created_by="ann",
        )  # fmt: skip
        await session.commit()
    return credential_id


async def rotate(database: Database, sealing: Vault, tenant: str, credential_id: str, grace: float) -> None:
    """A second value."""
    async with database.platform() as session:
        credentials = Credentials(session, tenant)
        locked = await credentials.get(credential_id, lock=True)
        assert locked is not None
        values = CredentialValues(database, sealing)
        envelope = await values.seal(tenant, credential_id, locked.version + 1, {"v": "next"})
        await credentials.rotate(locked, envelope, grace=grace, expires_at=None, rotated_by="ann")
        await session.commit()


async def test_one_name_at_once_is_one_credential(database: Database, tenant: str) -> None:
    async with database.platform() as session:
        await Tenants(session).ensure(tenant)
        await session.commit()
    made = await asyncio.gather(
        *(add(database, vault(NEW), tenant, "k") for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(outcome, str) for outcome in made) == 1
    assert all(isinstance(outcome, str | Conflict) for outcome in made), made


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE credential_accesses SET user_id = 'bob'",
        "DELETE FROM credential_accesses",
        "TRUNCATE credential_accesses",
        "UPDATE credential_accesses SET user_id = 'bob' WHERE false",
    ],
)
async def test_the_log_is_only_ever_added_to(
    own_database: Database, fresh_database_url: str, statement: str
) -> None:
    async with own_database.platform() as session:
        await CredentialLog(session, "acme").add(READER, credential_id="cred_1", name="k", version=1)
        await session.commit()
    with (
        psycopg.connect(fresh_database_url.replace("+psycopg", "")) as connection,
        pytest.raises(psycopg.errors.RaiseException, match="only ever added to"),
    ):
        connection.execute(statement)
    async with own_database.platform() as session:
        [row], _ = await CredentialLog(session, "acme").list("cred_1", 10, 0)
    assert row.user_id == "ann"


async def test_a_long_log_is_exported_whole_in_order(database: Database, tenant: str) -> None:
    async with database.platform() as session:
        log = CredentialLog(session, tenant)
        for number in range(2_500):
            await log.add(READER, credential_id=None, name=f"k{number}", version=None, refused="no")
        await CredentialLog(session, f"{tenant}_b").add(
            READER, credential_id=None, name="theirs", version=None
        )
        await session.commit()
    pieces = [rows async for rows in whole_log(database, tenant, None, None)]
    assert [len(rows) for rows in pieces] == [1_000, 1_000, 500]
    assert [row.name for rows in pieces for row in rows] == [f"k{number}" for number in range(2_500)]
    late = datetime.now(UTC) + timedelta(hours=1)
    assert [len(rows) async for rows in whole_log(database, tenant, late, None)] == [0]


async def test_master_keys_change_while_values_are_read_and_rotated(own_database: Database) -> None:
    count = 3 * BATCH + 7
    ids = [
        await add(own_database, vault(OLD), f"tenant_{number % 3}", f"k{number}", number)
        for number in range(count)
    ]
    both = vault(NEW, OLD)
    values, keys = CredentialValues(own_database, both), CredentialKeys(own_database, both)
    before = await keys.progress()
    assert (before.total, before.by_key, before.remaining) == (count, {"old": count}, count)
    ended = asyncio.Event()
    reads = 0

    async def read() -> None:
        nonlocal reads
        while not ended.is_set():
            number = reads * 37 % count
            revealed = await values.of_id(f"tenant_{number % 3}", ids[number], READER)
            assert revealed.value["v"] in (number, "next")
            reads += 1

    async def change() -> None:
        """As two processes at once would."""
        while (await keys.progress()).remaining:
            await keys.rewrap()

    reading = asyncio.create_task(read())
    await asyncio.gather(
        change(), change(), *(rotate(own_database, both, "tenant_0", ids[n], 60) for n in (0, 3, 6))
    )
    ended.set()
    await reading
    assert reads > 0
    after = await keys.progress()
    assert (after.by_key, after.remaining) == ({"new": count + 3}, 0)
    alone = CredentialValues(own_database, vault(NEW))
    for number in (1, 50, count - 1):
        assert (await alone.of_id(f"tenant_{number % 3}", ids[number], READER)).value == {"v": number}


async def test_what_cannot_be_wrapped_anew_is_told_and_does_not_stop_the_rest(
    own_database: Database, fresh_database_url: str
) -> None:
    lost = await add(own_database, vault(LocalKey("lost", b"\3" * 32)), "acme", "lost")
    broken = await add(own_database, vault(OLD), "acme", "broken")
    await add(own_database, vault(OLD), "acme", "sound")
    with psycopg.connect(fresh_database_url.replace("+psycopg", "")) as connection:
        connection.execute(
            "UPDATE credential_versions SET wrapped_key = set_bit(wrapped_key, 99, 1 - get_bit(wrapped_key, 99)) "
            "WHERE credential_id = %s",
            (broken,),
        )
    keys = CredentialKeys(own_database, vault(NEW, OLD))
    done, failed = await keys.rewrap()
    assert (done, set(failed)) == (1, {(lost, 1), (broken, 1)})
    assert "'lost' is not in GORAX_MASTER_KEYS" in failed[lost, 1]
    assert await keys.rewrap(passing_over=failed) == (0, {})
    assert (await keys.progress()).by_key == {"lost": 1, "old": 1, "new": 1}


async def test_values_that_are_valid_no_more_are_gone(
    own_database: Database, fresh_database_url: str
) -> None:
    credential_id = await add(own_database, vault(NEW), "acme", "k")
    await rotate(own_database, vault(NEW), "acme", credential_id, grace=0.2)
    await rotate(own_database, vault(NEW), "acme", credential_id, grace=60)
    keys = CredentialKeys(own_database, vault(NEW))
    await asyncio.sleep(0.3)
    assert await keys.empty_ended() == 1
    assert await keys.empty_ended() == 0
    with psycopg.connect(fresh_database_url.replace("+psycopg", "")) as connection:
        rows = connection.execute(
            "SELECT version, ciphertext IS NULL, wrapped_key IS NULL FROM credential_versions ORDER BY version"
        ).fetchall()
    assert rows == [(1, True, True), (2, False, False), (3, False, False)]
    assert (await keys.progress()).total == 2
    values = CredentialValues(own_database, vault(NEW))
    used = await values.for_use("acme", "k", datetime.now(UTC) - timedelta(seconds=0.35), READER)
    assert used.version == 3


async def test_an_old_version_put_back_in_its_place_does_not_open(
    own_database: Database, fresh_database_url: str
) -> None:
    credential_id = await add(own_database, vault(NEW), "acme", "k")
    await rotate(own_database, vault(NEW), "acme", credential_id, grace=60)
    with psycopg.connect(fresh_database_url.replace("+psycopg", "")) as connection:
        connection.execute(
            "UPDATE credential_versions n SET wrapped_key = o.wrapped_key, ciphertext = o.ciphertext "
            "FROM credential_versions o WHERE o.version = 1 AND n.version = 2"
        )
    with pytest.raises(Damaged):
        await CredentialValues(own_database, vault(NEW)).of_id("acme", credential_id, READER)


def _rewrap(url: str, *keys: str) -> tuple[int, list[str]]:
    environment = {
        **os.environ,
        "GORAX_DATABASE_URL": url.replace("+psycopg", ""),
        "GORAX_MASTER_KEYS": ",".join(keys),
    }
    command = [sys.executable, "-m", "gorax.store.rewrap"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


async def test_the_command(own_database: Database, fresh_database_url: str) -> None:
    old, new = (
        "old:AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
        "new:AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
    )
    for number in range(BATCH + 1):
        await add(own_database, vault(OLD), "acme", f"k{number}")
    status, lines = await asyncio.to_thread(_rewrap, fresh_database_url, new)
    assert status == 1
    assert lines[-1] == f"rewrap: {BATCH + 1} of {BATCH + 1} values are not under 'new'"
    status, lines = await asyncio.to_thread(_rewrap, fresh_database_url, new, old)
    assert (status, lines) == (
        0,
        [
            f"rewrap: {BATCH} of {BATCH + 1} values are under 'new'",
            f"rewrap: {BATCH + 1} of {BATCH + 1} values are under 'new'",
            f"rewrap: all {BATCH + 1} values are under 'new': none needs another key",
        ],
    )
    [shown] = fences(ROOT / "docs" / "credentials.md", "console")
    counted = re.compile(r"\d+|'\w+'")
    told = {counted.sub("1", line) for line in shown.text.splitlines()[1:]}
    assert told == {counted.sub("1", line) for line in lines}
    status, lines = await asyncio.to_thread(_rewrap, fresh_database_url, "new:short")
    assert (status, lines) == (1, ["rewrap: GORAX_MASTER_KEYS: key 1 is not base64 after its id"])
