"""The files that Postman imports, as they are served and committed."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from api.postman.collection import collection, environment
from api.postman.story import STORY

COLLECTION = "gorax.postman_collection.json"
ENVIRONMENT = "gorax.postman_environment.json"

FILES: Mapping[str, Callable[[Mapping[str, Any]], bytes]] = {
    COLLECTION: lambda document: _file(collection(document, STORY)),
    ENVIRONMENT: lambda _document: _file(environment()),
}
"""Each by its name, made from the OpenAPI document."""


def _file(content: dict[str, Any]) -> bytes:
    return json.dumps(content, indent=2, ensure_ascii=False).encode() + b"\n"
