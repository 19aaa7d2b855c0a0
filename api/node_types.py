"""`python -m api.node_types`: the OpenAPI document as sdk/node makes its types of it.

Without examples and the headers of answers, which types have no use for, and without the headers that say who is
asking: a client knows those once and for all, so no call should have to name them.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any

from api.app import create_app
from api.auth import ROLE_HEADER, TENANT_HEADER, USER_HEADER
from gorax.settings import Settings

_IDENTITY = frozenset({TENANT_HEADER, USER_HEADER, ROLE_HEADER})


def source(document: Mapping[str, Any]) -> bytes:
    """What the types are made of; the same bytes for the same document."""
    parameters = document["components"]["parameters"]
    identity = {
        f"#/components/parameters/{name}" for name, one in parameters.items() if one["name"] in _IDENTITY
    }
    kept = {name: one for name, one in parameters.items() if one["name"] not in _IDENTITY}
    paths = {
        path: {method: _operation(operation, identity) for method, operation in item.items()}
        for path, item in document["paths"].items()
    }
    components = {**document["components"], "parameters": kept}
    return json.dumps({**document, "paths": paths, "components": components}, ensure_ascii=False).encode()


def _operation(operation: Mapping[str, Any], identity: set[str]) -> dict[str, Any]:
    parameters = [one for one in operation.get("parameters", ()) if one.get("$ref") not in identity]
    shown: dict[str, Any] = {**operation, "parameters": parameters}
    if "requestBody" in operation:
        shown["requestBody"] = _plain(operation["requestBody"])
    shown["responses"] = {status: _plain(answer) for status, answer in operation["responses"].items()}
    return shown


def _plain(body: Mapping[str, Any]) -> dict[str, Any]:
    plain = {name: value for name, value in body.items() if name != "headers"}
    if "content" in body:
        plain["content"] = {
            kind: {name: value for name, value in one.items() if name != "example"}
            for kind, one in body["content"].items()
        }
    return plain


if __name__ == "__main__":
    sys.stdout.buffer.write(source(create_app(Settings()).openapi()))
