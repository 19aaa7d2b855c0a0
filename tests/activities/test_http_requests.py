"""What the `http` action sends."""

import re
from typing import Any

import pytest

from gorax.core.errors import StepError
from tests.activities.calls import Worker
from tests.support.receiver import Receiver, Reply, Request


async def sent(worker: Worker, server: Receiver, **config: Any) -> Request:
    """What arrives at the server."""
    await worker.run(**{"url": server.url + "/x", **config})
    return server.requests[-1]


async def test_a_get_needs_nothing_but_a_url(worker: Worker, server: Receiver) -> None:
    output = await worker.run(url=server.url + "/x")
    assert output["status"] == 200
    assert output["body"] == {"ok": True}
    assert output["headers"]["content-type"] == "application/json"
    assert output["url"] == server.url + "/x"
    assert 0 < output["elapsed_ms"] < 5_000
    assert set(output) == {"status", "headers", "body", "url", "elapsed_ms"}
    request = server.requests[0]
    assert request.method == "GET"
    assert request.body == b""
    assert re.fullmatch(r"gorax/\d+\.\d+\.\d+", request.headers["user-agent"])
    assert request.headers["host"] == f"127.0.0.1:{server.port}"
    assert "idempotency-key" not in request.headers
    assert "content-length" not in request.headers


@pytest.mark.parametrize("method", ["get", "Post", "PUT", "patch", "DELETE", "head", "options", "PURGE"])
async def test_methods_in_any_case(worker: Worker, server: Receiver, method: str) -> None:
    request = await sent(worker, server, method=method)
    assert request.method == method.upper()
    safe = method.upper() in {"GET", "HEAD", "OPTIONS"}
    assert request.headers.get("idempotency-key") == (None if safe else "exec_1:step")


async def test_the_users_idempotency_key_wins(worker: Worker, server: Receiver) -> None:
    request = await sent(worker, server, method="POST", headers={"idempotency-KEY": "mine"})
    assert request.headers["idempotency-key"] == "mine"


async def test_query_is_added_to_that_of_the_url(worker: Worker, server: Receiver) -> None:
    query = {"n": 1, "on": True, "list": ["a", "b c"], "none": None, "ü&=": "%/+", "rate": 0.5}
    request = await sent(worker, server, url=server.url + "/x?first=1", query=query)
    assert request.query == {
        "first": ["1"], "n": ["1"], "on": ["true"], "list": ["a", "b c"], "ü&=": ["%/+"], "rate": ["0.5"]
    }  # fmt: skip


async def test_unsafe_characters_in_a_url_are_encoded(worker: Worker, server: Receiver) -> None:
    output = await worker.run(url=server.url + "/a b/%2Fü/100%?q=ä ö&r=%41")
    assert output["url"] == server.url + "/a%20b/%2F%C3%BC/100%25?q=%C3%A4%20%C3%B6&r=%41"


async def test_headers(worker: Worker, server: Receiver) -> None:
    request = await sent(worker, server, headers={"X-Text": "grüße", "X-Number": 7, "USER-agent": "mine/1"})
    assert request.headers["x-text"].encode("latin-1").decode() == "grüße"
    assert request.headers["x-number"] == "7"
    assert request.headers["user-agent"] == "mine/1"


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        ({"a": [1, None, "ü"]}, "application/json", '{"a":[1,null,"ü"]}'.encode()),
        ([1, 2], "application/json", b"[1,2]"),
        (5, "application/json", b"5"),
        (False, "application/json", b"false"),
        ("<a/>", "text/plain; charset=utf-8", b"<a/>"),
        ("", "text/plain; charset=utf-8", b""),
        (None, None, b""),
    ],
)
async def test_bodies(
    worker: Worker, server: Receiver, body: Any, content_type: str | None, expected: bytes
) -> None:
    request = await sent(worker, server, method="POST", body=body)
    assert request.body == expected
    assert request.headers.get("content-type") == content_type
    assert request.headers["content-length"] == str(len(expected))


async def test_the_users_content_type_wins(worker: Worker, server: Receiver) -> None:
    request = await sent(
        worker, server, method="POST", body="<a/>", headers={"content-type": "application/xml"}
    )
    assert request.headers["content-type"] == "application/xml"


async def test_form(worker: Worker, server: Receiver) -> None:
    request = await sent(worker, server, method="POST", form={"a": "x y&z", "b": [1, True], "c": None})
    assert request.body == b"a=x+y%26z&b=1&b=true"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"


async def test_multipart(worker: Worker, server: Receiver) -> None:
    files = [
        {"name": "f", "filename": 'na"me.txt', "content": "hé", "content_type": "text/plain"},
        {"name": "g", "base64": "AAEC"},
    ]
    request = await sent(worker, server, method="POST", multipart={"fields": {"a": [1, 2]}, "files": files})
    boundary = request.headers["content-type"].removeprefix("multipart/form-data; boundary=")
    parts = request.body.split(f"--{boundary}".encode())
    assert parts[0] == b""
    assert parts[1] == b'\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    assert parts[2] == b'\r\nContent-Disposition: form-data; name="a"\r\n\r\n2\r\n'
    assert (
        parts[3]
        == (
            '\r\nContent-Disposition: form-data; name="f"; filename="na%22me.txt"\r\n'
            "Content-Type: text/plain\r\n\r\nhé\r\n"
        ).encode()
    )
    assert parts[4].endswith(b"application/octet-stream\r\n\r\n\x00\x01\x02\r\n")
    assert parts[5] == b"--\r\n"


async def test_a_large_body_arrives_whole(worker: Worker, server: Receiver) -> None:
    body = "x" * 3_000_000
    request = await sent(worker, server, method="POST", body=body)
    assert request.body == body.encode()


