"""What the page about webhooks says of sending: its examples sign as the API checks, and its bounds are true."""

import asyncio
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, get_args

import httpx
import pytest

from api import event_bodies
from api.limits import BODY_SECONDS
from api.routes.intake import STATUSES
from api.services.rejections import MAX_PER_MINUTE
from api.services.response import MAX_WAITING, RESPONSE_BYTES
from gorax.core.signatures import TOLERANCE, Scheme, headers_of
from gorax.core.webhooks.keys import KEY_HEADERS
from tests.docs.fences import fences
from tests.support.webhooks import create
from workflows.journal import MAX_VALUE_BYTES

FILE = Path(__file__).parents[2] / "docs" / "webhooks.md"
PAGE = FILE.read_text()
SENDING = PAGE.partition("\n## Sending\n")[2].partition("\n## ")[0]
BODY = b'{"type": "payment"}'


def block(language: str) -> str:
    """The example in a language."""
    [found] = fences(FILE, language)
    return found.text


async def send(api: httpx.AsyncClient, webhook: dict[str, Any], headers: dict[str, str]) -> None:
    """It is accepted as it is, and not with another body."""
    assert (await api.post(webhook["url"], content=BODY, headers=headers)).status_code == 202
    assert (await api.post(webhook["url"], content=BODY + b" ", headers=headers)).status_code == 401


async def test_the_python_example_signs(api: httpx.AsyncClient) -> None:
    webhook = await create(api, auth_type="signature")
    names: dict[str, Any] = {}
    exec(block("python"), names)
    await send(api, webhook, names["headers"](webhook["secret"], BODY))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
async def test_the_node_example_signs(api: httpx.AsyncClient) -> None:
    webhook = await create(api, auth_type="signature")
    script = f"{block('javascript')}\nconsole.log(headers(process.argv[1], process.argv[2])['X-Webhook-Signature'])"
    command = ["node", "-e", script, webhook["secret"], BODY.decode()]
    ran = await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True, text=True)
    await send(api, webhook, {"X-Webhook-Signature": ran.stdout.strip()})


def test_every_answer_scheme_and_key_is_told() -> None:
    told = {
        int(status)
        for line in re.findall(r"^\| ([\d, ]+)", SENDING, re.MULTILINE)
        for status in line.split(",")
    }
    assert told == {202, *STATUSES} - {500}
    scheme: Scheme
    for scheme in get_args(Scheme):
        [row] = re.findall(rf"^\| `{scheme}` \|.*$", SENDING, re.MULTILINE)
        for header in headers_of(scheme):
            assert header in row.lower()
    for name in KEY_HEADERS:
        assert name in SENDING.lower()


def test_the_bounds_are_true() -> None:
    for words, holds in {
        "30 seconds": BODY_SECONDS == 30,
        "30 per webhook and minute": MAX_PER_MINUTE == 30,
        "5 minutes of tolerance": TOLERANCE == 300,
        "at most 1,000 fields": event_bodies.MAX_FIELDS == 1_000,
        "64 KB at most": RESPONSE_BYTES == MAX_VALUE_BYTES == 64_000,
        "beyond 500 that wait": MAX_WAITING == 500,
    }.items():
        assert words in SENDING
        assert holds
