"""What docs/statistics.md shows works."""

import json
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from api.schemas.execution_filters import FilterQuery
from gorax.store.execution_pages import MAX_FOUND, MAX_PASSED
from tests.support.processes import Stack

TEXT = (Path(__file__).parents[2] / "docs" / "statistics.md").read_text()


@pytest.mark.parametrize("command", re.findall(r"^curl .*$", TEXT, re.MULTILINE))
def test_the_commands_work(stack: Stack, tenant: str, command: str) -> None:
    words = shlex.split(command.replace("http://127.0.0.1:8080", stack.url).replace("acme", tenant))
    done = subprocess.run([*words, "--noproxy", "*"], capture_output=True, check=True, timeout=20)
    assert "error" not in json.loads(done.stdout)


def test_every_filter_is_explained() -> None:
    rows = re.findall(r"^\| `(\w+)` \|", TEXT, re.MULTILINE)
    fields = FilterQuery.model_fields
    assert sorted(rows) == sorted(field.alias or name for name, field in fields.items())


def test_the_limits_are_those_of_the_code() -> None:
    text = " ".join(TEXT.split())
    assert f"exact up to {MAX_FOUND}," in text
    assert f"`offset` goes to {MAX_PASSED}," in text
