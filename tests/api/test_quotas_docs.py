"""What docs/quotas.md says is true."""

import re
from pathlib import Path

import httpx

from gorax.core.errors import ErrorType
from gorax.store.tenants import DEFAULT_QUOTAS
from tests.support.processes import Stack

PAGE = (Path(__file__).parents[2] / "docs" / "quotas.md").read_text()


def test_every_quota_is_there_with_its_default() -> None:
    rows = re.findall(r"^\| `(\w+)` \| [^|]+ \| (-?\d+) \|", PAGE, re.M)
    assert {name: int(default) for name, default in rows} == dict(DEFAULT_QUOTAS)
    assert f"`{ErrorType.QUOTA_EXCEEDED}`" in PAGE


async def test_the_requests_work(stack: Stack, api: httpx.AsyncClient, tenant: str) -> None:
    await api.get("/api/v1/workflows")  # development makes the tenant
    [(path, body)] = re.findall(r"-X PUT http://[^/]+(\S+) .*?-d '([^']+)'", PAGE, re.S)
    [read] = re.findall(r"curl -s http://[^/]+(\S+)", PAGE)
    headers = {"X-User-ID": "root"}
    async with httpx.AsyncClient(base_url=stack.url, headers=headers, trust_env=False) as admin:
        changed = await admin.put(path.replace("acme", tenant), content=body)
        assert changed.status_code == 200, changed.text
        used = (await admin.get(read.replace("acme", tenant))).json()["data"]
    assert used["quotas"]["max_concurrent_executions"] == 50
    assert used["usage"]["executions_today"] == 0
