"""The client for Node.js: types of this API, its own tests, and what its README and docs/clients.md show."""

import asyncio
import hashlib
import os
import re
from pathlib import Path

import httpx
import pytest

from api.node_types import source
from tests.docs.fences import ROOT, fences
from tests.support.node import SDK, needs_node_modules, node_module
from tests.support.processes import Stack

SCHEMA = (SDK / "src" / "schema.ts").read_text()
RUN_SECONDS = 60
SHOWN = [
    pytest.param(fence.text, id=f"{page.name}-{fence.line}")
    for page in (SDK / "README.md", ROOT / "docs" / "clients.md")
    for fence in fences(page, "javascript")
]


async def run(*command: str | Path, **environment: str) -> str:
    """What a command prints in sdk/node; fails when it fails."""
    process = await asyncio.create_subprocess_exec(
        *command,
        cwd=SDK,
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await asyncio.wait_for(process.communicate(), RUN_SECONDS)
    assert process.returncode == 0, printed.decode()
    return printed.decode()


@pytest.fixture(scope="module")
async def built() -> Path:
    """Where the compiler has put it, having found no fault."""
    await run(node_module("tsc"))
    return SDK / "dist"


async def test_the_types_are_made_of_the_document_of_this_server(api: httpx.AsyncClient) -> None:
    document = (await api.get("/docs/api/swagger.json")).json()
    assert hashlib.sha256(source(document)).hexdigest() in SCHEMA, "run `make sdk-node`"


async def test_every_operation_has_types(api: httpx.AsyncClient) -> None:
    document = (await api.get("/docs/api/swagger.json")).json()
    operations = {one["operationId"] for item in document["paths"].values() for one in item.values()}
    assert set(re.findall(r': operations\["(\w+)"\];', SCHEMA)) == operations


def test_the_lock_names_no_registry() -> None:
    assert "resolved" not in (SDK / "package-lock.json").read_text()


@needs_node_modules
async def test_its_own_tests_pass(stack: Stack, built: Path) -> None:
    tests = sorted((built / "test").glob("*.test.js"))
    printed = await run("node", "--test", *tests, GORAX_URL=stack.url)
    assert "# fail 0" in printed
    assert "# skipped 0" in printed


@needs_node_modules
@pytest.mark.parametrize("text", SHOWN)
async def test_what_is_shown_works(stack: Stack, tenant: str, built: Path, text: str) -> None:
    # Inside the package, which there finds itself under its own name.
    program = built / f"{tenant}.mjs"
    program.write_text(text.replace("http://localhost:8080", stack.url).replace("acme", tenant))
    try:
        printed = await run("node", program)
    finally:
        program.unlink()
    assert "completed" in printed or "sha256=" in printed
