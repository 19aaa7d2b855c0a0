"""All action types of this process: those of the language, the connectors, and those of installed packages."""

import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from gorax.core import actions as flow_package
from gorax.core.actions.declaration import ActionType, EffectAction, EffectTraits, FlowAction

ENTRY_POINT_GROUP = "gorax.actions"

PREFIXES = ("action:", "control:", "trigger:", "integration:")
"""What the original product writes before the names: `action:http`, `control:if`."""


class Catalogue:
    """Action types by name and alias."""

    def __init__(self, types: Iterable[ActionType[Any]]) -> None:
        self._by_name: dict[str, ActionType[Any]] = {}
        for action_type in types:
            for name in (action_type.name, *action_type.aliases):
                if name in self._by_name:
                    raise ValueError(f"two action types are called {name!r}")
                self._by_name[name] = action_type

    def get(self, name: str) -> ActionType[Any] | None:
        """The type of that name, alias or prefixed name; None when there is none."""
        return self._by_name.get(canonical_name(name))

    def __iter__(self) -> Iterator[ActionType[Any]]:
        """Every type once, by name."""
        return iter(sorted(set(self._by_name.values()), key=lambda action_type: action_type.name))

    def flow(self, name: str) -> FlowAction[Any] | None:
        """The flow type of that name, if it is one."""
        found = self.get(name)
        return found if isinstance(found, FlowAction) else None

    def effect(self, name: str) -> EffectAction[Any] | None:
        """The effect type of that name, if it is one."""
        found = self.get(name)
        return found if isinstance(found, EffectAction) else None

    def traits(self, names: Iterable[str]) -> Mapping[str, EffectTraits]:
        """The traits of those of the named types that are effects, under the names given."""
        return {name: effect.traits for name in names if (effect := self.effect(name))}


def canonical_name(name: str) -> str:
    """The name without the original product's prefix."""
    for prefix in PREFIXES:
        if name.startswith(prefix):
            return name.removeprefix(prefix)
    return name


def _declared_in(module: ModuleType) -> Iterator[ActionType[Any]]:
    if isinstance(declared := getattr(module, "ACTION", None), ActionType):
        yield declared
    for info in pkgutil.iter_modules(getattr(module, "__path__", ())):
        yield from _declared_in(importlib.import_module(f"{module.__name__}.{info.name}"))


@cache
def flow_catalogue() -> Catalogue:
    """The types of the language itself: all that the interpreter knows."""
    return Catalogue(_declared_in(flow_package))


@cache
def full_catalogue() -> Catalogue:
    """Every type that can be used: the language's and those under the entry point `gorax.actions`."""
    effects = (
        declared
        for point in entry_points(group=ENTRY_POINT_GROUP)
        for declared in _declared_in(importlib.import_module(point.value))
    )
    return Catalogue([*flow_catalogue(), *effects])
