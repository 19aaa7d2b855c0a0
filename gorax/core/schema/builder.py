"""The JSON Schema of a definition of the visual builder, as far as its form goes: compiling it says the rest."""

from gorax.core.builder import MAX_EDGES, MAX_NODE_ID, MAX_NODES
from gorax.core.schema.scalars import Json

_NAME: Json = {"type": "string", "minLength": 1, "maxLength": MAX_NODE_ID}
_LABEL = "The branch that the edge begins, such as `true` or `body`."


def builder_schema(node: str, edge: str, frame: Json) -> Json:
    """The schema of nodes and edges. `node` and `edge` are where their schemas stand; `frame` is the fields beside."""
    return {
        "description": "A workflow drawn as nodes and edges: it is compiled into actions.",
        "type": "object",
        "required": ["nodes", "edges"],
        "properties": {
            "nodes": {
                "type": "array",
                "minItems": 1,
                "maxItems": MAX_NODES,
                "items": {"$ref": node},
            },
            "edges": {"type": "array", "maxItems": MAX_EDGES, "items": {"$ref": edge}},
            **frame,
        },
    }


NODE: Json = {
    "description": "A trigger, or what becomes an action. Other fields are kept and ignored.",
    "type": "object",
    "required": ["id", "type"],
    "properties": {
        "id": {**_NAME, "description": "Its name in references."},
        "type": {**_NAME, "description": "Such as `trigger:webhook`, `action:http` or `control:if`."},
        "data": {
            "description": "`name` and `config`; or the fields of the config themselves.",
            "type": ["object", "null"],
            "properties": {"config": {"type": ["object", "null"]}},
        },
    },
}
"""One node."""

EDGE: Json = {
    "description": "From a node to one that runs after it.",
    "type": "object",
    "required": ["source", "target"],
    "properties": {
        "source": {**_NAME, "description": "The id of a node."},
        "target": {**_NAME, "description": "The id of a node."},
        "label": {"description": _LABEL},
        "sourceHandle": {"description": _LABEL},
    },
}
"""One edge."""
