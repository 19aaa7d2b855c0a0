"""The reader of pages sees what is false."""

import json
from pathlib import Path

import httpx
import pytest

from tests.docs.fences import fences
from tests.docs.reader import Reader, same_form
from tests.support.processes import Stack

URL = "http://127.0.0.1:8080/api/v1"
DONE = "```bash\ncurl -s http://127.0.0.1:8080/health\n```\n"


@pytest.fixture
def reader(stack: Stack, api: httpx.AsyncClient, tenant: str, tmp_path: Path) -> Reader:
    """A reader who has read nothing yet."""
    return Reader(stack, api, tenant, tmp_path)


async def read(reader: Reader, directory: Path, text: str) -> None:
    page = directory / "page.md"
    page.write_text(text)
    for fence in fences(page):
        await reader.do(fence)


@pytest.mark.parametrize(
    "text",
    [
        "```bash\ntrue\n```\n",
        f'```bash\nNAME=$(curl -s {URL}/workflows -H "X-Tenant-ID: acme")\n```\n```bash\ntest -n "$NAME"\n```\n',
        f'```bash\ncurl -s {URL}/workflows/$WORKFLOW_ID -H "X-Tenant-ID: acme"\n```\n',
        DONE + '```json answer\n{"status": "ok"}\n```\n',
        '```python\nprint("a")\n```\n```text\na\n```\n',
        "```dotenv\nGORAX_PORT=1\n```\n",
        '```json\nPOST /api/v1/workflows/{id}/execute\n{"a": 1}\n```\n',
    ],
)
async def test_what_is_so_passes(reader: Reader, tmp_path: Path, text: str) -> None:
    await read(reader, tmp_path, text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (f"```bash\ncurl -s {URL}/nowhere\n```\n", "no such route"),
        (f"```bash\ncurl -s {URL}/nowhere | cat\n```\n", "no such route"),
        ("```bash\nfalse\ntrue\n```\n", None),
        ("```bash\nmake dev\n```\n", "make: command not found"),
        ("```bash\necho $STRANGER_ID\n```\n", r"\$STRANGER_ID"),
        (DONE + '```json answer\n{"status": "wrong"}\n```\n', "wrong"),
        ('```python\nprint("a")\n```\n```text\nb\n```\n', None),
        ('```json\n{"actions": [{"id": "a", "type": "htp"}]}\n```\n', "htp"),
        ('```json\n{"some": "thing"}\n```\n', "say so"),
        ("```json\n{]\n```\n", None),
        ('```json\nPOST /api/v1/webhooks\n{"nam": "x"}\n```\n', "name"),
        ("```dotenv\nGORAX_PROT=1\n```\n", "GORAX_PROT"),
        ("```cobol\nSTOP RUN.\n```\n", "cobol"),
        ("```\nnothing\n```\n", "does not say its language"),
        ("```bash tested\ntrue\n```\n", "what does 'tested' mean"),
    ],
)
async def test_what_is_not_fails(reader: Reader, tmp_path: Path, text: str, why: str | None) -> None:
    with pytest.raises((AssertionError, json.JSONDecodeError), match=why):
        await read(reader, tmp_path, text)


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ({"a": None}, {"a": 1}),
        ({"a": 1}, {"a": "1"}),
        ({"a": True}, {"a": 1}),
        ({"a": {"b": 1}}, {"a": {}}),
        ([1], []),
        ([{"a": 1}], [{"b": 1}]),
    ],
)
def test_other_forms_differ(told: object, answer: object) -> None:
    with pytest.raises(AssertionError):
        same_form(told, answer)
