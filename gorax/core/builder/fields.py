"""Fields of configs: the original's API writes them with underscores, its editor in camel case."""

import re
from collections.abc import Mapping
from typing import Any

from gorax.core.builder.reading import Node
from gorax.core.definition.problems import Findings, quoted

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])", re.ASCII)


def snake(name: str) -> str:
    """`itemVariable` as `item_variable`."""
    return _HUMP.sub("_", name).lower()


class Fields:
    """The config of one node by its fields' names, whichever way they are written."""

    def __init__(self, node: Node, findings: Findings) -> None:
        self.node = node
        self._findings = findings
        self._written = {snake(key): key for key in node.config}

    def at(self, *names: str) -> str:
        """JSON pointer of the first of these fields that is there, otherwise of the config."""
        for name in names:
            if name in self._written:
                return self.node.at(self._written[name])
        return self.node.config_at

    def get(self, *names: str) -> Any:
        """The first of these fields that is there and neither null nor an empty text."""
        for name in names:
            value = self.node.config[self._written[name]] if name in self._written else None
            if value is not None and value != "":
                return value
        return None

    def text(self, *names: str) -> str | None:
        """The same, for a field that must be a string."""
        value = self.get(*names)
        if value is None or isinstance(value, str):
            return value
        self.refuse(f"must be a string, not {quoted(value)}", *names)
        return None

    def listed(self, *names: str) -> list[Any] | None:
        """The same, for a field that must be a list."""
        value = self.get(*names)
        if value is None or isinstance(value, list):
            return value
        self.refuse(f"must be a list, not {quoted(value)}", *names)
        return None

    def mapping(self, *names: str) -> Mapping[str, Any] | None:
        """The same, for a field that must be an object."""
        value = self.get(*names)
        if value is None or isinstance(value, dict):
            return value
        self.refuse(f"must be an object, not {quoted(value)}", *names)
        return None

    def flag(self, *names: str) -> bool | None:
        """The same, for a field that must be true or false."""
        value = self.get(*names)
        if value is None or isinstance(value, bool):
            return value
        self.refuse(f"must be true or false, not {quoted(value)}", *names)
        return None

    def number(self, *names: str) -> float | int | None:
        """The same, for a field that must be a number, 0 or more."""
        value = self.get(*names)
        if value is None or (isinstance(value, int | float) and not isinstance(value, bool) and value >= 0):
            return value
        self.refuse(f"must be a number, 0 or more, not {quoted(value)}", *names)
        return None

    def word(self, words: Mapping[str, str], *names: str) -> str | None:
        """What one of these words means; None where the field is left out."""
        value = self.get(*names)
        if value is None:
            return None
        if not isinstance(value, str) or value not in words:
            self.refuse(f"must be one of {', '.join(words)}, not {quoted(value)}", *names)
            return None
        return words[value]

    def rest(self, *known: str) -> dict[str, Any]:
        """The fields that are not among these, as they are written."""
        return {key: value for key, value in self.node.config.items() if snake(key) not in known}

    def refuse(self, message: str, *names: str) -> None:
        """Note a problem at a field."""
        self._findings.add(self.at(*names), message)
