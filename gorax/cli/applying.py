"""Making what a server has be what a file says."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from gorax.cli.exits import Wrong
from gorax.cli.files import to_yaml
from gorax.cli.named import find
from gorax.cli.workflow_files import written
from gorax.client import Gorax
from gorax.client.models.workflows import Workflow

Outcome = Literal["created", "updated", "unchanged"]


@dataclass(frozen=True)
class Plan:
    """What a file would change."""

    wanted: Mapping[str, Any]
    current: Workflow | None
    """None where the workflow is not there yet."""

    @property
    def outcome(self) -> Outcome:
        """What applying it does."""
        if self.current is None:
            return "created"
        return "updated" if self.changes else "unchanged"

    @property
    def changes(self) -> dict[str, Any]:
        """The fields that differ."""
        now = {} if self.current is None else written(self.current)
        return {name: value for name, value in self._fields.items() if name not in now or now[name] != value}

    @property
    def _fields(self) -> dict[str, Any]:
        return {name: value for name, value in self.wanted.items() if name not in ("id", "changes")}

    def diff(self) -> list[str]:
        """The lines that differ, as YAML."""
        now = {} if self.current is None else written(self.current)
        before = {name: now[name] for name in self._fields if name in now}
        name = self.wanted.get("name") or (self.current.name if self.current else "")
        return list(
            difflib.unified_diff(
                to_yaml(before).splitlines() if before else [],
                to_yaml(self._fields).splitlines(),
                f"{name} (server)",
                f"{name} (file)",
                lineterm="",
            )
        )

    def apply(self, gorax: Gorax) -> Workflow:
        """Do it; the workflow as it then is."""
        remark: Any = {"changes": self.wanted["changes"]} if self.wanted.get("changes") else {}
        if self.current is None:
            if "name" not in self.wanted:
                raise Wrong("a new workflow needs a name")
            new: Any = self._fields
            return gorax.workflows.create(**new, **remark)
        changes: Any = self.changes
        return gorax.workflows.update(self.current.id, **changes, **remark) if changes else self.current


def plan(gorax: Gorax, wanted: Mapping[str, Any]) -> Plan:
    """What applying would change: of the workflow of that `id`, or else of that `name`. Raises `Wrong`."""
    if id_ := wanted.get("id"):
        return Plan(wanted, gorax.workflows.get(str(id_)))
    name = wanted.get("name")
    if not isinstance(name, str):
        raise Wrong("name: is required, or the id of a workflow that is there")
    return Plan(wanted, find(gorax.workflows.iterate(), name))
