"""The ring of keys, as settings give it, and the one that a developer's machine makes."""

import asyncio
import base64
import os
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from gorax.core.errors import Unavailable
from gorax.settings import Env, KmsSettings, Settings, SettingsError
from gorax.vault import open_key_ring
from gorax.vault.key_file import KEY_FILE, kept_keys

K1, K2 = (base64.b64encode(bytes([byte]) * 32).decode() for byte in (251, 2))


def settings(keys: str | None, **rest: object) -> Settings:
    """Production settings with these keys."""
    given = None if keys is None else SecretStr(keys)
    return Settings.model_validate({"env": Env.production, "master_keys": given, **rest})


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        (f"k1:{K1}", ["k1"]),
        (f" k2:{K2} , k1:{K1}\n", ["k2", "k1"]),
        (f"2026-05.a_b:{K1.rstrip('=')}", ["2026-05.a_b"]),
        (f"k1:{K1.replace('+', '-').replace('/', '_')}", ["k1"]),
        (f"kms:arn:aws:kms:eu-west-1:111122223333:key/1234abcd,k1:{K1}",
         ["kms:arn:aws:kms:eu-west-1:111122223333:key/1234abcd", "k1"]),
    ],
)  # fmt: skip
async def test_keys_are_read(text: str, ids: list[str]) -> None:
    ring = open_key_ring(settings(text))
    assert ring.ids == ids
    assert ring.current.id == ids[0]
    assert ring.derive("x").key_id == next(name for name in ids if not name.startswith("kms:"))
    await ring.close()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "GORAX_MASTER_KEYS: is required in production"),
        ("  ", "GORAX_MASTER_KEYS: is required in production"),
        (K1, "GORAX_MASTER_KEYS: key 1 must have the form id:base64"),
        (f"k1:{K1},", "GORAX_MASTER_KEYS: key 2 must have the form id:base64"),
        (f"k 1:{K1}", "GORAX_MASTER_KEYS: key 1 must have the form id:base64"),
        (f"k1:{K1[:-8]}", "key 1 has 27 bytes after its id, it must have 32"),
        (f"k1:{K1}{K1}", "key 1"),
        (f"k1:{K1},k1:{K2}", "key 2 has the same id as one before it, 'k1'"),
        ("kms:a key", "key 1 must be kms: and the id"),
        ("kms:alias/gorax", "GORAX_KMS_REGION: is required, as 'alias/gorax' does not say its region"),
    ],
)
def test_what_is_no_key_is_refused_without_showing_it(text: str | None, message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        open_key_ring(settings(text))
    assert message in str(caught.value)
    assert K1[:8] not in str(caught.value)


def test_settings_do_not_show_keys() -> None:
    given = settings(f"k1:{K1}", kms=KmsSettings(region="eu-west-1"))
    assert K1 not in f"{given!r} {given} {given.model_dump_json()}"


def test_a_machine_for_development_makes_its_own(tmp_path: Path) -> None:
    given = Settings(data_dir=tmp_path / "new" / "data")
    ring = open_key_ring(given)
    file = given.data_dir / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    assert ring.ids == ["dev-1"]
    assert open_key_ring(given).derive("x") == ring.derive("x")
    assert [path.name for path in given.data_dir.iterdir()] == [KEY_FILE]


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    kept_keys(tmp_path)
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(SettingsError, match="chmod 600"):
        kept_keys(tmp_path)


def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match="file"):
        kept_keys(tmp_path / "file" / "data")


async def test_processes_at_once_agree_on_one_key(tmp_path: Path) -> None:
    kept = await asyncio.gather(*(asyncio.to_thread(kept_keys, tmp_path) for _ in range(16)))
    assert len({text for _, text in kept}) == 1
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


@pytest.mark.parametrize(
    ("module", "keys", "complaint"),
    [
        ("api", "", "is required in production"),
        ("worker", "", "is required in production"),
        (
            "api",
            "kms:arn:aws:kms:eu-west-1:111122223333:key/1234abcd",
            "run data is encrypted under keys that",
        ),
    ],
)
def test_no_process_starts_in_production_without_a_key(module: str, keys: str, complaint: str) -> None:
    environment = {
        **os.environ,
        "GORAX_ENV": "production",
        "GORAX_MASTER_KEYS": keys,
        "GORAX_DATABASE_URL": "postgresql://x@127.0.0.1:1/x",
    }
    done = subprocess.run(
        [sys.executable, "-m", module], env=environment, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert done.stderr.startswith(f"{module}: GORAX_MASTER_KEYS: {complaint}")


async def test_without_a_local_key_nothing_is_derived() -> None:
    ring = open_key_ring(settings("kms:alias/gorax", kms=KmsSettings(region="eu-west-1")))
    with pytest.raises(Unavailable, match="no key can be derived"):
        ring.derive("x")
    await ring.close()
