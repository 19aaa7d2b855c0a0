"""An action type of a package that is installed beside Gorax: saved over REST, run by a worker."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dev.parts import ROOT
from tests.docs.fences import fences
from tests.support.instance import Instance

PACKAGE = ROOT / "examples" / "plugin"
ACTION: dict[str, Any] = {"id": "hello", "type": "greet", "config": {"name": "{{trigger.body.name}}"}}


def test_the_documentation_shows_the_example() -> None:
    page = ROOT / "docs" / "plugins.md"
    [code] = fences(page, "python")
    assert code.text == (PACKAGE / "gorax_greet" / "__init__.py").read_text()
    assert len(code.text.splitlines()) < 30
    [entry] = fences(page, "toml")
    assert entry.text in (PACKAGE / "pyproject.toml").read_text()
    [action] = fences(page, "json")
    assert json.loads(action.text) == ACTION


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The package, installed as users do it, but beside the others and without asking the network."""
    target = tmp_path / "site"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-build-isolation"]
    subprocess.run([*command, "--no-deps", "--target", str(target), str(PACKAGE)], check=True, timeout=60)
    paths = [str(target), *filter(None, [os.environ.get("PYTHONPATH")])]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))


@pytest.mark.usefixtures("installed")
async def test_a_type_of_another_package_runs(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with Instance(tmp_path) as instance:
        async with instance.client("tenant_plugin") as client:
            bad = {"name": "plugin", "definition": {"actions": [{**ACTION, "config": {"nam": "x"}}]}}
            refused = await client.post("/api/v1/workflows", json=bad)
            assert refused.status_code == 400
            assert "nam" in refused.json()["error"]
            created = await client.post(
                "/api/v1/workflows", json={"name": "plugin", "definition": {"actions": [ACTION]}}
            )
            assert created.status_code == 201, created.text
            workflow_id = created.json()["data"]["id"]
            accepted = await client.post(f"/api/v1/workflows/{workflow_id}/execute", json={"name": "Ann"})
            execution_id = accepted.json()["data"]["execution_id"]
            async with asyncio.timeout(30):
                while True:
                    answer = await client.get(f"/api/v1/executions/{execution_id}")
                    if answer.json()["data"]["status"] not in ("pending", "running"):
                        break
                    await asyncio.sleep(0.1)
            assert answer.json()["data"]["output"] == {
                "greeting": "Hello Ann",
                "key": f"{execution_id}:hello",
            }
