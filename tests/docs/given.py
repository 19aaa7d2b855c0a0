"""What a page takes for granted: each id that its commands name without having made it."""

import re
from typing import Any

import httpx

from tests.support import webhooks
from tests.support.executions import WAIT, begin, get, is_waiting, until
from tests.support.schedules import add_schedule

_LOOP = {
    "id": "each_order",
    "type": "for_each",
    "config": {"items": 2, "actions": [{"id": "note", "type": "log", "config": {"message": "{{item}}"}}]},
}
_FAIL = {"id": "fail", "type": "fail", "config": {"message": "connection refused"}}
EXECUTIONS: dict[str, list[dict[str, Any]]] = {"completed": [_LOOP], "failed": [_FAIL], "running": [WAIT]}
"""The states in which a page may want an execution, and the actions that lead there."""

_NOUNS = {
    "workflows": "WORKFLOW_ID",
    "executions": "EXECUTION_ID",
    "schedules": "SCHEDULE_ID",
    "webhooks": "WEBHOOK_ID",
    "events": "EVENT_ID",
    "credentials": "CREDENTIAL_ID",
    "approvals": "APPROVAL_ID",
}


async def execution(api: httpx.AsyncClient, status: str) -> str:
    """The id of a new execution that is in this state."""
    execution_id = await begin(api, *EXECUTIONS[status])

    async def ended() -> bool:
        return bool((await get(api, execution_id))["status"] == status)

    await (is_waiting(api, execution_id) if status == "running" else until(ended))
    return execution_id


class Given:
    """The things of one page's tenant, made when they are first named."""

    def __init__(self, api: httpx.AsyncClient) -> None:
        """Begin with nothing."""
        self._api = api
        self.names: dict[str, str] = {}

    async def fill(self, text: str) -> None:
        """Make what the `$…_ID`s of a script stand for, but for those that it makes itself."""
        for name in re.findall(r"\$\{?([A-Z]+_ID)\b", text):
            if not re.search(rf"^{name}=", text, re.MULTILINE):
                await self.id_of(name)

    async def path(self, path: str) -> str:
        """The path with an id for each `{id}`, by the noun before it."""
        while found := re.search(r"(\w+)/\{id\}", path):
            path = path.replace("{id}", await self.id_of(_NOUNS[found[1]]), 1)
        return path

    def take(self, path: str, made: dict[str, Any]) -> None:
        """What a request of the page has made is what the page means from then on."""
        name = _NOUNS.get(path.rpartition("/")[2])
        for field in ("id", "url", "secret"):
            if name and made.get(field):
                self.names[name.replace("ID", field.upper())] = made[field]
        for field in ("event_id", "execution_id"):
            if made.get(field):
                self.names[field.upper()] = made[field]

    async def id_of(self, name: str) -> str:
        """The id that a name stands for; fails for one that means nothing here."""
        if name not in self.names:
            assert name in _NOUNS.values(), f"${name} is not made on the page, and is nothing that a test has"
            self.names[name] = await self._make(name)
        return self.names[name]

    async def _make(self, name: str) -> str:
        match name:
            case "WORKFLOW_ID":
                return await self._workflow()
            case "EXECUTION_ID":
                return await execution(self._api, "completed")
            case "SCHEDULE_ID":
                workflow_id = await self.id_of("WORKFLOW_ID")
                return str((await add_schedule(self._api, workflow_id, cron_expression="@daily"))["id"])
            case "CREDENTIAL_ID":
                body = {"name": "Given", "type": "custom", "value": {"key": "given for nothing"}}
                return str((await self._api.post("/api/v1/credentials", json=body)).json()["data"]["id"])
            case "WEBHOOK_ID":
                return str((await webhooks.create(self._api, auth_type="none"))["id"])
            case _:
                raise AssertionError(f"nobody has made an example of {name} yet")

    async def _workflow(self) -> str:
        """One that has been changed once."""
        workflow_id = await webhooks.workflow(self._api)
        changed = await self._api.put(
            f"/api/v1/workflows/{workflow_id}", json={"definition": {"actions": [_LOOP]}}
        )
        assert changed.status_code == 200, changed.text
        return workflow_id
