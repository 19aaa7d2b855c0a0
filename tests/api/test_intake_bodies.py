"""What senders send: every content type, every size, and what only looks like one of them."""

import base64
import gzip
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api.test_executions import finished
from tests.api.test_intake import echoing, events, trigger_of
from tests.support.processes import Stack

LARGE = 4_900_000
BINARY = bytes(range(256))
FORM = "application/x-www-form-urlencoded"
NO_TEXT = {"filename": None, "content_type": None, "size": 1, "base64": "/w=="}


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
        (typed("application/json"), b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        ({}, b'\xef\xbb\xbf{"a": 1}', {"a": 1}),
        (typed("application/json; charset=utf-16"), '{"ä": 1}'.encode("utf-16"), {"ä": 1}),
        (typed("application/json"), '{"ä": 1}'.encode("utf-16-be"), {"ä": 1}),
        (typed('application/json; charset="UTF-32LE"'), '{"ä": 1}'.encode("utf-32-le"), {"ä": 1}),
        (typed("application/json; charset=us-ascii"), b'{"a": 1}', {"a": 1}),
        (typed(FORM), b"a=1&b=2&b=%C3%A4&c=&b=\xc3\xa4", {"a": "1", "b": ["2", "ä", "ä"], "c": ""}),
        (typed(FORM), b"a=%ff&%ff=1", {"a": NO_TEXT, "\\xff": "1"}),
        (typed(f"{FORM}; charset=windows-1252"), b"a=gr%FC%DFe&b=%80", {"a": "grüße", "b": "€"}),
        (typed("text/plain; charset=iso-8859-1"), b"gr\xfc\xdfe", "grüße"),
        (typed("text/plain; charset=utf-16"), "grüße".encode("utf-16"), "grüße"),
        (typed("text/plain; charset=punycode"), b"plain", "plain"),
        (typed("text/plain; charset=nobodys"), "grüße".encode(), "grüße"),
        (typed("text/plain; charset=us-ascii"), "grüße".encode(), "grüße"),
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
    binary = (
        headers.get("Content-Type", "").startswith(("application/octet", "image/")) or content == b"\xff\x00"
    )
    assert event["body_encoding"] == ("base64" if binary else None)


@pytest.mark.parametrize(
    ("headers", "content"),
    [
        (typed("text/plain"), b"gr\xfc\xdfe"),
        (typed("text/plain; charset=utf-8"), b"gr\xfc\xdfe"),
        (typed("text/plain; charset=nobodys"), b"gr\xfc\xdfe"),
        (typed("text/plain; charset=utf-16"), b"\x00\xd8\x00"),
        (typed("application/xml"), b"<a>\xff</a>"),
        (typed("application/octet-stream"), b"plain"),
        ({}, b"\xff"),
    ],
)
async def test_what_is_no_text_loses_nothing(
    api: httpx.AsyncClient, headers: dict[str, str], content: bytes
) -> None:
    webhook = await echoing(api)
    trigger = await trigger_of(api, await api.post(webhook["url"], content=content, headers=headers))
    assert (base64.b64decode(trigger["body"]), trigger["body_encoding"]) == (content, "base64")
    [event] = await events(api, webhook["id"])
    assert (event["body"], event["body_encoding"]) == (trigger["body"], "base64")
    again = (await api.post(f"/api/v1/events/{event['id']}/replay")).json()
    replayed = (await finished(api, again["execution_id"]))["output"]
    assert (replayed["body"], replayed["body_encoding"]) == (trigger["body"], "base64")
    changed = await api.post(f"/api/v1/events/{event['id']}/replay", json={"body": "a longer text"})
    assert (await finished(api, changed.json()["execution_id"]))["output"]["body_encoding"] is None


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


async def test_fields_in_other_charsets(api: httpx.AsyncClient) -> None:
    webhook = await echoing(api)
    parts = [
        (b'name="a"\r\nContent-Type: text/plain; charset=iso-8859-1', b"gr\xfc\xdfe"),
        (b'name="b"', b"\xff"),
        (b'name="\xff"', b"1"),
        (b'name="f"; filename="\xfc.txt"', b""),
    ]
    content = b"".join(b"--x\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % part for part in parts)
    answer = await api.post(
        webhook["url"], content=content + b"--x--\r\n", headers=typed("multipart/form-data; boundary=x")
    )
    body = (await trigger_of(api, answer))["body"]
    assert (body["a"], body["b"], body["\\xff"]) == ("grüße", NO_TEXT, "1")
    assert body["f"]["filename"] == "\\xfc.txt"


@pytest.mark.parametrize(
    ("headers", "content", "message"),
    [
        (typed("application/json"), b"{broken", "body: is not valid JSON"),
        (typed("application/json"), b'{"a": 1, "a": 2}', "given twice"),
        (typed("application/json"), b"[" * 200 + b"]" * 200, "nested deeper"),
        (typed("application/json"), b"\xff", "body: is not valid JSON"),
        (typed("application/json"), b"\xff\xfe{", "body: is not valid JSON: it is not UTF-16"),
        (
            typed("application/json; charset=iso-8859-1"),
            b'{"a": "\xfc"}',
            "Content-Type: JSON must be in UTF-8, UTF-16 or UTF-32, not in 'iso8859-1'",
        ),
        (typed("application/json; charset=nobodys"), b"{}", "Content-Type: JSON must be in UTF-8"),
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
