"""What senders send: every content type, every size, and what only looks like one of them."""

import base64
import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api.test_intake import echoing, events, trigger_of
from tests.support.processes import Stack

LARGE = 4_900_000
BINARY = bytes(range(256))
FORM = "application/x-www-form-urlencoded"


def typed(content_type: str) -> dict[str, str]:
    """The header."""
    return {"Content-Type": content_type}


@pytest.mark.parametrize(
    ("headers", "content", "body"),
    [
        (typed("application/json; charset=utf-8"), '{"ä": [1.0, null]}'.encode(), {"ä": [1.0, None]}),
        (typed("application/cloudevents+json"), b'"text"', "text"),
        ({}, b'{"a": 1}', {"a": 1}),
        ({}, b"{broken", "{broken"),
        ({}, b"\xff\x00", "/wA="),
        ({}, b"", None),
        (typed("application/json"), b"", None),
        (typed(FORM), b"a=1&b=2&b=%C3%A4&c=&b=%ff", {"a": "1", "b": ["2", "ä", "\ufffd"], "c": ""}),
        (typed("text/plain; charset=iso-8859-1"), b"gr\xfc\xdfe", "grüße"),
        (typed("text/plain; charset=punycode"), b"plain", "plain"),
        (typed("text/csv"), b"a,b\n\x00", "a,b\n\x00"),
        (typed("application/xml"), b"<a/>", "<a/>"),
        (typed("application/octet-stream"), BINARY, base64.b64encode(BINARY).decode()),
        (typed("image/png"), b"\x89PNG", "iVBORw=="),
        (typed("; ; ="), b"{}", {}),
    ],
)
async def test_bodies(api: httpx.AsyncClient, headers: dict[str, str], content: bytes, body: Any) -> None:
    webhook = await echoing(api)
    answer = await api.post(webhook["url"], content=content, headers=headers)
    assert (await trigger_of(api, answer))["body"] == body
    [event] = await events(api, webhook["id"])
    assert (event["body"], event["body_bytes"]) == (body, len(content))


async def test_forms_with_files(api: httpx.AsyncClient) -> None:
    webhook = await echoing(api)
    answer = await api.post(
        webhook["url"],
        data={"name": "Ann", "tag": ["a", "b"]},
        files=[("photo", ("ä.png", BINARY, "image/png")), ("empty", ("e", b"", "text/plain"))],
    )
    photo = {
        "filename": "ä.png", "content_type": "image/png", "size": 256,
        "base64": base64.b64encode(BINARY).decode(),
    }  # fmt: skip
    empty = {"filename": "e", "content_type": "text/plain", "size": 0, "base64": ""}
    expected = {"name": "Ann", "tag": ["a", "b"], "photo": photo, "empty": empty}
    assert (await trigger_of(api, answer))["body"] == expected


@pytest.mark.parametrize(
    ("headers", "content", "message"),
    [
        (typed("application/json"), b"{broken", "body: is not valid JSON"),
        (typed("application/json"), b'{"a": 1, "a": 2}', "given twice"),
        (typed("application/json"), b"[" * 200 + b"]" * 200, "nested deeper"),
        (typed("application/json"), b"\xff", "body: is not valid JSON"),
        (typed(FORM), b"a=1&" * 2_000, "at most 1000 fields"),
        (typed("multipart/form-data"), b"--x--", "must have a boundary"),
        (typed("multipart/form-data; boundary=x"), b"nonsense", "not valid multipart"),
        (typed("multipart/form-data; boundary=x"), b"--x\r\n", "it ends too soon"),
        (
            typed("multipart/form-data; boundary=x"),
            b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n' * 2_000 + b"--x--\r\n",
            "at most 1000 fields",
        ),
    ],
)
async def test_what_is_not_what_it_says(
    api: httpx.AsyncClient, headers: dict[str, str], content: bytes, message: str
) -> None:
    webhook = await echoing(api)
    answer = await api.post(webhook["url"], content=content, headers=headers)
    assert answer.status_code == 400, answer.text
    assert message in answer.json()["error"]
    [event] = await events(api, webhook["id"])
    assert (event["status"], event["body"], event["replayable"]) == ("rejected", None, False)
    assert event["reason"] == answer.json()["error"]


async def test_five_megabytes_go_all_the_way(api: httpx.AsyncClient) -> None:
    webhook = await echoing(api)
    text = "ä" * (LARGE // 2)
    trigger = await trigger_of(api, await api.post(webhook["url"], json={"text": text}))
    assert trigger["body"] == {"text": text}
    binary = await api.post(webhook["url"], content=BINARY * (LARGE // 256), headers=typed("application/pdf"))
    assert base64.b64decode((await trigger_of(api, binary))["body"]) == BINARY * (LARGE // 256)
    [event, _] = await events(api, webhook["id"])
    assert base64.b64decode(event["body"]) == BINARY * (LARGE // 256)


async def test_what_is_too_large_is_refused_however_it_is_sent(api: httpx.AsyncClient, stack: Stack) -> None:
    webhook = await echoing(api, max_body_bytes=1_000)
    largest = stack.settings.webhooks.max_body_bytes

    async def chunks(size: int) -> AsyncIterator[bytes]:
        for _ in range(size // 1_000 + 1):
            yield b"x" * 1_000

    assert (await api.post(webhook["url"], content=b"x" * 1_000)).status_code == 202
    for content in (b"x" * 1_001, b"x" * (largest + 1), chunks(1_000), chunks(3_000_000)):
        answer = await api.post(webhook["url"], content=content)
        assert (answer.status_code, answer.json()) == (413, {"error": "body: must be at most 1000 bytes"})
    everyones = await echoing(api)
    answer = await api.post(everyones["url"], content=chunks(largest))
    assert answer.json() == {"error": f"body: must be at most {largest} bytes"}
    for event in await events(api, webhook["id"], status="rejected"):
        assert (event["response_status"], event["body"]) == (413, None)


async def test_compressed_bodies_are_refused(api: httpx.AsyncClient) -> None:
    webhook = await echoing(api)
    answer = await api.post(
        webhook["url"], content=gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"}
    )
    assert answer.status_code == 415
    assert "send the body as it is" in answer.json()["error"]


async def test_odd_requests_are_kept_as_they_are(api: httpx.AsyncClient) -> None:
    webhook = await echoing(api, path="/odd")
    address = f"{webhook['path_url']}?a=%00&a=%ff&=&{'&'.join(f'x{n}=' for n in range(1_500))}"
    headers = [(b"X-Odd", b"\xff\xfe"), (b"X-Twice", b"1"), (b"X-Twice", b"2"), (b"X-Empty", b"")]
    trigger = await trigger_of(api, await api.post(address, content=b"{}", headers=headers))
    assert trigger["query"]["a"] == ["\x00", "\ufffd"]
    assert len(trigger["query"]) < 1_000
    assert trigger["headers"]["x-odd"] == "ÿþ"
    assert trigger["headers"]["x-twice"] == "1, 2"
    assert trigger["headers"]["x-empty"] == ""
