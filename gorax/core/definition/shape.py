"""Where a config holds expressions and nested actions, read once from the marks in its model.

Whatever is not marked is data, in which every string may be a template.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from gorax.core.actions.declaration import (
    ActionType,
    BareExpression,
    NestedActions,
    Program,
    Scope,
    SetsVariables,
    WebAddress,
)
from gorax.core.definition.problems import join


@dataclass(frozen=True, slots=True)
class Leaf:
    """One marked place."""

    kind: Literal["expression", "actions", "program", "template"]
    nested: NestedActions | None = None
    scope: Scope | None = None


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list with marked places in its items."""

    item: "Shape"


@dataclass(frozen=True, slots=True)
class MapOf:
    """An object with marked places under keys of the author's choice."""

    value: "Shape"


@dataclass(frozen=True, slots=True)
class Fields:
    """An object with marked places under some of its fields, by every name that a field may have."""

    by_name: Mapping[str, "Shape"]


Shape = Leaf | ListOf | MapOf | Fields

_DATA = Leaf("template")


@dataclass(frozen=True, slots=True)
class Part:
    """One place of an authored config, with what it is for."""

    pointer: str
    leaf: Leaf
    value: Any


_shapes: dict[type[BaseModel], Fields] = {}


def shape_of(config: type[BaseModel]) -> Fields:
    """The marked places of a config model."""
    if config not in _shapes:
        shape = _of_model(config, None, ())
        _shapes[config] = shape if isinstance(shape, Fields) else Fields({})
    return _shapes[config]


def is_leaf(action_type: ActionType[Any]) -> bool:
    """Whether a step of this type is nothing but its output: no actions inside it, no variables set by it."""
    shape = shape_of(action_type.config)
    return not _holds_actions(shape) and not variable_fields(action_type.config)


def address_fields(config: type[BaseModel]) -> frozenset[str]:
    """The fields of a config model that are URLs, by the names that authors write."""
    return frozenset(_marked(config, WebAddress))


def variable_fields(config: type[BaseModel]) -> list[str]:
    """The fields of a config model whose keys become variables, by the names that authors write."""
    return _marked(config, SetsVariables)


def _marked(config: type[BaseModel], mark: type) -> list[str]:
    return [
        field.alias or name
        for name, field in config.model_fields.items()
        if any(isinstance(found, mark) for found in field.metadata)
    ]


