"""What the client can do, read from its classes, and what the document of this server says that the API can."""

import inspect
from collections.abc import Iterator
from typing import Any, Unpack, get_args, get_origin, get_type_hints

from api.app import create_app
from gorax import Gorax
from gorax.client.resource import Calling, Iterating, Resource, Returning
from gorax.settings import Settings

Json = dict[str, Any]
Method = Returning[..., Any] | Iterating[..., Any]

DOCUMENT: Json = create_app(Settings()).openapi()
OPERATIONS: dict[str, tuple[str, str, Json]] = {
    described["operationId"]: (method.upper(), path, described)
    for path, item in DOCUMENT["paths"].items()
    for method, described in item.items()
}
"""Method, path and description by id."""


def _methods() -> Iterator[tuple[str, Method]]:
    with Gorax() as gorax:
        for group, resource in vars(gorax).items():
            if isinstance(resource, Resource):
                for name, value in vars(type(resource)).items():
                    if isinstance(value, Returning | Iterating):
                        yield f"{group}.{name}", value


METHODS = dict(_methods())
"""All methods, as `workflows.get`."""
CALLS = {name: method for name, method in METHODS.items() if isinstance(method, Calling)}
"""Those that call one operation."""


def resolved(schema: Json) -> Json:
    """What a part of the document refers to, or is."""
    while "$ref" in schema:
        _, _, kind, name = schema["$ref"].split("/")
        schema = DOCUMENT["components"][kind][name]
    return schema


def names_in(path: str) -> list[str]:
    """The names in braces."""
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def arguments(method: Calling[..., Any]) -> dict[str, bool]:
    """A method's arguments in Python, and whether each must be given."""
    found: dict[str, bool] = {}
    hints = get_type_hints(method.build)
    for name, parameter in list(inspect.signature(method.build).parameters.items())[1:]:
        if parameter.kind is parameter.VAR_KEYWORD:
            assert get_origin(hints[name]) is Unpack
            [typed] = get_args(hints[name])
            found |= {key: key in typed.__required_keys__ for key in typed.__annotations__}
        else:
            found[name] = parameter.default is parameter.empty
    return found
