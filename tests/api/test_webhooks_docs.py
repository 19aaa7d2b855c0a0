"""The page about webhooks names every setting, status and bound."""

import json
import re
from pathlib import Path
from typing import get_args

from api.limits import MAX_PAGE
from api.schemas.webhooks import MAX_GRACE, CreateWebhook
from gorax.core.webhooks.settings import (
    MAX_ALLOWED_IPS,
    MAX_DEDUPE_SECONDS,
    MAX_PATH,
    MAX_RESPONSE_SECONDS,
    MAX_SCHEMA_BYTES,
    EventSource,
    EventStatus,
    Method,
)
from gorax.settings import Settings

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()


def section(title: str) -> str:
    """What stands under a heading."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(title: str) -> dict[str, str]:
    """The rows of the table under a heading, by the names in their first column."""
    found = [line for line in section(title).splitlines() if line.startswith("| `")]
    return {name: line for line in found for name in re.findall(r"`(\w+)`", line.split("|")[1])}


def test_every_setting_is_there_with_its_default() -> None:
    described = rows("Settings")
    assert described.keys() == CreateWebhook.model_fields.keys()
    assert set(re.findall(r"`([A-Z]+)`", described["methods"])) == set(get_args(Method))
    for name, field in CreateWebhook.model_fields.items():
        default = described[name].split("|")[3].strip().strip("`")
        if not field.is_required() and field.default is not None:
            shown = field.default if isinstance(field.default, str) else json.dumps(field.default)
            assert float(default) == field.default if isinstance(field.default, float) else default == shown


def test_every_status_is_there() -> None:
    assert rows("Events").keys() == set(get_args(EventStatus))
    for source in get_args(EventSource):
        assert f"`{source}`" in section("Events")


def test_the_bounds_are_true() -> None:
    settings = rows("Settings")
    assert f"{MAX_PATH} characters in all" in PAGE
    assert f"{MAX_ALLOWED_IPS} at most" in settings["allowed_ips"]
    assert f"{MAX_SCHEMA_BYTES // 1024} KB at most" in settings["input_schema"]
    assert f"{MAX_DEDUPE_SECONDS // 86_400} days at most" in settings["dedupe_seconds"]
    assert f"{MAX_RESPONSE_SECONDS:g} seconds at most" in settings["response_timeout"]
    assert f"{MAX_GRACE // 86_400} days at most" in section("Secrets")
    assert f"`limit` is {MAX_PAGE} at\nmost" in section("Replaying")
    defaults = Settings().webhooks
    assert f"({defaults.max_body_bytes // 1_000_000} MB)" in settings["max_body_bytes"]
    assert f"`GORAX_WEBHOOK_EVENT_RETENTION_DAYS`, {defaults.event_retention_days} by default" in PAGE
