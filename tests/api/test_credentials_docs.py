"""The page about credentials: its examples work, and it names every type, field and setting."""

import json
import re
from pathlib import Path
from typing import Any

import httpx

from api.schemas.credentials import DEFAULT_GRACE, MAX_GRACE, SOON, AccessView
from api.services.credentials import MAX_CREDENTIALS
from gorax.core.credentials import KINDS, MAX_VALUE_BYTES

PAGE = (Path(__file__).parents[2] / "docs" / "credentials.md").read_text()
BLOCKS = re.findall(r"```json\n(?:(POST) (\S+)\n)?(.*?)```", PAGE, re.DOTALL)
REQUESTS = [(path, json.loads(body)) for method, path, body in BLOCKS if method]
ACTIONS: list[dict[str, Any]] = [json.loads(body) for method, _, body in BLOCKS if not method]


async def test_the_examples_work(api: httpx.AsyncClient) -> None:
    (create, credential), (rotate, new_value) = REQUESTS
    created = await api.post(create, json=credential)
    assert created.status_code == 201, created.text
    login = {
        "name": "office_mail",
        "type": "smtp",
        "value": {"host": "mail.example.com", "username": "office"},
    }
    assert (await api.post(create, json=login)).status_code == 201
    saved = await api.post("/api/v1/workflows", json={"name": "w", "definition": {"actions": ACTIONS}})
    assert saved.status_code == 201, saved.text
    assert saved.json()["data"]["warnings"] == []
    credential_id = created.json()["data"]["id"]
    rotated = await api.post(rotate.format(id=credential_id), json=new_value)
    assert rotated.json()["data"]["version"] == 2
    paths = set(re.findall(r"GET (/api/v1/credentials\S*?)[?`]", PAGE))
    assert len(paths) == 4
    for path in paths:
        assert (await api.get(path.format(id=credential_id))).status_code == 200, path
    refused = await api.delete(f"/api/v1/credentials/{credential_id}")
    assert refused.status_code == 409


def test_every_type_is_there_with_its_fields() -> None:
    rows = {row.split("|")[1].strip(" `"): row for row in PAGE.splitlines() if row.startswith("| `")}
    for name, kind in KINDS.items():
        for field in kind.model_fields:
            assert f"`{field}`" in rows[name], (name, field)
    [hidden] = re.findall(r"Left alone are secrets.*?\n\n", PAGE, re.DOTALL)
    public = {field for kind in KINDS.values() for field in kind.public}
    assert set(re.findall(r"`(\w+)`", hidden)) == public | {"port"}


def test_every_field_of_the_log_is_there() -> None:
    log = PAGE[PAGE.index("## Who read what") : PAGE.index("## Deleting")]
    assert set(AccessView.__annotations__) - {"id"} <= set(re.findall(r"`(\w+)`", log))


def test_the_bounds_are_true() -> None:
    assert (DEFAULT_GRACE, MAX_GRACE, SOON.days) == (24 * 3600, 30 * 24 * 3600, 14)
    assert f"{MAX_CREDENTIALS:,} credentials" in PAGE
    assert f"{MAX_VALUE_BYTES // 1024} KB" in PAGE
