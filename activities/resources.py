"""Long-lived objects that connectors share, such as connection pools: built at first use, closed with the worker."""

from typing import Any, TypeVar

from gorax.core.actions.declaration import Resource
from gorax.settings import Settings

R = TypeVar("R", bound=Resource)


class Resources:
    """One of each kind for a worker; the kind's constructor takes the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._built: dict[type[Any], Resource] = {}

    def get(self, kind: type[R]) -> R:
        """The worker's object of that kind."""
        if kind not in self._built:
            self._built[kind] = kind(self._settings)
        built = self._built[kind]
        assert isinstance(built, kind)
        return built

    async def close(self) -> None:
        """Close all, last built first."""
        while self._built:
            _, resource = self._built.popitem()
            await resource.close()
