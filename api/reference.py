"""`python -m api.reference`: the OpenAPI document as a page to read, docs/api-reference.md.

What every operation has in common (identity, errors, limits) is said once, at the top; Swagger UI and the document
itself have it in full.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any

from api.app import create_app
from gorax.settings import Settings

Json = Mapping[str, Any]

TEST = "tests/api/test_reference_page.py"
"""Holds the page and the document together, and stands behind each of its examples."""
COMMON = frozenset({"400", "401", "403", "404", "408", "413", "429", "500", "503"})
"""Statuses that mean the same everywhere."""
WIDTH = 100
"""Columns of an example's line."""

_TOP = """\
# API reference

This page is made from the OpenAPI document, by `make reference`: change the code, not the page. A running server has
the document itself at `/docs/api/swagger.json` and `/docs/api/swagger.yaml`, and at `/api/docs/` a form to try each
request in. Behind each request stands the least [role](identity.md#roles) that it needs.
"""
_ERRORS = """\
Every error is `{"error": "…"}`, some with `details` that point to each place. Their statuses mean the same everywhere:

| status | meaning |
|---|---|
| 400 | the request is wrong; the message names the field |
| 401, 403 | nobody we know; somebody who may not: see [Identity](identity.md) |
| 404 | no such thing in this tenant |
| 408, 413 | the body did not arrive in time, or is too large |
| 429 | too many [requests](limits.md), or a [quota](quotas.md) is used up; `Retry-After` says when to try again |
| 500 | a bug, which the log has under the request id |
| 503 | a part that the API depends on does not answer; try again |
"""


def page(document: Json) -> str:
    """The page that tells of an OpenAPI document."""
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    sections: dict[str, list[str]] = {name: [] for name in tags}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            text = "\n\n".join(_operation(f"{method.upper()} {path}", operation, document["components"]))
            sections[operation["tags"][0]].append(text)
    parts = [_TOP.rstrip(), document["info"]["description"].strip(), _ERRORS.rstrip()]
    for name, texts in sections.items():
        if texts:
            parts += [f"## {name}", tags[name], *texts]
    return "\n\n".join(parts) + "\n"


def _operation(request: str, operation: Json, components: Json) -> Iterator[str]:
    yield f"### {operation['summary']}"
    role = operation.get("x-required-role")
    yield f"`{request}`" + (f" · {role}" if role else "")
    if description := operation.get("description"):
        yield description
    parameters = [one for one in operation.get("parameters", ()) if "$ref" not in one]
    if parameters:
        yield "\n".join(
            ["| parameter | in | value | meaning |", "|---|---|---|---|", *map(_parameter, parameters)]
        )
    if body := operation.get("requestBody"):
        yield from _body(body, components)
    yield from _answers(operation["responses"])


def _parameter(parameter: Json) -> str:
    return (
        f"| `{parameter['name']}` | {parameter['in']} | {kind(parameter['schema'])} | {_meaning(parameter)} |"
    )


def _body(body: Json, components: Json) -> Iterator[str]:
    content = body["content"].get("application/json")
    if content is None:
        yield f"Body: {', '.join(body['content'])}."
        return
    if name := content["schema"].get("$ref", "").rpartition("/")[2]:
        model = components["schemas"][name]
        required = model.get("required", ())
        rows = [
            f"| `{field}`{' (required)' if field in required else ''} | {kind(schema)} | {_meaning(schema)} |"
            for field, schema in model.get("properties", {}).items()
        ]
        yield "\n".join(["| field | value | meaning |", "|---|---|---|", *rows])
    yield from _example(content)


def _answers(responses: Json) -> Iterator[str]:
    own = {status: told for status, told in responses.items() if status not in COMMON}
    yield "\n".join(f"- **{status}** {_meaning(told)}" for status, told in sorted(own.items()))
    for status, told in sorted(own.items()):
        if status.startswith("2") and (content := told.get("content", {}).get("application/json")):
            yield from _example(content)
            return


def _example(content: Json) -> Iterator[str]:
    example = content.get("example")
    if example is None and content.get("examples"):
        example = next(iter(content["examples"].values()))["value"]
    if example is None:
        return
    yield f"```json tested by {TEST}\n{_shown(example)}\n```"


def _shown(value: Any, indent: int = 0) -> str:
    """JSON of which all that fits stands on one line."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + indent <= WIDTH or not value or not isinstance(value, dict | list):
        return line
    inner = indent + 2
    if isinstance(value, dict):
        parts = [f"{json.dumps(name)}: {_shown(part, inner)}" for name, part in value.items()]
    else:
        parts = [_shown(part, inner) for part in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    separator = ",\n" + " " * inner
    return f"{opening}\n{' ' * inner}{separator.join(parts)}\n{' ' * indent}{closing}"


def kind(schema: Json) -> str:
    """A schema in a few words, such as `integer, 1 to 100, default 20`."""
    return ", ".join(filter(None, [_type(schema), _bounds(schema), _default(schema)]))


def _type(schema: Json) -> str:
    if options := schema.get("anyOf") or schema.get("oneOf"):
        return " or ".join(dict.fromkeys(_type(option) for option in options))
    if "$ref" in schema:
        return "object"
    if "const" in schema:
        return f"`{schema['const']}`"
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_type(schema.get('items', {}))}"
    name: str = "time" if schema.get("format") == "date-time" else schema.get("type", "any JSON")
    return name


def _bounds(schema: Json) -> str:
    options = [option for option in schema.get("anyOf", ()) if option.get("type") != "null"]
    if len(options) == 1:
        return _bounds(options[0])
    for low, high, unit in (
        ("minimum", "maximum", ""),
        ("minLength", "maxLength", " characters"),
        ("minItems", "maxItems", " items"),
    ):
        match schema.get(low), schema.get(high):
            case None, None:
                continue
            case None | 0, most if unit:
                return f"at most {most:,}{unit}"
            case least, None:
                return f"at least {least:,}{unit}"
            case None, most:
                return f"at most {most:,}{unit}"
            case least, most:
                return f"{least:,} to {most:,}{unit}"
    return ""


def _default(schema: Json) -> str:
    default = schema.get("default")
    return "" if default in (None, [], {}, "") else f"default `{json.dumps(default)}`"


def _meaning(described: Json) -> str:
    return _cell(described.get("description", ""))


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    sys.stdout.write(page(create_app(Settings()).openapi()))
