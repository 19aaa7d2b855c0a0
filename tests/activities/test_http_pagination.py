"""Following the pages of a list."""

from collections.abc import AsyncIterator
from typing import Any

import pytest

from gorax.core.errors import StepError
from tests.activities.calls import Worker
from tests.support.receiver import Receiver, Reply


@pytest.fixture
async def other() -> AsyncIterator[Receiver]:
    """A server of another origin."""
    async with Receiver() as receiver:
        yield receiver


def pages(server: Receiver, *bodies: Any, **headers: list[str]) -> str:
    """Answer `/list` with these in turn."""
    links = [{"Link": link} for link in headers.get("link", [])] or [{}] * len(bodies)
    replies = [Reply(json=body, headers=link) for body, link in zip(bodies, links, strict=True)]
    return server.answer("/list", *replies)


async def test_link_headers(worker: Worker, server: Receiver) -> None:
    links = [
        '</list?a="1">; title="x, rel=next"; rel="prev", </list?p=2>; rel="last next"',
        f"<{server.url}/list?p=3>;rel=next",
        '</list?p=1>; rel="first", <nonsense>; rel="nextish"',
    ]
    url = pages(server, [1, 2], [3], [4], link=links)
    output = await worker.run(url=url + "?p=1", pagination={"type": "link"})
    assert output["body"] == [1, 2, 3, 4]
    assert (output["pages"], output["more"], output["status"]) == (3, False, 200)
    assert output["url"] == url + "?p=3"
    assert [request.query["p"] for request in server.requests] == [["1"], ["2"], ["3"]]


async def test_next_urls(worker: Worker, server: Receiver) -> None:
    url = pages(
        server,
        {"data": [{"items": [1]}], "paging": {"next": "?page=2&x=a b"}},
        {"data": [{"items": [2]}], "paging": {"next": None}},
    )
    rule = {"type": "next_url", "path": "paging.next", "items": "data.0.items"}
    output = await worker.run(url=url, pagination=rule)
    assert (output["body"], output["pages"], output["more"]) == ([1, 2], 2, False)
    assert server.requests[1].query == {"page": ["2"], "x": ["a b"]}


async def test_cursors(worker: Worker, server: Receiver) -> None:
    url = pages(server, {"i": [1], "c": "x&y"}, {"i": [2], "c": 7}, {"i": [3], "c": ""})
    rule = {"type": "cursor", "path": "c", "param": "after", "items": "i"}
    output = await worker.run(url=url + "?limit=1", pagination=rule)
    assert output["body"] == [1, 2, 3]
    assert [r.query for r in server.requests] == [
        {"limit": ["1"]}, {"limit": ["1"], "after": ["x&y"]}, {"limit": ["1"], "after": ["7"]}
    ]  # fmt: skip


async def test_page_numbers_and_offsets(worker: Worker, server: Receiver) -> None:
    url = pages(server, [1, 2], [3], [])
    output = await worker.run(url=url, pagination={"type": "page"})
    assert (output["body"], output["pages"], output["more"]) == ([1, 2, 3], 3, False)
    assert [r.query["page"] for r in server.requests] == [["1"], ["2"], ["3"]]
    server.requests.clear()
    pages(server, [1, 2], [3, 4], [])
    await worker.run(url=url, pagination={"type": "page", "param": "offset", "start": 0, "step": 2})
    assert [r.query["offset"] for r in server.requests] == [["0"], ["2"], ["4"]]


@pytest.mark.parametrize(
    ("bounds", "items", "requests"),
    [({"max_pages": 2}, 4, 2), ({"max_items": 3}, 3, 2), ({"max_items": 2}, 2, 1), ({}, 20, 10)],
)
async def test_bounds(
    worker: Worker, server: Receiver, bounds: dict[str, int], items: int, requests: int
) -> None:
    url = pages(server, [1, 2])
    output = await worker.run(url=url, pagination={"type": "page", **bounds})
    assert (len(output["body"]), len(server.requests), output["more"]) == (items, requests, True)


async def test_the_size_bound_is_on_all_pages(worker: Worker, server: Receiver) -> None:
    url = pages(server, ["x" * 600])
    with pytest.raises(StepError) as caught:
        await worker.run(url=url, pagination={"type": "page"}, max_response_bytes=1_500)
    assert caught.value.type == "output_too_large"
    assert len(server.requests) == 3


@pytest.mark.parametrize(
    ("rule", "body", "complaint"),
    [
        ({"type": "page"}, {"items": []}, "page 1 has no list at its top"),
        ({"type": "page", "items": "a.b"}, {"a": 5}, "page 1 has no list at a.b"),
        ({"type": "page"}, None, "no list"),
        ({"type": "cursor", "path": "c", "items": "i"}, {"i": [], "c": {}}, "neither text nor a number"),
        ({"type": "next_url", "path": "n", "items": "i"}, {"i": [], "n": "ftp://x"}, "not valid"),
        ({"type": "next_url", "path": "n", "items": "i"}, {"i": [], "n": ["x"]}, "not valid|answered"),
    ],
)
async def test_pages_that_are_not_what_was_said(
    worker: Worker, server: Receiver, rule: dict[str, Any], body: Any, complaint: str
) -> None:
    url = server.answer("/list", Reply(json=body))
    with pytest.raises(StepError, match=complaint) as caught:
        await worker.run(url=url, pagination={**rule, "max_pages": 1})
    assert caught.value.type == "validation"


async def test_an_error_on_a_later_page(worker: Worker, server: Receiver) -> None:
    url = server.answer("/list", Reply(json=[1]), Reply(status=500))
    with pytest.raises(StepError) as caught:
        await worker.run(url=url, pagination={"type": "page"})
    assert caught.value.type == "http_5xx"


async def test_secrets_do_not_follow_to_another_origin(
    worker: Worker, server: Receiver, other: Receiver
) -> None:
    back = {"i": [2], "n": server.url + "/list"}
    other.answer("/list", Reply(json=back))
    pages(server, {"i": [1], "n": "/list"}, {"i": [1], "n": other.url + "/list"}, {"i": [3], "n": None})
    await worker.run(
        url=server.url + "/list",
        auth={"type": "bearer", "token": "secret"},
        headers={"Cookie": "secret"},
        pagination={"type": "next_url", "path": "n", "items": "i"},
    )
    assert [("authorization" in r.headers, "cookie" in r.headers) for r in server.requests] == [
        (True, True), (True, True), (False, False)
    ]  # fmt: skip
    assert "secret" not in str(other.requests[0].headers)


async def test_each_page_of_a_post_has_its_own_idempotency_key(worker: Worker, server: Receiver) -> None:
    url = pages(server, [1], [2], [])
    await worker.run(url=url, method="POST", body={"q": 1}, pagination={"type": "page"})
    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert keys == ["exec_1:step", "exec_1:step-page-2", "exec_1:step-page-3"]


async def test_hostile_link_headers_are_cheap(worker: Worker, server: Receiver) -> None:
    links = ["<" * 30_000, "<a>;" + 'rel="next,' * 6_000, '<a>"' * 10_000, "<a>;;;" * 10_000]
    for link in links:
        url = server.answer("/list", Reply(json=[1], headers={"Link": link}))
        output = await worker.run(url=url, pagination={"type": "link", "max_pages": 2}, timeout=1)
        assert output["body"][0] == 1
