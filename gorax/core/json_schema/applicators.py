"""Keywords that hold schemas: about parts of a value, and combinations."""

from typing import Any

from gorax.core.json_schema.assertions import matcher, size_of
from gorax.core.json_schema.nodes import Check, Keyword, Node, Place
from gorax.core.json_schema.run import Run


def _ref(reference: Any, place: Place) -> Check:
    return place.referred(reference).accepts


def _definitions(schemas: Any, place: Place) -> None:
    # Compiled for their faults; what refers to them runs them.
    place.named_children(schemas)


def _properties(schemas: Any, place: Place) -> Check:
    nodes = place.named_children(schemas)

    def check(value: Any, run: Run) -> bool:
        if not isinstance(value, dict):
            return True
        run.spend(len(nodes) >> 4)
        accepted = True
        for name, node in nodes.items():
            if name in value:
                accepted &= node.accepts_at(name, value[name], run)
        return accepted

    return check


def _pattern_properties(schemas: Any, place: Place) -> Check:
    nodes = place.named_children(schemas)
    patterns = [(matcher(pattern, place), node) for pattern, node in nodes.items()]

    def check(value: Any, run: Run) -> bool:
        accepted = True
        for name in value if isinstance(value, dict) else ():
            for matches, node in patterns:
                run.spend(1)
                if matches(name, run):
                    accepted &= node.accepts_at(name, value[name], run)
        return accepted

    return check


def _additional_properties(schema: Any, place: Place) -> Check:
    node = place.child(schema)
    properties, patterns = place.schema.get("properties", {}), place.schema.get("patternProperties", {})
    known = frozenset(properties) if isinstance(properties, dict) else frozenset()
    matchers = [matcher(pattern, place) for pattern in patterns] if isinstance(patterns, dict) else []

    def check(value: Any, run: Run) -> bool:
        accepted = True
        for name in value if isinstance(value, dict) else ():
            run.spend(1 + len(matchers))
            if name not in known and not any(matches(name, run) for matches in matchers):
                accepted &= node.accepts_at(name, value[name], run)
        return accepted

    return check


def _property_names(schema: Any, place: Place) -> Check:
    node = place.child(schema)

    def check(value: Any, run: Run) -> bool:
        accepted = True
        for name in value if isinstance(value, dict) else ():
            accepted &= node.accepts_at(name, name, run)
        return accepted

    return check


def _dependent_schemas(schemas: Any, place: Place) -> Check:
    nodes = place.named_children(schemas)

    def check(value: Any, run: Run) -> bool:
        if not isinstance(value, dict):
            return True
        run.spend(len(nodes) >> 4)
        accepted = True
        for name, node in nodes.items():
            if name in value:
                accepted &= node.accepts(value, run)
        return accepted

    return check


def _prefix_items(schemas: Any, place: Place) -> Check:
    nodes = place.children(schemas)

    def check(value: Any, run: Run) -> bool:
        accepted = True
        pairs = zip(nodes, value if isinstance(value, list) else (), strict=False)
        for index, (node, item) in enumerate(pairs):
            accepted &= node.accepts_at(index, item, run)
        return accepted

    return check


def _items(schema: Any, place: Place) -> Check:
    if isinstance(schema, list):
        raise place.fault("must be one schema; a list of schemas is prefixItems")
    node = place.child(schema)
    prefix = place.schema.get("prefixItems")
    start = len(prefix) if isinstance(prefix, list) else 0

    def check(value: Any, run: Run) -> bool:
        accepted = True
        for index in range(start, len(value) if isinstance(value, list) else 0):
            accepted &= node.accepts_at(index, value[index], run)
        return accepted

    return check


def _contains(schema: Any, place: Place) -> Check:
    node = place.child(schema)
    least = size_of(place.schema.get("minContains", 1), place)
    most = place.schema.get("maxContains")
    limit = None if most is None else size_of(most, place)

    def check(value: Any, run: Run) -> bool:
        if not isinstance(value, list):
            return True
        count = sum(node.probe(item, run) for item in value)
        if count < least:
            return run.fail(f"must hold at least {least} items of a certain form, and has {count}")
        if limit is not None and count > limit:
            return run.fail(f"must hold at most {limit} items of a certain form, and has {count}")
        return True

    return check


def _count(limit: Any, place: Place) -> None:
    size_of(limit, place)


def _all_of(schemas: Any, place: Place) -> Check:
    nodes = place.children(schemas)

    def check(value: Any, run: Run) -> bool:
        accepted = True
        for node in nodes:
            accepted &= node.accepts(value, run)
            if run.probing and not accepted:
                break
        return accepted

    return check


def _any_of(schemas: Any, place: Place) -> Check:
    nodes = place.children(schemas)
    if len(nodes) == 1:
        return nodes[0].accepts
    message = f"must have one of {len(nodes)} forms, and has none of them"
    return lambda value, run: any(node.probe(value, run) for node in nodes) or run.fail(message)


def _one_of(schemas: Any, place: Place) -> Check:
    nodes = place.children(schemas)

    def check(value: Any, run: Run) -> bool:
        count = sum(node.probe(value, run) for node in nodes)
        return count == 1 or run.fail(
            f"must have exactly one of {len(nodes)} forms, and has {count or 'none'}"
        )

    return check


def _not(schema: Any, place: Place) -> Check:
    node = place.child(schema)
    return lambda value, run: not node.probe(value, run) or run.fail("has a form that is not allowed")


def _if(schema: Any, place: Place) -> Check:
    condition = place.child(schema)
    branches: dict[bool, Node] = {}
    for keyword, answer in (("then", True), ("else", False)):
        if keyword in place.schema:
            branches[answer] = place.sibling(keyword)

    def check(value: Any, run: Run) -> bool:
        branch = branches.get(condition.probe(value, run))
        return branch is None or branch.accepts(value, run)

    return check


def _branch(schema: Any, place: Place) -> None:
    place.child(schema)


APPLICATORS: dict[str, Keyword] = {
    "$ref": _ref,
    "$defs": _definitions,
    "definitions": _definitions,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "dependentSchemas": _dependent_schemas,
    "prefixItems": _prefix_items,
    "items": _items,
    "contains": _contains,
    "minContains": _count,
    "maxContains": _count,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
    "then": _branch,
    "else": _branch,
}
