"""From a config as it was authored to one with the secrets in their places."""

from datetime import UTC, datetime
from typing import Any

import pytest

from gorax.core.credentials import (
    Secret,
    SecretReference,
    SecretText,
    filled,
    render_with_secrets,
    uses_in,
)
from gorax.core.errors import StepError
from gorax.core.expressions import Environment, ExpressionError, render

KEY = Secret("api_key", {"key": "sk_example_1", "header": "X-Key"})
LOGIN = Secret("basic_auth", {"username": "ann", "password": "s3cret"})
ANY = Secret("custom", {"a/b": [1, {"c": None}], "n": 5, "yes": True, "none": None, "only": "x"})
SECRETS = {"k": KEY, "my-bank": LOGIN, "Stripe API Key": KEY, "any": ANY}


def rendering(**names: Any) -> Any:
    """Renders as the interpreter does, with these names in scope."""
    count = iter(range(1000))
    environment = Environment(names, lambda: datetime(2026, 5, 4, tzinfo=UTC), lambda: f"uuid-{next(count)}")
    return lambda value: render(value, environment)


def resolved(config: dict[str, Any], **names: Any) -> dict[str, Any]:
    """The config as the connector gets it."""
    rendered, places = render_with_secrets(config, rendering(**names))
    return filled(rendered, places, SECRETS)


def test_what_travels_with_the_step() -> None:
    config = {
        "url": "https://x/{{id}}?key={{credentials.k.key}}&again={{ id }}",
        "headers": {"A/B~C": "{{credentials['Stripe API Key']}}"},
        "list": ["plain", "{{id}}", {"deep": "{{credentials.my-bank.password}}{{list}}"}],
    }
    rendered, places = render_with_secrets(config, rendering(id=7, list=["a"]))
    assert rendered == {
        "url": "https://x/7?key={{credentials.k.key}}&again=7",
        "headers": {"A/B~C": "{{credentials['Stripe API Key']}}"},
        "list": ["plain", 7, {"deep": '{{credentials.my-bank.password}}["a"]'}],
    }
    assert places == {
        "/url": [
            SecretText(text="https://x/7?key="),
            SecretReference(name="k", field="key"),
            SecretText(text="&again=7"),
        ],
        "/headers/A~1B~0C": [SecretReference(name="Stripe API Key")],
        "/list/2/deep": [SecretReference(name="my-bank", field="password"), SecretText(text='["a"]')],
    }
    assert filled(rendered, places, SECRETS) == {
        "url": "https://x/7?key=sk_example_1&again=7",
        "headers": {"A/B~C": "sk_example_1"},
        "list": ["plain", 7, {"deep": 's3cret["a"]'}],
    }
    assert config["headers"] == {"A/B~C": "{{credentials['Stripe API Key']}}"}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{{credentials.k}}", "sk_example_1"),
        ("{{credentials.my-bank}}", {"username": "ann", "password": "s3cret"}),
        ("{{credentials.any.n}}", 5),
        ("{{credentials.any['a/b']}}", [1, {"c": None}]),
        ("{{credentials.any.none}}", None),
        (" {{credentials.any.n}}", " 5"),
        ("{{credentials.any['a/b']}}{{credentials.any.yes}}{{credentials.any.none}}.", '[1,{"c":null}]true.'),
    ],
)
def test_a_value_keeps_its_type_where_it_stands_alone(text: str, value: Any) -> None:
    assert resolved({"x": text}) == {"x": value}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{credentials.k.kye}}", "the credential 'k' has no field 'kye'; it has header, key"),
        ("a {{credentials.my-bank}}", "the credential 'my-bank' has several fields, password, username: inside a text"),
        ("a {{credentials.any}}", "the credential 'any' has several fields, a/b, n, none, only, yes"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_named_without_a_value(text: str, message: str) -> None:
    with pytest.raises(StepError) as caught:
        resolved({"x": text})
    assert caught.value.type == "credential"
    assert caught.value.message.startswith(message)
    assert "s3cret" not in caught.value.message


FORGED = "{{credentials.my-bank.password}}"


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"x": "{{data}}"}, {"x": FORGED}),
        ({"x": "say {{data}}"}, {"x": f"say {FORGED}"}),
        ({"x": "{{credentials.k}} {{data}}"}, {"x": f"sk_example_1 {FORGED}"}),
        ({"x": "{{data}}{{credentials.k}}"}, {"x": f"{FORGED}sk_example_1"}),
        ({"x": "{{first}}{{rest}} {{credentials.k}}"}, {"x": f"{FORGED} sk_example_1"}),
        (
            {"x": "{{ '{{credentials.my-bank.password}}' }} {{credentials.k}}"},
            {"x": f"{FORGED} sk_example_1"},
        ),
        ({"x": "{{tree}}", "y": "{{credentials.k}}"}, {"x": {"a": [FORGED]}, "y": "sk_example_1"}),
        ({"{{credentials.k}}": 1}, {"{{credentials.k}}": 1}),
    ],
)
def test_data_that_looks_like_a_reference_stays_data(config: dict[str, Any], expected: Any) -> None:
    names = {"data": FORGED, "first": "{", "rest": FORGED[1:], "tree": {"a": [FORGED]}}
    assert resolved(config, **names) == expected


