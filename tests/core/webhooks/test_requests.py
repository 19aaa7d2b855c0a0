"""What is read of a request: headers, addresses, keys."""

import ipaddress

import pytest

from gorax.core.webhooks.headers import masked, read_headers
from gorax.core.webhooks.keys import dedupe_key
from gorax.core.webhooks.networks import allows, remote_address

PROXIES = (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("fd00::/8"))


def test_headers() -> None:
    read = read_headers([(b"A", b"1"), (b"b", b"\xff"), (b"a", b"2")])
    assert read.by_name == {"a": "1, 2", "b": "ÿ"}
    assert read.repeated == {"a"}


@pytest.mark.parametrize(
    "name",
    [
        *(
            "authorization",
            "proxy-authorization",
            "cookie",
            "x-api-key",
            "apikey",
            "x-auth-token",
            "x-shop-secret",
        ),
        *(
            "x-webhook-signature",
            "x-hub-signature",
            "x-hub-signature-256",
            "stripe-signature",
            "webhook-signature",
        ),
        *("x-amz-security-token", "x-gitlab-token", "x-own"),
    ],
)
def test_what_is_secret_is_masked(name: str) -> None:
    assert masked({name: "value"}, ("x-own",)) == {name: "***"}


@pytest.mark.parametrize(
    "name",
    [
        *("idempotency-key", "webhook-id", "webhook-timestamp", "x-event-key", "x-github-delivery"),
        *("x-monkey", "content-type"),
    ],
)
def test_what_tells_of_the_event_is_not(name: str) -> None:
    assert masked({name: "value"}, ("webhook-id", "webhook-timestamp")) == {name: "value"}


@pytest.mark.parametrize(
    ("peer", "forwarded", "sender"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.1, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.3,10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, nonsense, 10.0.0.2", "10.0.0.2"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("fd00::1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "," * 20_000, "10.0.0.1"),
        (None, "192.0.2.1", None),
        ("/run/socket", "192.0.2.1", None),
    ],
)
def test_where_a_request_is_from(peer: str | None, forwarded: str | None, sender: str | None) -> None:
    assert remote_address(peer, forwarded, PROXIES) == sender


def test_without_proxies_nobody_is_believed() -> None:
    assert remote_address("127.0.0.1", "203.0.113.7", ()) == "127.0.0.1"


def test_networks() -> None:
    assert allows([], None)
    assert allows(["192.0.2.0/24", "2001:db8::/32"], "2001:db8::1")
    assert not allows(["192.0.2.0/24"], "192.0.3.1")
    assert not allows(["192.0.2.0/24"], "2001:db8::1")
    assert not allows(["192.0.2.0/24"], None)


@pytest.mark.parametrize(
    ("expression", "headers", "key"),
    [
        (None, {}, None),
        (None, {"idempotency-key": "a", "webhook-id": "b", "x-github-delivery": "c"}, "idempotency-key:a"),
        (None, {"webhook-id": "b", "x-github-delivery": "c"}, "webhook-id:b"),
        (None, {"x-github-delivery": "c"}, "x-github-delivery:c"),
        (None, {"idempotency-key": ""}, None),
        ("trigger.body.id", {"idempotency-key": "a"}, "expression:7"),
        ("trigger.body.text", {}, "expression:ann"),
        ("trigger.body.missing", {"webhook-id": "b"}, "webhook-id:b"),
        ("trigger.body.text + 1", {"webhook-id": "b"}, "webhook-id:b"),
        ('""', {}, None),
        ("false", {}, "expression:false"),
    ],
)
def test_keys(expression: str | None, headers: dict[str, str], key: str | None) -> None:
    assert dedupe_key(expression, {"body": {"id": 7, "text": "ann"}}, headers) == key


def test_a_masked_header_is_no_key() -> None:
    trigger = {"headers": masked({"x-message-key": "1"}, ())}
    assert dedupe_key('trigger.headers["x-message-key"]', trigger, {"webhook-id": "b"}) == "webhook-id:b"
    assert dedupe_key('trigger.headers["x-message-key"]', trigger, {}) is None


def test_keys_that_cannot_be_kept_are_digested() -> None:
    odd = ["x" * 201, "\x00", "ä", "é"]
    keys = {dedupe_key("trigger.body", {"body": body}, {}) for body in odd}
    assert len(keys) == len(odd)
    assert all(key is not None and key.startswith("expression:sha256-") and len(key) < 100 for key in keys)
