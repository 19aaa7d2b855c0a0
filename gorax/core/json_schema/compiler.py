"""From an authored schema to checks that run."""

from collections.abc import Iterator
from contextlib import suppress
from difflib import get_close_matches
from typing import Any
from urllib.parse import unquote

from gorax.core.json_schema.applicators import APPLICATORS
from gorax.core.json_schema.assertions import ASSERTIONS
from gorax.core.json_schema.nodes import Check, Node, Place, SchemaError, join
from gorax.core.json_schema.run import MAX_STEPS, Ended, Run, Violation

MAX_SCHEMAS = 1_000
"""Schemas inside one schema."""
MAX_NESTING = 50
"""Schemas inside each other, as they are written."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"

KEYWORDS = {**ASSERTIONS, **APPLICATORS}
ANNOTATIONS = {
    *("$schema", "$id", "$anchor", "$comment", "$vocabulary", "title", "description", "default", "examples"),
    *("example", "deprecated", "readOnly", "writeOnly", "format", "contentEncoding", "contentMediaType"),
    "contentSchema",
}
REFUSED = {"unevaluatedItems", "unevaluatedProperties", "$dynamicRef", "$dynamicAnchor"}


class Schema:
    """A compiled schema: use it for any number of values, from any thread."""

    def __init__(self, root: Node) -> None:
        self._root = root

    def violations(self, value: Any) -> list[Violation]:
        """What the schema does not allow in a JSON value; empty when it is valid, 20 at most."""
        return self.check(value, MAX_STEPS).violations

    def check(self, value: Any, steps: int) -> Run:
        """The same within so many steps, and whether they were enough."""
        run = Run(steps)
        with suppress(Ended):
            self._root.accepts(value, run)
        return run


def compile_schema(schema: object) -> Schema:
    """Compile a schema of plain JSON.

    Raises `SchemaError` with the first thing that is wrong or not supported.
    """
    compiler = _Compiler(schema)
    root = compiler.compile(schema, "", 0)
    compiler.settle()
    return Schema(root)


class _Compiler:
    def __init__(self, root: object) -> None:
        self._root = root
        self._nodes: dict[str, Node] = {}
        self._anchors: dict[str, str] = {}
        self._open: list[tuple[str, str, Node]] = []

    def compile(self, schema: object, pointer: str, depth: int) -> Node:
        if known := self._nodes.get(pointer):
            return known
        if len(self._nodes) >= MAX_SCHEMAS:
            raise SchemaError("", f"has more than {MAX_SCHEMAS:,} schemas inside")
        if depth > MAX_NESTING:
            raise SchemaError("", f"is nested deeper than {MAX_NESTING} levels")
        node = self._nodes[pointer] = Node()
        if isinstance(schema, bool):
            node.checks = () if schema else (_never,)
        elif isinstance(schema, dict):
            node.checks = tuple(self._checks(schema, pointer, depth))
        else:
            raise SchemaError(pointer, "must be a schema: an object, true or false")
        return node

    def _checks(self, schema: dict[str, Any], pointer: str, depth: int) -> Iterator[Check]:
        for keyword, value in schema.items():
            place = Place(self, join(pointer, keyword), schema, depth)
            if compiled := KEYWORDS.get(keyword):
                if check := compiled(value, place):
                    yield check
            elif keyword == "$anchor":
                self._anchors[str(value)] = pointer
            elif keyword == "$schema" and str(value).rstrip("#") != DIALECT:
                raise place.fault(f"must be {DIALECT}")
            elif keyword == "$id" and pointer:
                raise place.fault("is supported at the root only")
            elif keyword not in ANNOTATIONS and not keyword.startswith("x-"):
                raise place.fault(_unknown(keyword))

    def referred(self, reference: object, pointer: str) -> Node:
        if not isinstance(reference, str) or not reference.startswith("#"):
            raise SchemaError(pointer, "must refer to a place in this schema, such as #/$defs/address")
        # What it names may not have been compiled yet, or never on its own: settled at the end.
        node = Node()
        self._open.append((pointer, unquote(reference[1:]), node))
        return node

    def settle(self) -> None:
        """Connect the references with what they name."""
        while self._open:
            pointer, target, node = self._open.pop()
            if target and not target.startswith("/"):
                if target not in self._anchors:
                    raise SchemaError(pointer, "refers to an $anchor that is not there")
                target = self._anchors[target]
            node.checks = (self.compile(self._find(target, pointer), target, 0).accepts,)

    def _find(self, target: str, pointer: str) -> object:
        found = self._root
        for part in target.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, dict) and key in found:
                found = found[key]
            elif isinstance(found, list) and key.isascii() and key.isdigit() and int(key[:9]) < len(found):
                found = found[int(key[:9])]
            else:
                raise SchemaError(pointer, "refers to a place that is not there")
        return found


def _never(_value: Any, run: Run) -> bool:
    return run.fail("is not allowed")


def _unknown(keyword: str) -> str:
    if keyword in REFUSED:
        return f"{keyword} is not supported"
    close = get_close_matches(keyword[:64], [*KEYWORDS, *ANNOTATIONS], n=1)
    return f"unknown keyword{f'; did you mean {close[0]!r}?' if close else ''}"
