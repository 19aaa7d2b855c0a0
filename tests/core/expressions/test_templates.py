"""Templates and trees of templates."""

from typing import Any

import pytest

from gorax.core.expressions import (
    CREDENTIAL,
    CredentialReference,
    Environment,
    ExpressionError,
    Meter,
    TemplateError,
    compile_template,
    render,
    templates_in,
)

NAMES: dict[str, Any] = {
    "trigger": {
        "body": {"name": "Ann", "count": 3, "tags": ["a", "b"], "none": None},
        "headers": {"x-id": "7"},
    },
    "steps": {"http-1": {"output": {"body": {"id": "o-1"}}}},
}


@pytest.fixture
def env(environment: Any) -> Environment:
    built: Environment = environment(NAMES)
    return built


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("", ""),
        ("{ not a template }", "{ not a template }"),
        ("{{trigger.body.count}}", 3),
        ("{{ trigger.body.tags }}", ["a", "b"]),
        ("{{trigger.body.none}}", None),
        (" {{trigger.body.count}}", " 3"),
        ("Hi {{trigger.body.name}}, {{trigger.body.count + 1}}!", "Hi Ann, 4!"),
        ("{{trigger.body.tags}} {{trigger.body.none}}|{{true}}", '["a","b"] |true'),
        ("{{6 / 2}} {{1.5}} {{ {a: 1.0} }}", '3 1.5 {"a":1}'),
        ("at {{now()}}, {{duration('90s')}}", "at 2024-05-06T07:08:09Z, 1m30s"),
        ("{{ {'a': {'b': 1}} }}", {"a": {"b": 1}}),
        ("{{ map([1], {{id: #}}) }}", [{"id": 1}]),
        ("{{ '}}' }}{{ \"{{\" }}", "}}{{"),
        ("{{ `}}` + '\\'}}' }}", "}}'}}"),
        ("{{steps.http-1.output.body.id}}", "o-1"),
        ("id {{ steps.http-1.output.body.id }}", "id o-1"),
        ("{{steps['http-1'].output.body['id']}}", "o-1"),
        ("{{steps?.http-2?.output}}", None),
        ("{{trigger.headers.x-id}}", "7"),
        ("{{trigger.body.count-1}}", 2),
        ("{{trigger.body.count -1}}", 2),
        ("{{ 1 // one\n + 1 }}", 2),
    ],
)
def test_rendering(env: Environment, text: str, expected: Any) -> None:
    rendered = compile_template(text).render(env)

    assert rendered == expected
    assert type(rendered) is type(expected)


