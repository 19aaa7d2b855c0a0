"""The page about webhooks: its examples work, and it names every setting, status and bound."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import httpx

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
from tests.support.webhooks import workflow

PAGE = (Path(__file__).parents[2] / "docs" / "webhooks.md").read_text()
REQUESTS: dict[str, dict[str, Any]] = {
    path: json.loads(body) for path, body in re.findall(r"```json\nPOST (\S+)\n(.*?)```", PAGE, re.DOTALL)
}


def section(title: str) -> str:
    """What stands under a heading."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def rows(title: str) -> dict[str, str]:
    """The rows of the table under a heading, by the names in their first column."""
    found = [line for line in section(title).splitlines() if line.startswith("| `")]
    return {name: line for line in found for name in re.findall(r"`(\w+)`", line.split("|")[1])}


async def test_the_examples_work(api: httpx.AsyncClient) -> None:
    create, regenerate, test, one, many = REQUESTS
    body = {**REQUESTS[create], "workflow_id": await workflow(api)}
    created = await api.post(create, json=body)
    assert created.status_code == 201, created.text
    webhook_id = created.json()["data"]["id"]
    answer = await api.post(regenerate.format(id=webhook_id), json=REQUESTS[regenerate])
    assert answer.status_code == 200, answer.text
    answer = await api.post(test.format(id=webhook_id), json=REQUESTS[test])
    [shown] = [
        json.loads(block) for block in re.findall(r"```json\n(\{.*?\})\n```", section("Testing"), re.DOTALL)
    ]
    told = answer.json()
    differs = {"execution_id", "event_id", "response_time_ms"}
    assert {**told, **{name: shown[name] for name in differs}} == shown
    answer = await api.post(many.format(id=webhook_id), json=REQUESTS[many])
    assert (answer.status_code, answer.json()["replayed_count"]) == (202, 0)
    answer = await api.post(one.format(id="evt_none"), json=REQUESTS[one])
    assert (answer.status_code, answer.json()) == (404, {"error": "event not found"})


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
