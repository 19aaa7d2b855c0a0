"""Workflows."""

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from gorax.client.models.common import DefinitionProblem, Model, Problem


class Workflow(Model):
    """A workflow as it is now."""

    id: str
    tenant_id: str
    name: str
    description: str
    enabled: bool
    version: int
    definition: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    created_by: str
    updated_by: str
    warnings: list[Problem] = Field(default_factory=list)
    """After a save: what in the definition is unreachable or suspicious."""


class RestoredWorkflow(Workflow):
    """A workflow after an old version became its newest."""

    restored_from: int


class VersionSummary(Model):
    """Who saved a version, when, and why."""

    version: int
    created_at: datetime
    created_by: str
    changes: str | None = None
    restored_from: int | None = None


class Version(VersionSummary):
    """A workflow as one save left it."""

    name: str
    description: str
    enabled: bool
    definition: dict[str, Any]


class NotDeleted(Model):
    """A workflow that could not be deleted, and why."""

    id: str
    error: str


class BulkDeleted(Model):
    """What became of each workflow."""

    deleted: list[str]
    failed: list[NotDeleted]
    deleted_count: int
    failed_count: int


class DryRunStep(Model):
    """What would happen to one action."""

    action_id: str
    type: str
    path: str
    result: Literal["success", "would_run", "skipped", "unknown", "error"] | str
    condition: bool | None = None
    """What its condition gave."""
    input: Any = None
    """Its config, rendered as far as it is known."""
    output: Any = None
    message: str | None = None


class DryRun(Model):
    """What would happen if the workflow were started with the test data."""

    valid: bool
    """Nothing is known to go wrong: there are no `errors`."""
    steps: list[DryRunStep] = Field(default_factory=list)
    output: Any = None
    warnings: list[DefinitionProblem] = Field(default_factory=list)
    errors: list[DefinitionProblem] = Field(default_factory=list)
    execution_time_ms: int = 0
