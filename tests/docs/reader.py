"""Somebody who reads a page from top to bottom, and does what it shows to the running API."""

import asyncio
import json
import os
import re
import shutil
import sys
from pathlib import Path
from typing import Any

import httpx

from tests.docs.fences import ROOT, Fence
from tests.docs.given import Given, execution
from tests.support.processes import Stack

TOOLS = ("bash", "cat", "curl", "env", "grep", "head", "openssl", "sleep")
"""What a reader has; a page whose command needs more says who tests it, or why nobody does."""
LINKED = ("examples",)
"""What of the repository a reader's working directory shows."""
SECONDS = 60.0
HOST = r"\b(?:127\.0\.0\.1|localhost)"
TENANT = re.compile(r"\bacme\b")
_REQUEST = re.compile(r"(GET|POST|PUT|DELETE) (/\S+)\n(.*)", re.DOTALL)
_SETTING = re.compile(r"^(GORAX_[A-Z0-9_]+)=", re.MULTILINE)


class Reader:
    """One reader of one page, with a tenant, a directory and a shell of their own."""

    def __init__(self, stack: Stack, api: httpx.AsyncClient, tenant: str, directory: Path) -> None:
        """Sit down in an empty directory."""
        self._ports = {8080: stack.settings.port, 9464: stack.settings.metrics.port}
        self._api = api
        self._tenant = tenant
        self._directory = directory
        self._given = Given(api)
        self._answer = ""
        tools = directory / ".bin"
        tools.mkdir()
        for name in TOOLS:
            if found := shutil.which(name):
                (tools / name).symlink_to(found)
        (tools / "gorax").symlink_to(Path(sys.executable).with_name("gorax"))
        for name in LINKED:
            (directory / name).symlink_to(ROOT / name)
        # A refusal is a failure, and loopback needs no proxy.
        (directory / ".curlrc").write_text('noproxy = "*"\nfail-with-body\n')
        self._environment = {"PATH": str(tools), "HOME": str(directory)}

    async def do(self, fence: Fence) -> None:
        """Do what a fence shows, or compare what it tells; fails where that is not so."""
        if fence.given:
            self._given.names["EXECUTION_ID"] = await execution(self._api, fence.given)
        if fence.answer:
            same_form(json.loads(fence.text), json.loads(self._answer))
            return
        match fence.language:
            case "bash":
                await self._shell(self._here(fence.text))
            case "python":
                program = self._directory / "program.py"
                program.write_text(self._here(fence.text))
                await self._run(sys.executable, str(program), environment=dict(os.environ))
            case "text":
                assert sorted(self._answer.splitlines()) == sorted(self._here(fence.text).splitlines())
            case "json":
                await self._json(fence.text)
            case "dotenv":
                names = set(_SETTING.findall(fence.text))
                assert names <= settings(), names - settings()
            case language:
                raise AssertionError(f"nothing is known to do with {language}: say `tested by` or `not run:`")

    def _here(self, text: str) -> str:
        for port, here in self._ports.items():
            text = re.sub(rf"{HOST}:{port}\b", f"127.0.0.1:{here}", text)
        return TENANT.sub(self._tenant, text)

    async def _shell(self, script: str) -> None:
        await self._given.fill(script)
        kept = self._directory / ".names"
        given = {**self._environment, **self._given.names}
        await self._run("bash", "-c", f"set -aeo pipefail\n{script}\nenv -0 > {kept}", environment=given)
        # What a page names stays named, as in the terminal that its commands are pasted into.
        for name, _, value in (line.partition("=") for line in kept.read_text().split("\0")):
            if name not in self._environment:
                self._given.names[name] = value

    async def _run(self, *command: str, environment: dict[str, str]) -> None:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=self._directory,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(SECONDS):
                output, errors = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            raise
        assert process.returncode == 0, f"{output.decode()}\n{errors.decode()}"
        self._answer = output.decode()

    async def _json(self, text: str) -> None:
        if request := _REQUEST.fullmatch(text):
            await self._request(request[1], request[2], request[3])
            return
        value = json.loads(text)
        match value:
            case {"actions": [*_]} | {"nodes": [*_]}:
                await self._definition(value)
            case {"id": str(), "type": str()}:
                await self._definition({"actions": [value]})
            case _:
                raise AssertionError("is it an `answer`? Then say so behind `json`")

    async def _request(self, method: str, path: str, body: str) -> None:
        if re.search(r"wf_\w{26}", body):
            body = re.sub(r"wf_\w{26}", await self._given.id_of("WORKFLOW_ID"), body)
        answer = await self._api.request(method, await self._given.path(path), json=json.loads(body))
        assert answer.is_success, answer.text
        self._answer = answer.text
        told = answer.json()
        self._given.take(path, told.get("data", told))

    async def _definition(self, definition: dict[str, Any]) -> None:
        body = {"name": "From a page", "definition": definition}
        saved = await self._api.post("/api/v1/workflows", json=body)
        assert saved.status_code == 201, saved.text
        workflow_id = saved.json()["data"]["id"]
        told = await self._api.post(f"/api/v1/workflows/{workflow_id}/dry-run", json={})
        assert told.status_code == 200, told.text


def settings() -> set[str]:
    """The names of all settings: of the processes, of what puts them together for production, and of the command."""
    templates = (ROOT / name for name in (".env.example", "deploy/env.template"))
    found = (re.findall(r"^#? ?(GORAX_[A-Z0-9_]+)=", file.read_text(), re.MULTILINE) for file in templates)
    command = (ROOT / "gorax" / "cli" / "session.py").read_text()
    own = re.findall(r'os\.environ\.get\("(GORAX_[A-Z]+)"\)', command)
    return {*own, *(name for names in found for name in names)}


def same_form(told: Any, answer: Any) -> None:
    """Fails unless the answer has all that is told; of numbers, and texts with digits such as ids, only the type."""
    match told, answer:
        case dict(), dict():
            assert told.keys() <= answer.keys(), told.keys() - answer.keys()
            for name, value in told.items():
                same_form(value, answer[name])
        case list(), list():
            assert bool(told) <= bool(answer)
            for value in told:
                same_form(value, answer[0])
        case bool(), bool():
            assert told is answer
        case ((int() | float()), (int() | float())):
            assert not isinstance(told, bool)
            assert not isinstance(answer, bool)
        case str(), str():
            assert told == answer or re.search(r"\d", told), (told, answer)
        case _:
            assert told is None, (told, answer)
            assert answer is None, (told, answer)
