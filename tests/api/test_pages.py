"""The pages for people, in a real browser."""

import shutil
from pathlib import Path

import httpx
import pytest

from tests.support import browser
from tests.support.browser import running_browser
from tests.support.executions import WAIT, ask, becomes, begin, is_waiting

needs_browser = pytest.mark.skipif(browser.program() is None, reason="there is no Chromium on this machine")

SAY = {"id": "say", "type": "formula", "config": {"expression": "'<b>' + trigger.type + '</b>'"}}

BREAK = {"id": "break", "type": "formula", "config": {"expression": "1 / 0"}}


async def test_they_load_nothing_from_elsewhere(api: httpx.AsyncClient) -> None:
    page = await api.get("/ui/")
    assert page.headers["content-type"].startswith("text/html")
    for path in ("", "main.js", "style.css"):
        answer = await api.get(f"/ui/{path}")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "https://" not in answer.text
        again = await api.get(f"/ui/{path}", headers={"If-None-Match": answer.headers["etag"]})
        assert again.status_code == 304
    for path in ("nothing.js", "..%2fpages.py", "%2e%2e/pages.py"):
        assert (await api.get(f"/ui/{path}")).status_code == 404


@needs_browser
async def test_by_keyboard_alone(api: httpx.AsyncClient, tenant: str, tmp_path: Path) -> None:
    execution_id = await begin(api, SAY, WAIT)
    await is_waiting(api, execution_id)
    async with running_browser(tmp_path) as page:
        await page.open(f"{str(api.base_url).rstrip('/')}/ui/")
        await page.until("document.activeElement?.name === 'tenant'")
        await page.type(tenant)
        await page.press("Enter")
        await page.until("document.querySelector('tbody .running')")
        await page.tab_to("it.closest('tbody')")
        await page.press("Enter")
        await page.until("document.querySelectorAll('.timeline li').length === 2")
        await page.until("document.querySelector('img').naturalWidth > 0")
        await page.until("document.querySelector('.live').textContent === 'live'")
        # A step opens to what it gave, as text.
        await page.tab_to("it.closest('.timeline li')")
        await page.press("Enter")
        await page.until("document.querySelector('.timeline').innerText.includes('<b>manual</b>')")

        await ask(api, execution_id, "cancel")
        await page.until("document.querySelector('h1 + p .status').textContent === 'cancelled'")
        await page.until("document.querySelector('.timeline .bar.cancelled')")

        await page.tab_to("it.hash === '#/executions' && !!it.closest('nav')")
        await page.press("Enter")
        await page.until("document.querySelector('tbody .cancelled')")
        await page.until("document.querySelector('.live').textContent === 'live'")
        # What begins meanwhile appears by itself.
        await becomes(api, await begin(api, BREAK), "failed")
        second = await begin(api, SAY)
        await becomes(api, second, "completed")
        await page.until("document.querySelectorAll('tbody tr').length === 3")
        await page.until("document.querySelector('tbody .completed')")
        await page.tab_to("it.name === 'status'")
        await page.value("document.activeElement.value = 'cancelled'")
        await page.tab_to("it.textContent === 'Filter'")
        await page.press("Enter")
        await page.until("document.querySelectorAll('tbody tr').length === 1")

        await page.tab_to("it.hash === '#/trends'")
        await page.press("Enter")
        await page.until("document.querySelectorAll('rect.completed').length > 0")
        assert await page.value("document.querySelector('.plot title').textContent") != ""
        said = await page.value("document.querySelector('main > section:last-child').innerText")
        assert "100.0 %" in said
        assert "break" in said
        assert page.problems == []
    shutil.rmtree(tmp_path / "browser", ignore_errors=True)


@needs_browser
async def test_what_goes_wrong_is_said(api: httpx.AsyncClient, tenant: str, tmp_path: Path) -> None:
    async with running_browser(tmp_path) as page:
        await page.open(f"{str(api.base_url).rstrip('/')}/ui/?tenant={tenant}#/executions/exec_nothing")
        await page.until("document.querySelector('[role=alert]')?.textContent === 'execution not found'")
    shutil.rmtree(tmp_path / "browser", ignore_errors=True)
