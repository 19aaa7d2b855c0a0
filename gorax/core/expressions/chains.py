"""Compiles chains such as ``steps.order?.output.items[0]``: most of what expressions consist of."""

from collections.abc import Callable
from functools import partial
from typing import Any

from .access import cut, read, read_name
from .errors import ExpressionError
from .frame import METER, NAMES, Frame, Run
from .functions import call_method
from .nodes import Call, Chain, Index, Link, Literal, Method, Name, Node, Pointer, Slice

_Apply = Callable[[Any, Frame], Any]

CompileNode = Callable[[Node], Run]


def compile_name(node: Name, *, lenient: bool) -> Run:
    """Reads a name of the environment."""
    name, column = node.name, node.column

    def run(frame: Frame) -> Any:
        try:
            return read_name(frame[NAMES], name, lenient=lenient)
        except ExpressionError as error:
            error.at(column)
            raise

    return run


def compile_chain(chain: Chain, base: Run, compile_node: CompileNode, *, lenient: bool, free: bool) -> Run:
    """Reads one link after the other.

    ``?.`` gives nil when what is before it is nil or missing, for all the rest of the chain. With ``lenient``
    (the left-hand side of ``??``) every link does. ``free``: it starts at a name of the environment.
    """
    applied = tuple(
        (
            lenient or link_is_optional(link),
            _compile_link(chain, position, compile_node, lenient=lenient or _is_lenient(chain, position)),
        )
        for position, link in enumerate(chain.links)
    )

    def run(frame: Frame) -> Any:
        value = base(frame)
        for optional, apply in applied:
            if value is None and optional:
                return None
            value = apply(value, frame)
        return value

    keys = _static_keys(chain) if free and not lenient else None
    return run if keys is None else _fast(keys, run)


def _fast(keys: tuple[str | int, ...], run: Run) -> Run:
    """Follows a path of constant keys without looking at types; on any surprise, ``run`` explains it."""

    def follow(frame: Frame) -> Any:
        value = frame[NAMES]
        try:
            for key in keys:
                value = value[key]
        except (KeyError, IndexError, TypeError):
            return run(frame)
        return value

    return follow


def static_key(link: Link) -> str | int | None:
    """The key of a plain ``.name``, ``["name"]`` or ``[0]``."""
    if isinstance(link, Index) and isinstance(link.key, Literal) and type(link.key.value) in (str, int):
        key = link.key.value
        return key if isinstance(key, str | int) else None
    return None


def _static_keys(chain: Chain) -> tuple[str | int, ...] | None:
    if not isinstance(chain.base, Name):
        return None
    keys: list[str | int] = [chain.base.name]
    for link in chain.links:
        key = static_key(link)
        if key is None or link_is_optional(link):
            return None
        keys.append(key)
    return tuple(keys)


def link_is_optional(link: Link) -> bool:
    """Whether the link is written with ``?.``."""
    return not isinstance(link, Slice) and link.optional


def _is_lenient(chain: Chain, position: int) -> bool:
    following = chain.links[position + 1] if position + 1 < len(chain.links) else None
    return link_is_optional(chain.links[position]) or (following is not None and link_is_optional(following))


def _compile_link(chain: Chain, position: int, compile_node: CompileNode, *, lenient: bool) -> _Apply:
    link = chain.links[position]
    label = partial(source_text, chain, position)
    column = link.column
    if isinstance(link, Method):
        return _compile_method(link, compile_node)
    if isinstance(link, Slice):
        start = compile_node(link.start) if link.start else None
        stop = compile_node(link.stop) if link.stop else None

        def apply_slice(value: Any, frame: Frame) -> Any:
            first = start(frame) if start else None
            last = stop(frame) if stop else None
            try:
                return cut(value, first, last, label, frame[METER])
            except ExpressionError as error:
                error.at(column)
                raise

        return apply_slice
    key = compile_node(link.key)

    def apply(value: Any, frame: Frame) -> Any:
        wanted = key(frame)
        try:
            return read(value, wanted, label, lenient=lenient)
        except ExpressionError as error:
            error.at(column)
            raise

    return apply


def _compile_method(link: Method, compile_node: CompileNode) -> _Apply:
    arguments = [compile_node(argument) for argument in link.arguments]
    name, column = link.name, link.column

    def apply(value: Any, frame: Frame) -> Any:
        given = [argument(frame) for argument in arguments]
        try:
            return call_method(frame[METER], value, name, given)
        except ExpressionError as error:
            error.at(column)
            raise

    return apply


def source_text(chain: Chain, count: int) -> str:
    """How the source writes the chain up to ``count`` links, roughly: ``steps['http-1'].output``."""
    base = chain.base
    if isinstance(base, Name):
        text = base.name
    elif isinstance(base, Pointer):
        text = f"#{base.name}"
    elif isinstance(base, Call):
        text = f"{base.name}(…)"
    else:
        text = "(…)" if count else "the value"
    for link in chain.links[:count]:
        key = static_key(link)
        if isinstance(key, str):
            text += f".{key}" if key.isidentifier() else f"[{key!r}]"
        elif isinstance(link, Method):
            text += f".{link.name}()"
        else:
            text += f"[{'' if key is None else key}]"
    return text
