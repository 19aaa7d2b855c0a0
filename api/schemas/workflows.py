"""Workflows: what is sent and what comes back."""

from datetime import datetime
from typing import Annotated, Any, NotRequired, Self

from pydantic import BaseModel, Field, GetJsonSchemaHandler, WithJsonSchema, model_validator
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema
from typing_extensions import TypedDict

from api.schemas.common import Description, FieldProblem, JsonObject, Name, Note, RequestBody
from gorax.core.definition import Definition
from gorax.store.tables import Workflow, WorkflowVersion


class _DescribedBy:
    """Documents a field by a model that does not validate it."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._model = model

    def __get_pydantic_json_schema__(self, _: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return handler(self._model.__pydantic_core_schema__)


# Validated by the language itself, which knows more than a schema can say.
AuthoredDefinition = Annotated[Any, _DescribedBy(Definition)]
AnyJson = Annotated[Any, WithJsonSchema({"description": "Any JSON value."})]


class CreateWorkflow(RequestBody):
    """A new workflow."""

    name: Name
    description: Description | None = None
    enabled: bool = True
    definition: AuthoredDefinition
    changes: Note | None = None
    """A remark that the first version keeps."""


class UpdateWorkflow(RequestBody):
    """What changes; a field left out stays as it is."""

    name: Name = ""
    description: Description | None = None
    enabled: bool = True
    definition: AuthoredDefinition = None
    changes: Note | None = None
    """A remark that the new version keeps."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set & {"name", "description", "enabled", "definition"}:
            raise ValueError("must have at least one of name, description, enabled, definition")
        return self


class BulkDelete(RequestBody):
    """The workflows to delete."""

    workflow_ids: Annotated[list[str], Field(min_length=1, max_length=100)]
    """Those that are no workflow of the tenant's are reported, not refused."""


class DryRunRequest(RequestBody):
    """What the trigger would bring."""

    test_data: AnyJson = Field(default_factory=dict)
    """Stands for `trigger.body`."""


class WorkflowView(TypedDict):
    """A workflow as it is now."""

    id: str
    tenant_id: str
    name: str
    description: str
    enabled: bool
    version: int
    definition: JsonObject
    created_at: datetime
    updated_at: datetime
    created_by: str
    updated_by: str
    warnings: NotRequired[
        Annotated[
            list[FieldProblem],
            Field(description="After a save: what in the definition is unreachable or suspicious."),
        ]
    ]


class VersionSummary(TypedDict):
    """Who saved a version, when, and why."""

    version: int
    created_at: datetime
    created_by: str
    changes: NotRequired[str]
    restored_from: NotRequired[int]


class VersionView(VersionSummary):
    """A workflow as one save left it."""

    name: str
    description: str
    enabled: bool
    definition: JsonObject


class RestoredView(WorkflowView):
    """A workflow after an old version became its newest."""

    restored_from: int


class NotDeleted(TypedDict):
    """A workflow that could not be deleted, and why."""

    id: str
    error: str


class BulkDeleted(TypedDict):
    """What became of each workflow."""

    deleted: list[str]
    failed: list[NotDeleted]
    deleted_count: int
    failed_count: int


def workflow_view(row: Workflow) -> WorkflowView:
    """The workflow as the API shows it."""
    return {
        "id": row.id,
        "tenant_id": row.tenant_id,
        "name": row.name,
        "description": row.description,
        "enabled": row.enabled,
        "version": row.version,
        "definition": row.definition,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
    }


def version_summary(row: WorkflowVersion) -> VersionSummary:
    """The version as lists show it."""
    view: VersionSummary = {
        "version": row.version,
        "created_at": row.created_at,
        "created_by": row.created_by,
    }
    if row.changes is not None:
        view["changes"] = row.changes
    if row.restored_from is not None:
        view["restored_from"] = row.restored_from
    return view


def version_view(row: WorkflowVersion) -> VersionView:
    """The version whole."""
    return {
        **version_summary(row),
        "name": row.name,
        "description": row.description,
        "enabled": row.enabled,
        "definition": row.definition,
    }
