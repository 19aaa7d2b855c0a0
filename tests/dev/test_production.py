"""No process runs in production with what was meant for one developer's machine."""

import os
import re
import subprocess
import sys

import pytest
from pydantic import SecretStr

from dev.parts import ROOT
from gorax.production import EXAMPLE_KEYS, PLACEHOLDER, check_production
from gorax.settings import DatabaseSettings, Env, KratosSettings, Settings, SettingsError, TemporalSettings

FIT = Settings(
    env=Env.production,
    master_keys=SecretStr(f"k1:{'A' * 43}="),
    cors_origins=("https://app.example",),
    database=DatabaseSettings(url="postgresql://db/gorax"),
    temporal=TemporalSettings(address="temporal:7233"),
    kratos=KratosSettings(url="http://kratos:4433"),
)


def problems(settings: Settings, *, api: bool = True) -> list[str]:
    """The settings that are named."""
    with pytest.raises(SettingsError) as raised:
        check_production(settings, api=api)
    return re.findall(r"^  (GORAX_\w+): ", str(raised.value), re.MULTILINE)


def test_what_is_fit_passes() -> None:
    check_production(FIT, api=True)
    check_production(FIT.model_copy(update={"cors_origins": ()}), api=True)
    check_production(FIT.model_copy(update={"cors_origins": ("*",), "kratos": KratosSettings()}), api=False)
    check_production(Settings(), api=True)  # development asks for nothing


def test_every_setting_that_is_not_fit_is_named() -> None:
    bare = Settings(env=Env.production)
    worker = ["GORAX_DATABASE_URL", "GORAX_TEMPORAL_ADDRESS"]
    assert problems(bare, api=False) == worker
    assert problems(bare) == [*worker, "GORAX_KRATOS_URL", "GORAX_CORS_ORIGINS"]
    mixed = FIT.model_copy(update={"cors_origins": ("https://app.example", "*")})
    assert problems(mixed) == ["GORAX_CORS_ORIGINS"]


def test_the_keys_of_the_example_file_open_nothing() -> None:
    shown = re.findall(r"k\d:([A-Za-z0-9+/=]+)", (ROOT / ".env.example").read_text())
    assert shown == list(EXAMPLE_KEYS)
    for key in shown:
        keys = SecretStr(f"k9:{'A' * 43}=,k1:{key}")
        assert problems(FIT.model_copy(update={"master_keys": keys})) == ["GORAX_MASTER_KEYS"]


def test_a_placeholder_is_named_wherever_it_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    check_production(FIT, api=False)
    monkeypatch.setenv("GORAX_DATABASE_URL", f"postgresql://gorax:{PLACEHOLDER}@db/gorax")
    assert problems(FIT) == problems(FIT, api=False) == ["GORAX_DATABASE_URL"]
    check_production(Settings(), api=True)  # development asks for nothing


@pytest.mark.parametrize("module", ["api", "worker"])
def test_the_process_says_so_and_ends(module: str) -> None:
    environment = {**os.environ, "GORAX_ENV": "production", "GORAX_MASTER_KEYS": f"k1:{'A' * 43}="}
    done = subprocess.run(
        [sys.executable, "-m", module], env=environment, cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert f"{module}: not fit for production:\n  GORAX_DATABASE_URL: is required" in done.stderr
    assert ("GORAX_KRATOS_URL" in done.stderr) is (module == "api")
