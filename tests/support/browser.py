"""A real browser, driven over its own debugging protocol: Chromium, where the machine has one."""

import asyncio
import itertools
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome")
START_SECONDS = 30.0
_ADDRESS = re.compile(r"DevTools listening on (ws://\S+)")
_KEYS = {"Enter": (13, "\r"), "Tab": (9, ""), " ": (32, " "), "ArrowDown": (40, "")}


def program() -> str | None:
    """The browser's program; None where there is none."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


class Page:
    """One tab."""

    def __init__(self, connection: ClientConnection, session: str) -> None:
        self.problems: list[str] = []
        """What the page's scripts failed with, and what its policy refused."""
        self._connection = connection
        self._session = session
        self._numbers = itertools.count(1_000)
        self._answers: dict[int, asyncio.Future[Any]] = {}

    async def listen(self) -> None:
        """Take in what the browser says, until it is closed."""
        async for text in self._connection:
            message = json.loads(text)
            match message:
                case {"id": number, **rest} if number in self._answers:
                    self._answers.pop(number).set_result(rest)
                case {"method": "Runtime.exceptionThrown", "params": params}:
                    self.problems.append(str(params["exceptionDetails"]))
                case {"method": "Log.entryAdded", "params": {"entry": {"level": "error"} as entry}}:
                    self.problems.append(entry["text"])

    async def ask(self, method: str, **params: Any) -> Any:
        """What the browser answers."""
        number = next(self._numbers)
        self._answers[number] = asyncio.get_running_loop().create_future()
        request = {"id": number, "method": method, "params": params, "sessionId": self._session}
        await self._connection.send(json.dumps(request))
        answer = await asyncio.wait_for(self._answers[number], 10)
        assert "error" not in answer, answer
        return answer["result"]

    async def open(self, url: str) -> None:
        """Go to an address."""
        await self.ask("Page.navigate", url=url)

    async def value(self, expression: str) -> Any:
        """What an expression gives in the page."""
        found = await self.ask(
            "Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    async def until(self, expression: str, seconds: float = 10) -> None:
        """Wait until an expression gives something true in the page."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not await self.value(f"!!({expression})"):
            if asyncio.get_running_loop().time() > deadline:
                seen = await self.value("document.body?.innerText")
                raise AssertionError(f"never: {expression}\n{seen}\n{self.problems}")
            await asyncio.sleep(0.05)

    async def press(self, key: str) -> None:
        """Press a key."""
        code, text = _KEYS[key]
        for kind in ("keyDown", "keyUp"):
            await self.ask(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                windowsVirtualKeyCode=code,
                **({"text": text} if text and kind == "keyDown" else {}),
            )

    async def type(self, text: str) -> None:
        """Write where the cursor is."""
        await self.ask("Input.insertText", text=text)

    async def tab_to(self, expression: str, most: int = 60) -> None:
        """Go by the Tab key alone to where an expression about `document.activeElement`, `it`, is true."""
        for _ in range(most):
            if await self.value(f"(it => !!({expression}))(document.activeElement)"):
                return
            await self.press("Tab")
        raise AssertionError(f"the Tab key does not lead to {expression}")


@asynccontextmanager
async def running_browser(directory: Path) -> AsyncIterator[Page]:
    """A browser with one empty tab."""
    found = program()
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found,
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--remote-debugging-port=0",
        f"--user-data-dir={directory / 'browser'}",
        "about:blank",
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "HOME": str(directory)},
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            address = await _address(process)
        async with connect(address, max_size=50_000_000) as connection:
            page = await _first_page(connection)
            listening = asyncio.create_task(page.listen())
            try:
                for domain in ("Page", "Runtime", "Log"):
                    await page.ask(f"{domain}.enable")
                yield page
            finally:
                listening.cancel()
    finally:
        os.killpg(process.pid, 15)
        await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    while line := await process.stderr.readline():
        if told := _ADDRESS.search(line.decode(errors="replace")):
            return told[1]
    raise AssertionError("the browser ended before it listened")


async def _first_page(connection: ClientConnection) -> Page:
    async def ask(number: int, method: str, **params: Any) -> Any:
        await connection.send(json.dumps({"id": number, "method": method, "params": params}))
        async for text in connection:
            if (message := json.loads(text)).get("id") == number:
                return message["result"]
        raise AssertionError("the browser hung up")

    targets = (await ask(1, "Target.getTargets"))["targetInfos"]
    target = next(one["targetId"] for one in targets if one["type"] == "page")
    attached = await ask(2, "Target.attachToTarget", targetId=target, flatten=True)
    return Page(connection, attached["sessionId"])