@pytest.mark.parametrize(
    ("config", "complaint"),
    [
        ({"url": "ftp://example.com/"}, "url: .*must start with http:// or https://"),
        ({"url": "//example.com/"}, "must start with"),
        ({"url": "http://"}, "no host"),
        ({"url": "http://exa mple.com/"}, "not a host name"),
        ({"url": "http://a\\@b/"}, "use auth"),
        ({"url": "http://a%2eb/"}, "not a host name"),
        ({"url": "http://user:pass@example.com/"}, "use auth"),
        ({"url": "http://example.com/\r\nX: y"}, "control characters"),
        ({"url": "http://exam\tple.com/"}, "control characters"),
        ({"url": "http://example.com:99999/"}, "not a URL"),
        ({"url": "http://[::1%25lo]/"}, "zone id"),
        ({"url": "http://[1:2]/"}, "url"),
        ({"url": "http://" + "a" * 300 + ".com/"}, "not a host name"),
        ({"url": "http://example.com/" + "a" * 9_000}, "longer than 8192"),
        ({"url": "http://example.com/\ud800"}, "url"),
        ({"url": 5}, "url"),
        ({}, "url"),
        ({"method": "CONNECT"}, "method"),
        ({"method": "GET /x HTTP/1.1\r\n"}, "method"),
        ({"method": ""}, "method"),
        ({"headers": {"X-A": "a\r\nX-B: b"}}, "headers.*line breaks"),
        ({"headers": {"X-A\r\n": "a"}}, "header name"),
        ({"headers": {"X A": "a"}}, "header name"),
        ({"headers": {"": "a"}}, "header name"),
        ({"headers": {"X-A": "\x00"}}, "line breaks and control"),
        ({"headers": {"X-A": "\ud800"}}, "headers"),
        ({"headers": {"X-A": "a" * 9_000}}, "at most 8192"),
        ({"headers": {f"X-{n}": "a" for n in range(101)}}, "at most 100"),
        ({"headers": {"Transfer-Encoding": "chunked"}}, "set by the request itself"),
        ({"headers": {"content-length": "3"}}, "set by the request itself"),
        ({"headers": {"Host": "other"}}, "set by the request itself"),
        ({"query": {"a": {"b": 1}}}, "query"),
        ({"query": {str(n): 1 for n in range(501)}}, "at most 500"),
        ({"query": {"a": ["x" * 1_000] * 40}}, "more than 32768 characters"),
        ({"body": 1, "form": {}}, "only one of body, form"),
        ({"body": 2**70}, "the body cannot be sent"),
        ({"body": "\ud800"}, "the body cannot be sent"),
        ({"body": "x" * 10_000_001}, "at most 10000000"),
        ({"multipart": {"files": [{"name": "a", "base64": "!"}]}}, "not base64"),
        ({"multipart": {"files": [{"name": "a"}]}}, "either content or base64"),
        ({"timeout": 0}, "timeout"),
        ({"timeout": "2d"}, "at most a day"),
        ({"max_redirects": 21}, "less than or equal to 20"),
        ({"max_response_bytes": 0}, "max_response_bytes"),
        ({"expected_status": "6xx"}, "expected_status"),
        ({"expected_status": 99}, "an expected status is"),
        ({"expected_status": []}, "expected_status"),
        ({"response": "xml"}, "response"),
        ({"auth": {"type": "magic"}}, "auth needs a type"),
        ({"auth": {"type": "bearer", "token": "a\r\nb"}}, "line breaks"),
        ({"auth": {"type": "bearer", "token": "a", "extra": 1}}, "extra"),
        ({"proxy": "https://proxy:1"}, "a proxy is http://"),
        ({"proxy": "socks5://proxy:1"}, "a proxy is http://"),
        ({"proxy": "http://proxy:1/path"}, "no path"),
        ({"pagination": {"type": "magic"}}, "pagination"),
        ({"pagination": {"type": "link"}, "response": "text"}, "pagination needs"),
        ({"pagination": {"type": "link", "max_pages": 0}}, "max_pages"),
        ({"metod": "GET"}, "metod"),
    ],
)  # fmt: skip
async def test_refused_configs(worker: Worker, config: dict[str, Any], complaint: str) -> None:
    config = {"url": "http://127.0.0.1:1/"} | config if config else config
    with pytest.raises(StepError, match=f"(?s){complaint}") as caught:
        await worker.run(**config)
    assert caught.value.type == "validation"
    assert not caught.value.retryable


async def test_an_unknown_credential(worker: Worker) -> None:
    with pytest.raises(StepError) as caught:
        await worker.run(url="http://127.0.0.1:1/", auth={"credential": "api"})
    assert (caught.value.type, caught.value.message) == ("credential", "no credential named 'api'")
    assert not caught.value.retryable


@pytest.mark.parametrize("url", ["{{vars.base}}/x", "{{credentials.api.base}}/x"])
async def test_what_looks_like_a_template_by_now_is_text(worker: Worker, server: Receiver, url: str) -> None:
    with pytest.raises(StepError, match="url"):
        await worker.run(url=url, credentials={"api": {"base": server.url}})
    await worker.run(method="POST", url=server.url, body=url, credentials={"api": {"base": "s3cret"}})
    assert server.requests[0].body.decode() == url


async def test_nothing_is_remembered_between_calls(worker: Worker, server: Receiver) -> None:
    server.answer("/login", Reply(headers={"Set-Cookie": "session=1; Path=/"}))
    output = await worker.run(url=server.url + "/login")
    assert output["headers"]["set-cookie"] == ["session=1; Path=/"]
    request = await sent(worker, server)
    assert "cookie" not in request.headers