def name_fields(config: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a config model whose values are names for what nested actions see, in the model's order."""
    scopes = {leaf.scope for leaf in _leaves(shape_of(config)) if leaf.scope}
    names = {name for scope in scopes for name in scope.names}
    return tuple(field for field in config.model_fields if field in names)


def _leaves(shape: Shape) -> Iterator[Leaf]:
    match shape:
        case Leaf():
            yield shape
        case ListOf(inner) | MapOf(inner):
            yield from _leaves(inner)
        case Fields(by_name):
            for inner in by_name.values():
                yield from _leaves(inner)


def parts(shape: Shape | None, value: Any, pointer: str = "") -> Iterator[Part]:
    """All places of an authored config; what is not marked comes in pieces as large as possible.

    Where a value does not have the form that its mark asks for, it is left to the model to say so.
    """
    match shape, value:
        case Leaf(), _:
            yield Part(pointer, shape, value)
        case ListOf(item), list():
            for index, element in enumerate(value):
                yield from parts(item, element, join(pointer, index))
        case MapOf(inner), dict():
            for key, element in value.items():
                yield from parts(inner, element, join(pointer, key))
        case Fields(by_name), dict():
            for key, element in value.items():
                yield from parts(by_name.get(key), element, join(pointer, key))
        case _:
            yield Part(pointer, _DATA, value)


def is_structure(shape: Shape, location: Sequence[int | str]) -> bool:
    """Whether expressions or nested actions stand at this place, or around it: then a template cannot."""
    here: Shape | None = shape
    for part in location:
        match here:
            case Fields(by_name):
                here = by_name.get(part) if isinstance(part, str) else here
            case ListOf(item) if isinstance(part, int):
                here = item
            case MapOf(inner) if isinstance(part, str):
                here = inner
            case None:
                return False
            case _:
                continue
    return here is not None and not (isinstance(here, Leaf) and here.kind == "template")


def render_config(
    action_type: ActionType[Any], config: Mapping[str, Any], render: Callable[[Any], Any]
) -> dict[str, Any]:
    """The config with every template rendered; marked places stay as they are, for the type to evaluate."""
    shape = shape_of(action_type.config)
    return {key: _rendered(shape.by_name.get(key), value, render) for key, value in config.items()}


def without_actions(action_type: ActionType[Any], config: Mapping[str, Any]) -> dict[str, Any]:
    """The config without its nested actions, which are steps of their own: what to show as a step's input."""
    shown: dict[str, Any] = _without_actions(shape_of(action_type.config), config)
    return shown


def _without_actions(shape: Shape | None, value: Any) -> Any:
    match shape, value:
        case ListOf(item), list():
            return [_without_actions(item, element) for element in value]
        case MapOf(inner), dict():
            return {key: _without_actions(inner, element) for key, element in value.items()}
        case Fields(by_name), dict():
            fields = ((key, by_name.get(key), element) for key, element in value.items())
            return {key: _without_actions(at, element) for key, at, element in fields if not _is_actions(at)}
        case _:
            return value


def _holds_actions(shape: Shape) -> bool:
    return any(leaf.kind == "actions" for leaf in _leaves(shape))


def _is_actions(shape: Shape | None) -> bool:
    return isinstance(shape, Leaf) and shape.kind == "actions"


def _rendered(shape: Shape | None, value: Any, render: Callable[[Any], Any]) -> Any:
    match shape, value:
        case Leaf(), _:
            return value
        case ListOf(item), list():
            return [_rendered(item, element, render) for element in value]
        case MapOf(inner), dict():
            return {key: _rendered(inner, element, render) for key, element in value.items()}
        case Fields(by_name), dict():
            return {key: _rendered(by_name.get(key), element, render) for key, element in value.items()}
        case _:
            return render(value)


def _of_model(model: type[BaseModel], scope: Scope | None, inside: tuple[type, ...]) -> Shape | None:
    if model in inside:
        return None
    by_name: dict[str, Shape] = {}
    for name, field in model.model_fields.items():
        shape = _of(field.annotation, tuple(field.metadata), scope, (*inside, model))
        if shape is not None:
            by_name |= {name: shape, field.alias or name: shape}
    return Fields(by_name) if by_name else None


def _of(
    annotation: Any, marks: tuple[Any, ...], scope: Scope | None, inside: tuple[type, ...]
) -> Shape | None:
    own = next((mark for mark in marks if isinstance(mark, Scope)), None)
    scope = own or scope
    for mark in marks:
        if isinstance(mark, NestedActions):
            return Leaf("actions", mark, scope)
        if isinstance(mark, BareExpression):
            return Leaf("expression", None, scope)
        if isinstance(mark, Program):
            return Leaf("program")
    shape = _of_type(annotation, scope, inside)
    return Leaf("template", None, own) if shape is None and own else shape


def _of_type(annotation: Any, scope: Scope | None, inside: tuple[type, ...]) -> Shape | None:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _of(arguments[0], arguments[1:], scope, inside)
    if origin in (Union, UnionType):
        options = (_of(option, (), scope, inside) for option in arguments if option is not NoneType)
        return next((shape for shape in options if shape is not None), None)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _of_model(annotation, scope, inside)
    if origin in (list, tuple, Sequence) and arguments:
        item = _of(arguments[0], (), scope, inside)
        return item and ListOf(item)
    if origin in (dict, Mapping) and len(arguments) == 2:
        value = _of(arguments[1], (), scope, inside)
        return value and MapOf(value)
    return None
