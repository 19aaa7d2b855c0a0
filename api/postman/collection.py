"""A Postman collection (format 2.1) of an OpenAPI document, and an environment to run it in."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from api.auth import ROLE_HEADER, TENANT_HEADER, USER_HEADER
from api.idempotency import HEADER as IDEMPOTENCY_HEADER
from api.postman import scripts
from api.postman.steps import Chapter, Step

Json = Mapping[str, Any]

SCHEMA = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
SETTINGS = {"baseUrl": "http://localhost:8080", "tenant": "tenant_dev", "token": ""}
"""Variables that whoever runs the collection sets; the environment has the same."""

_SENT = {TENANT_HEADER: "{{tenant}}"}
_OFFERED = {USER_HEADER: "user_dev", ROLE_HEADER: "admin", IDEMPOTENCY_HEADER: "{{$guid}}"}

_DESCRIPTION = """\
Every request of the Gorax API, made from its OpenAPI document. Run it from first to last: what one request makes, the
next ones use, and the last ones remove. `baseUrl` says where the API is and `tenant` for whom; outside of development,
put an API key or a session token into `token`."""


def environment() -> dict[str, Any]:
    """The environment of `make dev`."""
    return {
        "id": _id("environment"),
        "name": "Gorax (make dev)",
        "values": [
            {
                "key": key,
                "value": value,
                "type": "secret" if key == "token" else "default",
                "enabled": True,
            }
            for key, value in SETTINGS.items()
        ],
        "_postman_variable_scope": "environment",
    }


def collection(document: Json, story: Sequence[Chapter]) -> dict[str, Any]:
    """The collection that tells the story; raises `KeyError` for an operation that the document does not have."""
    operations = {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }
    kept = dict.fromkeys(name for chapter in story for step in chapter.steps for name in step.keep)
    folders: list[dict[str, Any]] = [
        {
            "name": chapter.name,
            "description": chapter.description,
            "item": [_item(step, *operations[step.operation], document) for step in chapter.steps],
        }
        for chapter in story
    ]
    folders[-1]["item"][-1]["event"][-1]["script"]["exec"] += scripts.forget(tuple(kept))
    return {
        "info": {
            "_postman_id": _id("collection"),
            "name": document["info"]["title"],
            "description": _DESCRIPTION,
            "schema": SCHEMA,
        },
        "item": folders,
        "event": [_event("prerequest", scripts.AUTHORIZE)],
        "variable": [
            {"key": key, "value": value} for key, value in (SETTINGS | dict.fromkeys(kept, "")).items()
        ],
    }


def _item(step: Step, method: str, path: str, operation: Json, document: Json) -> dict[str, Any]:
    name = step.name or operation["summary"]
    status = min(status for status in operation["responses"] if status.startswith("2"))
    request: dict[str, Any] = {
        "method": method,
        "description": operation["description"],
        "header": list(_headers(operation, document)),
        "url": _url(step, path, operation, document),
    }
    if (body := _body(step, operation)) is not None:
        request["header"].insert(0, {"key": "Content-Type", "value": "application/json"})
        request["body"] = {"mode": "raw", "raw": body, "options": {"raw": {"language": "json"}}}
    wait = scripts.wait(step.until, status) if step.until else ()
    after = [*scripts.expect(status), *wait, *scripts.keep(step.keep)]
    before = [_event("prerequest", scripts.sign(step.signed_with))] if step.signed_with else []
    return {
        "id": _id(name),
        "name": name,
        "event": [*before, _event("test", after)],
        "request": request,
        "response": _answers(status, operation),
    }


def _headers(operation: Json, document: Json) -> Iterator[dict[str, Any]]:
    for parameter in _parameters(operation, document, "header"):
        name = parameter["name"]
        header = {"key": name, "value": _SENT.get(name) or _OFFERED.get(name, "")}
        if name not in _SENT:
            header["disabled"] = True
        yield {**header, "description": parameter["description"]}


def _url(step: Step, path: str, operation: Json, document: Json) -> dict[str, Any]:
    parts = [f":{part[1:-1]}" if part.startswith("{") else part for part in path.strip("/").split("/")]
    sent = "&".join(f"{name}={value}" for name, value in step.query.items())
    url: dict[str, Any] = {
        "raw": f"{{{{baseUrl}}}}/{'/'.join(parts)}" + (f"?{sent}" if sent else ""),
        "host": ["{{baseUrl}}"],
        "path": parts,
    }
    if query := [_query(step, parameter) for parameter in _parameters(operation, document, "query")]:
        url["query"] = query
    if names := [parameter["name"] for parameter in _parameters(operation, document, "path")]:
        url["variable"] = [{"key": name, "value": step.path.get(name, f"{{{{{name}}}}}")} for name in names]
    return url


def _query(step: Step, parameter: Json) -> dict[str, Any]:
    name = parameter["name"]
    query = {"key": name, "value": step.query.get(name, ""), "description": parameter["description"]}
    return query if name in step.query else {**query, "disabled": True}


def _body(step: Step, operation: Json) -> str | None:
    if "requestBody" not in operation:
        return None
    body = step.body or operation["requestBody"]["content"]["application/json"]["example"]
    return _json({**body, **step.put})


def _answers(status: str, operation: Json) -> list[dict[str, Any]]:
    """The example of what the operation answers when it succeeds."""
    told = operation["responses"][status]
    answer = {"name": told["description"], "code": int(status), "header": []}
    if content := told.get("content"):
        kind, body = next(iter(content.items()))
        answer["header"] = [{"key": "Content-Type", "value": kind}]
        answer["body"] = body["example"] if isinstance(body["example"], str) else _json(body["example"])
    return [answer]


def _parameters(operation: Json, document: Json, place: str) -> Iterator[Json]:
    for parameter in operation.get("parameters", ()):
        if "$ref" in parameter:
            parameter = document["components"]["parameters"][parameter["$ref"].rpartition("/")[2]]
        if parameter["in"] == place:
            yield parameter


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False)


def _event(listen: str, lines: Sequence[str]) -> dict[str, Any]:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": list(lines)}}


def _id(name: str) -> str:
    """The same every time, so that the committed file changes only where the API does."""
    return str(uuid5(NAMESPACE_URL, f"gorax postman {name}"))
