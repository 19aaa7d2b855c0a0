"""Settings as variables: what parts are told is what they read, and `.env.example` knows every one."""

import re
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from dev.environment import environment, explain, variables
from dev.parts import ROOT
from gorax.settings import Env, HttpSettings, Settings, TemporalSettings

EXAMPLE = ROOT / ".env.example"
EXAMPLES_ONLY = {
    "GORAX_PUBLIC_URL",
    "GORAX_KRATOS_URL",
    "GORAX_REDIS_URL",
    "GORAX_MASTER_KEYS",
    "GORAX_DATABASE_URL",
    "GORAX_TEMPORAL_ADDRESS",
    "GORAX_WORKER_BUILD_ID",
    "GORAX_ARCHIVE_AFTER",
    "GORAX_S3_BUCKET",
    "GORAX_KMS_REGION",
    "GORAX_KMS_ENDPOINT",
    "GORAX_METRICS_TOKEN",
    "GORAX_TRACING_ENDPOINT",
}
"""Not set by default: the file shows what a value looks like."""


def test_the_example_file_documents_every_setting_with_its_default() -> None:
    documented = dict(re.findall(r"^# (GORAX_\w+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE))
    defaults = dict(variables(Settings()))
    assert list(documented) == list(defaults)
    shown = {name: value for name, value in documented.items() if name not in EXAMPLES_ONLY}
    assert shown == {name: value for name, value in defaults.items() if value is not None}


def test_nothing_in_the_example_file_is_set() -> None:
    assert [line for line in EXAMPLE.read_text().splitlines() if line and not line.startswith("# ")] == []


def test_the_values_of_the_example_file_are_valid(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in re.findall(r"^# (GORAX_\w+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE):
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.database_url == "postgresql+psycopg://user:password@127.0.0.1:5432/gorax"
    assert settings.temporal.target == "127.0.0.1:7233"


def test_another_process_reads_the_same_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(
        env=Env.production,
        port=18080,
        master_keys=SecretStr("k1:secret"),
        data_dir=Path("/somewhere/else"),
        cors_origins=("https://a.example", "https://b.example"),
        temporal=TemporalSettings(namespace="other"),
        http=HttpSettings(allowed_networks="10.0.0.0/8,fd00::/8"),
    )
    for name, value in environment(settings).items():
        monkeypatch.setenv(name, value)
    assert Settings() == settings


@pytest.mark.parametrize(
    "origin", ["*", "https://*.example.com", "temporal.example.com", "https://a.example/x"]
)
def test_only_named_origins_may_ask_to_decrypt(origin: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GORAX_CODEC_ORIGINS", f"https://good.example:8233,{origin}")
    with pytest.raises(ValidationError) as raised:
        Settings()
    (sentence,) = explain(raised.value)
    assert sentence.startswith("GORAX_CODEC_ORIGINS: Value error, must be origins such as https://")


@pytest.mark.parametrize(
    ("name", "value"),
    [("GORAX_PORT", "eighty"), ("GORAX_TEMPORAL_PORT", "0"), ("GORAX_WORKER_MAX_ACTIVITIES", "-1")],
)
def test_a_wrong_setting_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as raised:
        Settings()
    (sentence,) = explain(raised.value)
    assert sentence.startswith(f"{name}: Input should be")
