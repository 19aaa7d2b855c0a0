"""Durable workflow automation. `from gorax import Gorax, AsyncGorax`: the client of its REST API."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gorax.client import AsyncGorax, Gorax

__all__ = ["AsyncGorax", "Gorax"]


def __getattr__(name: str) -> Any:
    # Loaded when it is asked for: the processes of the server import this package, too.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from gorax import client

    return getattr(client, name)
