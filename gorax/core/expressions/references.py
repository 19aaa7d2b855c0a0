"""What an expression reads from its environment, found without running it."""

from dataclasses import dataclass, field

from .chains import link_is_optional, static_key
from .nodes import (
    Array,
    Block,
    Call,
    Chain,
    Comparison,
    Conditional,
    Index,
    Let,
    Map,
    Method,
    Name,
    Node,
    Operation,
    Slice,
    Unary,
)

Path = tuple[str, ...]


@dataclass(slots=True)
class References:
    """Paths by how they are read."""

    required: set[Path] = field(default_factory=set)
    optional: set[Path] = field(default_factory=set)
    """Read through ``?.`` or on the left of ``??``: nil if missing."""


def find_references(node: Node) -> References:
    """Every path below a name of the environment, as far as its keys are constant strings."""
    references = References()
    _visit(node, frozenset(), references, False)
    return references


def _visit(node: Node, bound: frozenset[str], found: References, optional: bool) -> None:
    match node:
        case Name():
            _path(node, (), bound, found, optional)
        case Chain():
            _chain(node, bound, found, optional)
        case Unary(operand=operand):
            _visit(operand, bound, found, False)
        case Operation(first=first, steps=steps):
            operators = [*(step.operator for step in steps), ""]
            for operand, operator in zip((first, *(s.operand for s in steps)), operators, strict=True):
                _visit(operand, bound, found, operator == "??")
        case Comparison(first=first, steps=steps):
            for operand in (first, *(step.operand for step in steps)):
                _visit(operand, bound, found, False)
        case Conditional(condition=condition, then=then, otherwise=otherwise):
            for part in (condition, then, otherwise):
                _visit(part, bound, found, False)
        case Block(statements=statements):
            for statement in statements:
                if isinstance(statement, Let):
                    _visit(statement.value, bound, found, False)
                    bound |= {statement.name}
                else:
                    _visit(statement, bound, found, False)
        case Array(items=items):
            for item in items:
                _visit(item, bound, found, False)
        case Map(entries=entries):
            for pair in entries:
                for part in pair:
                    _visit(part, bound, found, False)
        case Call(arguments=arguments, predicate=predicate):
            for argument in arguments:
                _visit(argument, bound, found, False)
            if predicate is not None:
                _visit(predicate, bound, found, False)
        case _:
            pass


def _chain(node: Chain, bound: frozenset[str], found: References, optional: bool) -> None:
    keys: list[str] = []
    static = True
    for link in node.links:
        key = static_key(link)
        static = static and isinstance(key, str)
        if static:
            keys.append(str(key))
        if link_is_optional(link):
            optional = True
        match link:
            case Index(key=inner):
                _visit(inner, bound, found, False)
            case Slice(start=start, stop=stop):
                for part in (start, stop):
                    if part is not None:
                        _visit(part, bound, found, False)
            case Method(arguments=arguments):
                for argument in arguments:
                    _visit(argument, bound, found, False)
    if isinstance(node.base, Name):
        _path(node.base, tuple(keys), bound, found, optional)
    else:
        _visit(node.base, bound, found, False)


def _path(name: Name, keys: Path, bound: frozenset[str], found: References, optional: bool) -> None:
    if name.name in bound:
        return
    path = keys if name.name == "$env" else (name.name, *keys)
    (found.optional if optional else found.required).add(path)