def test_a_value_is_not_searched_for_references_either() -> None:
    nested = Secret("custom", {"v": FORGED})
    rendered, places = render_with_secrets({"x": "a{{credentials.n.v}}{{credentials.k}}"}, rendering())
    assert filled(rendered, places, {"n": nested, "k": KEY}) == {"x": f"a{FORGED}sk_example_1"}


def test_every_expression_is_evaluated_once() -> None:
    rendered, places = render_with_secrets(
        {"a": "{{uuid()}}", "x": "{{uuid()}} {{credentials.k}}"}, rendering()
    )
    assert filled(rendered, places, SECRETS)["x"].removesuffix(" sk_example_1") in rendered["x"]
    assert sorted([rendered["a"], rendered["x"][:6]]) == ["uuid-0", "uuid-1"]


def test_an_expression_that_fails_says_where() -> None:
    with pytest.raises(ExpressionError) as caught:
        render_with_secrets({"a": {"x": "{{credentials.k}} {{nope}}"}}, rendering())
    assert caught.value.message.startswith("unknown name 'nope'")
    assert getattr(caught.value, "pointer", "").startswith("/a/x")


def test_without_credentials_the_config_is_only_rendered() -> None:
    config = {"a": "{{x}}", "credentials": "{{ 'credentials' }}"}
    assert render_with_secrets(config, rendering(x=1)) == ({"a": 1, "credentials": "credentials"}, {})


def test_what_a_config_uses() -> None:
    config = {
        "credential": "smtp",
        "auth": {"credential": "cred_1"},
        "body": {"credential": "not this", "auth": {"credential": "nor this"}},
        "headers": {"A": "{{credentials.a}} {{credentials['b'].c}}"},
    }
    assert {(use.pointer, use.name) for use in uses_in(config)} == {
        ("/credential", "smtp"), ("/auth/credential", "cred_1"), ("/headers/A", "a"), ("/headers/A", "b")
    }  # fmt: skip
    assert list(uses_in({"credential": "{{vars.which}}", "auth": "{{x}}"})) == []
    assert [use.name for use in uses_in({"credential": "k", "x": "{{1 +}}"})] == ["k"]


ODD = Secret(
    "custom", {"key": "a/b c&d=é#%2F?", "base": "https://api.example.com:8443/v1", "host": "h.example.com"}
)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://x/y?key={{credentials.odd.key}}&z=1", "https://x/y?key=a%2Fb%20c%26d%3D%C3%A9%23%252F%3F&z=1"),
        ("https://x/{{credentials.odd.key}}/z", "https://x/a%2Fb%20c%26d%3D%C3%A9%23%252F%3F/z"),
        ("https://x?{{credentials.odd.key}}", "https://x?a%2Fb%20c%26d%3D%C3%A9%23%252F%3F"),
        ("{{credentials.odd.base}}", "https://api.example.com:8443/v1"),
        ("{{credentials.odd.base}}/{{credentials.odd.host}}:1", "https://api.example.com:8443/v1/h.example.com:1"),
        ("https://{{credentials.odd.host}}:1/a@b", "https://h.example.com:1/a@b"),
        ("http://u:{{credentials.odd.key}}@proxy:1", "http://u:a%2Fb%20c%26d%3D%C3%A9%23%252F%3F@proxy:1"),
        ("http://{{credentials.odd.host}}:{{credentials.odd.key}}@proxy",
         "http://h.example.com:a%2Fb%20c%26d%3D%C3%A9%23%252F%3F@proxy"),
    ],
)  # fmt: skip
def test_inside_an_address_a_secret_is_one_part_of_it(url: str, expected: str) -> None:
    rendered, places = render_with_secrets({"url": url, "body": {"url": url}, "text": url}, rendering())
    found = filled(rendered, places, {"odd": ODD}, ["url"])
    assert found["url"] == expected
    # Elsewhere a text is a text.
    assert found["body"]["url"] == found["text"] == filled(rendered, places, {"odd": ODD})["url"]