def test_a_value_keeps_its_identity(env: Environment) -> None:
    assert compile_template("{{trigger.body}}").render(env) is NAMES["trigger"]["body"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a {{", "the {{ is not closed by }} (column 3)"),
        ("a {{ 'b }}", "literal not terminated (column 6)"),
        ("a {{ 1 + }}", "unexpected end of expression (column 10)"),
        ("{{}}", "unexpected end of expression (column 3)"),
        ("x {{ok}} {{lowr('a')}}", "unknown function 'lowr'; did you mean 'lower'? (column 12)"),
        ("{{ " + "1" * 5000 + " }}", "the expression is longer than 4096 bytes (column 1)"),
        ("{{1}}" * 1001, "a text has at most 1000 expressions (column 5001)"),
        ("{{ '{{credentials.a.b}}' + credentials.a }}", "credentials can only stand in a template"),
        ("{{ lower(credentials.a.b) }}", "credentials can only stand in a template"),
        ("{{ credentials }}", "credentials can only stand in a template"),
        ("{{ credentials.a.b.c }}", "credentials can only stand in a template"),
        ("{{ credentials.a-b.c.d }}", "credentials can only stand in a template"),
    ],
)
def test_errors_point_into_the_text(text: str, message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_template(text)

    assert str(caught.value).startswith(message)
    assert caught.value.source == text
    assert 1 <= caught.value.column <= len(text) + 1


@pytest.mark.parametrize("text", ["{{trigger.body.nope}}", "ab {{ trigger.body.nope }}"])
def test_errors_while_rendering_point_into_the_text(env: Environment, text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        compile_template(text).render(env)

    assert caught.value.message == "no key 'nope' in trigger.body; it has count, name, none, tags"
    assert caught.value.column == text.index("nope") + 1
    assert caught.value.source == text


def test_what_a_template_says_about_itself() -> None:
    template = compile_template("{{a.b}} {{c?.d}} {{credentials.shop}} {{ credentials.my-bank.token }}")

    assert template.references == {("a", "b"), ("c", "d")}
    assert template.optional_references == {("c", "d")}
    assert template.credentials == {("shop",), ("my-bank", "token")}
    assert not template.is_static
    assert compile_template("nothing { here }").is_static


def test_credentials_stay_as_they_are(env: Environment) -> None:
    assert compile_template("{{credentials.a.b}}").render(env) == "{{credentials.a.b}}"
    rendered = compile_template("Bearer {{ credentials.a }} for {{trigger.body.name}}").render(env)

    assert rendered == "Bearer {{ credentials.a }} for Ann"
    assert CREDENTIAL.findall(rendered)


@pytest.mark.parametrize(
    ("reference", "path"),
    [
        ("{{credentials.a}}", ("a",)),
        ("{{ credentials.a-1.b-2 }}", ("a-1", "b-2")),
        ("{{credentials['Stripe API Key'].key}}", ("Stripe API Key", "key")),
        ("{{credentials[ \"Bob's\" ]['the }} key']}}", ("Bob's", "the }} key")),
        ("{{credentials.a['b.c']}}", ("a", "b.c")),
    ],
)
def test_the_forms_of_a_reference(reference: str, path: tuple[str, ...]) -> None:
    template = compile_template(f"{{{{x}}}} {reference}-{reference}")

    assert template.credentials == {path}
    written = CredentialReference(reference, path)
    assert template.pieces == ("{{x}} ", written, "-", written)
    assert compile_template(reference).pieces == (written,)


@pytest.mark.parametrize(
    "text",
    ["{{credentials['a\\'b']}}", "{{credentials['']}}", "{{credentials[x]}}", "{{credentials['a'][0]}}"],
)
def test_what_is_no_reference_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError, match="credentials can only stand in a template"):
        compile_template(text)


def test_a_value_that_looks_like_a_reference_is_no_piece(environment: Any) -> None:
    template = compile_template("{{credentials.a.b}} {{x}}")

    rendered = template.render(environment({"x": "{{credentials.c.d}}"}))

    assert rendered == "{{credentials.a.b}} {{credentials.c.d}}"
    assert template.credentials == {("a", "b")}
    assert compile_template("{{x}}").pieces == ("{{x}}",)


def test_a_tree(env: Environment) -> None:
    tree = {
        "url": "https://x/{{trigger.body.name}}",
        "{{key}}": 1,
        "deep": [{"count": "{{trigger.body.count}}"}, "static", 5],
        "static": {"a": ["b"]},
    }

    rendered = render(tree, env)

    assert rendered == {
        "url": "https://x/Ann",
        "{{key}}": 1,
        "deep": [{"count": 3}, "static", 5],
        "static": {"a": ["b"]},
    }
    assert rendered["static"] is tree["static"]
    assert tree["deep"] == [{"count": "{{trigger.body.count}}"}, "static", 5]
    assert render(tree["static"], env) is tree["static"]


def test_a_tree_is_rendered_under_one_budget(env: Environment) -> None:
    meter = Meter(500)
    with pytest.raises(TemplateError, match="budget"):
        render(["{{map(1..100, #)}}"] * 3, env, meter)
    assert meter.spent == 500


@pytest.mark.parametrize(
    ("tree", "pointer"),
    [
        ("{{nope}}", ""),
        ({"a": ["x", {"b/c~d": "{{nope}}"}]}, "/a/1/b~1c~0d"),
    ],
)
def test_errors_in_a_tree_have_a_pointer(env: Environment, tree: Any, pointer: str) -> None:
    with pytest.raises(TemplateError) as caught:
        render(tree, env)

    assert caught.value.pointer == pointer
    assert caught.value.column == 3
    assert caught.value.message.startswith("unknown name 'nope'")


def test_templates_in_a_tree() -> None:
    tree = {"a": "{{x.y}}", "b": ["static", {"c/d": "{{credentials.n.f}} {{z}}"}], "{{k}}": None}

    found = dict(templates_in(tree))

    assert set(found) == {"/a", "/b/1/c~1d"}
    assert found["/a"].references == {("x", "y")}
    assert found["/b/1/c~1d"].credentials == {("n", "f")}


def test_a_template_that_does_not_compile_has_a_pointer() -> None:
    with pytest.raises(TemplateError) as caught:
        list(templates_in({"a": ["{{ok}}", "{{1 +}}"]}))

    assert caught.value.pointer == "/a/1"
    assert caught.value.column == 6


def test_trees_of_any_depth_end_in_an_error(env: Environment) -> None:
    tree: Any = "{{trigger.body.name}}"
    for _ in range(5000):
        tree = [tree]

    with pytest.raises(TemplateError, match="nested deeper"):
        render(tree, env)
    with pytest.raises(TemplateError, match="nested deeper"):
        list(templates_in(tree))
