"""The parts of a compiled schema, and what a keyword may ask for while it is compiled."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from gorax.core.json_schema.run import Run

Check = Callable[[Any, Run], bool]
"""Whether a value passes; notes what does not."""


class SchemaError(ValueError):
    """Not a schema that can be used. `pointer` says where in it."""

    def __init__(self, pointer: str, message: str) -> None:
        super().__init__(message)
        self.pointer = pointer
        self.message = message


class Node:
    """One compiled schema. It exists before its checks do, so that schemas may refer to each other."""

    __slots__ = ("checks",)

    def __init__(self) -> None:
        self.checks: tuple[Check, ...] = ()

    def accepts(self, value: Any, run: Run) -> bool:
        """Whether the value passes every check."""
        run.enter()
        accepted = True
        for check in self.checks:
            if not check(value, run):
                accepted = False
                if run.probing:
                    break
        run.leave()
        return accepted

    def probe(self, value: Any, run: Run) -> bool:
        """Whether the value passes, without noting why not."""
        run.probing += 1
        accepted = self.accepts(value, run)
        run.probing -= 1
        return accepted

    def accepts_at(self, part: str | int, value: Any, run: Run) -> bool:
        """Whether a value inside the current one passes."""
        run.path.append(part)
        accepted = self.accepts(value, run)
        run.path.pop()
        return accepted


class Compiler(Protocol):
    """What compiles the schemas inside a schema."""

    def compile(self, schema: object, pointer: str, depth: int) -> Node: ...

    def referred(self, reference: object, pointer: str) -> Node: ...


class Place:
    """Where a keyword stands while it is compiled."""

    def __init__(self, compiler: Compiler, pointer: str, schema: Mapping[str, Any], depth: int) -> None:
        self.pointer = pointer
        self.schema = schema
        self._compiler = compiler
        self._depth = depth

    def fault(self, message: str) -> SchemaError:
        """What is wrong with the keyword."""
        return SchemaError(self.pointer, message)

    def child(self, schema: object, *parts: str | int) -> Node:
        """A schema inside the keyword."""
        return self._compiler.compile(schema, join(self.pointer, *parts), self._depth + 1)

    def sibling(self, keyword: str) -> Node:
        """The schema under another keyword of the same schema."""
        parent = self.pointer.rpartition("/")[0]
        return self._compiler.compile(self.schema[keyword], join(parent, keyword), self._depth + 1)

    def children(self, schemas: object) -> list[Node]:
        """A list of schemas, at least one."""
        if not isinstance(schemas, list) or not schemas:
            raise self.fault("must be a list of schemas, at least one")
        return [self.child(schema, index) for index, schema in enumerate(schemas)]

    def named_children(self, schemas: object) -> dict[str, Node]:
        """An object of schemas."""
        if not isinstance(schemas, dict):
            raise self.fault("must be an object of schemas")
        return {name: self.child(schema, name) for name, schema in schemas.items()}

    def referred(self, reference: object) -> Node:
        """The schema that a `$ref` names."""
        return self._compiler.referred(reference, self.pointer)


Keyword = Callable[[Any, Place], Check | None]
"""Compiles one keyword from its value; None where it checks nothing itself. Raises `SchemaError`."""


def join(pointer: str, *parts: str | int) -> str:
    """The JSON pointer of something inside of what `pointer` names."""
    return pointer + "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
