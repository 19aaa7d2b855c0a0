"""What is read of a request: headers, addresses, keys."""

import ipaddress

import pytest

from gorax.core.webhooks.headers import masked, masked_query, read_headers, without_proof
from gorax.core.webhooks.keys import dedupe_key
from gorax.core.webhooks.networks import allows, read_network, remote_address

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
        *("x-amz-security-token", "x-gitlab-token", "x-own", "x-auth", "x-auth-user", "x-session-id"),
        *("x-shopify-hmac-sha256", "x-jwt-assertion", "access_key", "x-access-key"),
    ],
)
def test_what_is_secret_is_masked(name: str) -> None:
    assert masked({name: "value"}, ("x-own",)) == {name: "***"}


@pytest.mark.parametrize(
    "name",
    [
        *("idempotency-key", "webhook-id", "webhook-timestamp", "x-event-key", "x-github-delivery"),
        *("x-monkey", "content-type", "x-author", "user-agent", "x-signed-at", "x-passport-country"),
    ],
)
def test_what_tells_of_the_event_is_not(name: str) -> None:
    assert masked({name: "value"}, ("webhook-id", "webhook-timestamp")) == {name: "value"}


def test_what_a_workflow_sees_of_the_headers() -> None:
    sent = dict.fromkeys(
        ("x-own", "authorization", "proxy-authorization", "cookie", "x-session-token"), "value"
    )
    assert without_proof(sent, ("x-own",)) == dict.fromkeys(sent, "***")
    others = dict.fromkeys(("x-shop-token", "x-webhook-signature", "webhook-id", "x-auth"), "value")
    assert without_proof(others, ("webhook-id",)) == others


def test_what_is_secret_in_a_query() -> None:
    secrets = (
        "token",
        "access_token",
        "apiKey",
        "api_key",
        "key",
        "sig",
        "X-Amz-Signature",
        "authToken",
        "pwd",
    )
    others = ("page", "monkey", "design", "author", "passengers", "keyword", "Size")
    query = {name: ["a", "b"] for name in (*secrets, *others)}
    assert masked_query(query) == {**query, **dict.fromkeys(secrets, "***")}


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


@pytest.mark.parametrize("network", ["192.0.2.0/24", "::ffff:192.0.2.0/120", "::ffff:c000:200/120"])
def test_one_address_in_two_forms(network: str) -> None:
    assert allows([network], "192.0.2.7")
    assert allows([network], "::ffff:192.0.2.7")
    assert not allows([network], "192.0.3.7")
    assert not allows([network], "::ffff:192.0.3.7")
    assert str(read_network(network)) == "192.0.2.0/24"
    proxies = (read_network(network),)
    for peer in ("192.0.2.7", "::ffff:192.0.2.7"):
        assert remote_address(peer, "::ffff:203.0.113.7", proxies) == "203.0.113.7"


def test_what_only_looks_like_the_other_form() -> None:
    assert str(read_network("::ffff:192.0.2.7")) == "192.0.2.7/32"
    assert str(read_network("::ffff:0:0/96")) == "0.0.0.0/0"
    for network in ("::/0", "::ffff:0:0/95", "64:ff9b::c000:207", "::192.0.2.7"):
        assert not allows([network], "192.0.2.7")


@pytest.mark.parametrize(
    ("expression", "headers", "key"),
    [
        (None, {}, None),
        (None, {"idempotency-key": "a", "webhook-id": "b", "x-github-delivery": "c"}, "idempotency-key:a"),
        (None, {"webhook-id": "b", "x-github-delivery": "c"}, "webhook-id:b"),
        (None, {"x-github-delivery": "c"}, "x-github-delivery:c"),
        (None, {"idempotency-key": ""}, None),
        ("trigger.body.id", {"idempotency-key": "a"}, "expression-json:7"),
        ("trigger.body.digits", {}, "expression:7"),
        ("trigger.body.whole", {}, "expression-json:7"),
        ("trigger.body.half", {}, "expression-json:7.5"),
        ("trigger.body.huge", {}, "expression-json:1e+300"),
        ("trigger.body.text", {}, "expression:ann"),
        ("trigger.body.missing", {"webhook-id": "b"}, "webhook-id:b"),
        ("trigger.body.text + 1", {"webhook-id": "b"}, "webhook-id:b"),
        ('""', {}, None),
        ("false", {}, "expression-json:false"),
        ('"false"', {}, "expression:false"),
        ("[1, 2]", {}, "expression-json:[1,2]"),
        ('"[1,2]"', {}, "expression:[1,2]"),
        ("{b: 1, a: 2}", {}, 'expression-json:{"a":2,"b":1}'),
    ],
)
def test_keys(expression: str | None, headers: dict[str, str], key: str | None) -> None:
    body = {"id": 7, "text": "ann", "digits": "7", "whole": 7.0, "half": 7.5, "huge": 1e300}
    assert dedupe_key(expression, {"body": body}, headers) == key


def test_a_masked_header_is_no_key() -> None:
    trigger = {"headers": without_proof({"x-message-key": "1"}, ["x-message-key"])}
    assert dedupe_key('trigger.headers["x-message-key"]', trigger, {"webhook-id": "b"}) == "webhook-id:b"
    assert dedupe_key('trigger.headers["x-message-key"]', trigger, {}) is None


def test_keys_that_cannot_be_kept_are_digested() -> None:
    odd = ["x" * 201, "\x00", "ä", "é"]
    keys = {dedupe_key("trigger.body", {"body": body}, {}) for body in odd}
    assert len(keys) == len(odd)
    assert all(key is not None and key.startswith("expression:sha256-") and len(key) < 100 for key in keys)
