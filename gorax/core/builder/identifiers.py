"""Ids of actions for nodes, whose ids may be any text."""

import re
from collections.abc import Iterable

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}", re.ASCII)
_FOREIGN = re.compile(r"[^A-Za-z0-9_-]+", re.ASCII)
_LONGEST = 56
"""Characters of a made-up id, which leaves room for what keeps it apart from others."""


class Identifiers:
    """Ids of one definition: those that can stay do, the others are made from the node's in order."""

    def __init__(self, node_ids: Iterable[str]) -> None:
        wanted = list(node_ids)
        self._taken = {node_id for node_id in wanted if _IDENTIFIER.fullmatch(node_id)}
        self._of = {
            node_id: node_id if node_id in self._taken else self.new(_slug(node_id)) for node_id in wanted
        }

    def of(self, node_id: str) -> str:
        """The action id of a node."""
        return self._of[node_id]

    def new(self, wanted: str) -> str:
        """An id that nothing has yet, as close to the wanted one as can be."""
        found, number = wanted[:_LONGEST], 2
        while found in self._taken:
            found = f"{wanted[:_LONGEST]}_{number}"
            number += 1
        self._taken.add(found)
        return found


def _slug(text: str) -> str:
    slug = _FOREIGN.sub("_", text).strip("_") or "node"
    return slug if slug[0].isalpha() else f"n_{slug}"
