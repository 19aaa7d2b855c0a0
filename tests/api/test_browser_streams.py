"""Streams as a page of somebody else's reads them, with what a browser has and nothing else."""

import json
import shutil
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support import browser
from tests.support.browser import Page, running_browser
from tests.support.executions import begin
from tests.support.processes import Stack
from tests.support.receiver import Receiver

pytestmark = pytest.mark.skipif(browser.program() is None, reason="there is no Chromium on this machine")

STEPS = [
    {"id": "first", "type": "delay", "config": {"duration": "500ms"}},
    {"id": "second", "type": "formula", "config": {"expression": "1 + 1"}},
]
SOCKET = """
window.told = []; window.code = null;
const ws = new WebSocket(URL_);
ws.onmessage = (event) => told.push(JSON.parse(event.data));
ws.onclose = (event) => { code = event.code; };
"""
EVENTS = """
window.told = []; window.code = null;
const source = new EventSource(URL_);
source.onmessage = (event) => {
  const update = JSON.parse(event.data);
  told.push(update);
  if (update.event === "end") { source.close(); code = 1000; }
};
"""


async def _told(page: Page, script: str, url: str) -> tuple[list[dict[str, Any]], int]:
    """What a script of the page is told, and the code with which that ends."""
    await page.value("{" + script.replace("URL_", json.dumps(url)) + "}")
    await page.until("window.code !== null", seconds=20)
    return await page.value("told"), await page.value("code")


async def test_a_page_of_another_origin_follows_an_execution(
    stack: Stack, api: httpx.AsyncClient, tenant: str, tmp_path: Path, receiver: Receiver
) -> None:
    base = stack.url.removeprefix("http://")
    who = f"tenant_id={tenant}&user_id=ann"
    async with running_browser(tmp_path) as page:
        await page.open(f"{receiver.url}/page")
        execution_id = await begin(api, *STEPS)
        address = f"ws://{base}/api/v1/ws/executions"
        told, code = await _told(page, SOCKET, f"{address}/{execution_id}?{who}")
        assert code == 1000
        assert {update["type"] for update in told} == {"execution_update"}
        assert {update["execution_id"] for update in told} == {execution_id}
        assert (told[0]["event"], told[-1]["event"]) == ("snapshot", "end")
        assert told[-1]["status"] == "completed"
        assert await _told(page, SOCKET, f"{address}/exec_00000000000000000000000000?{who}") == ([], 4404)
        assert await _told(
            page, SOCKET, f"{address}/{execution_id}?tenant_id={tenant}_other&user_id=ann"
        ) == ([], 4404)
        ticket = (await api.post("/api/v1/ws/ticket", json={})).json()["data"]["ticket"]
        by_ticket, code = await _told(page, SOCKET, f"{address}/{execution_id}?ticket={ticket}")
        assert (by_ticket[-1]["event"], code) == ("end", 1000)
        execution_id = await begin(api, *STEPS)
        events = f"http://{base}/api/v1/executions/{execution_id}/events?{who}"
        told, code = await _told(page, EVENTS, events)
        assert (told[0]["event"], told[-1]["event"], code) == ("snapshot", "end", 1000)
    shutil.rmtree(tmp_path / "browser", ignore_errors=True)
