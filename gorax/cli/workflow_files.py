"""Workflows in files: what a file may say, and how what a server has is written into one."""

from typing import Any

from gorax.cli.exits import Wrong
from gorax.cli.files import read_documents
from gorax.client.models.workflows import Workflow

FIELDS = frozenset({"id", "name", "description", "enabled", "definition", "changes"})
"""What a file may say of a workflow; the rest of what the API shows of one is left alone."""
SHOWN = frozenset(
    {"tenant_id", "version", "created_at", "updated_at", "created_by", "updated_by", "warnings"}
)


def read_workflows(path: str) -> list[dict[str, Any]]:
    """What a file says of workflows, one in each of its documents. Raises `Wrong`."""
    return [workflow_of(document, path) for document in read_documents(path)]


def read_workflow(path: str) -> dict[str, Any]:
    """The same of a file that has one. Raises `Wrong`."""
    found = read_workflows(path)
    if len(found) > 1:
        raise Wrong(f"{path} has {len(found)} workflows, and one is meant")
    return found[0]


def written(workflow: Workflow) -> dict[str, Any]:
    """What a file says of a workflow that a server has."""
    return {
        "name": workflow.name,
        "description": workflow.description,
        "enabled": workflow.enabled,
        "definition": workflow.definition,
    }


def workflow_of(document: Any, path: str) -> dict[str, Any]:
    """What a file says of a workflow: its fields, or a definition alone. Raises `Wrong`."""
    if not isinstance(document, dict):
        raise Wrong(f"{path}: a workflow is an object with name and definition")
    if "definition" not in document and ("actions" in document or "nodes" in document):
        return {"definition": document}
    if unknown := sorted(document.keys() - FIELDS - SHOWN):
        raise Wrong(
            f"{path}: {unknown[0]} is nothing that a workflow has; known are {', '.join(sorted(FIELDS))}"
        )
    if "definition" not in document:
        raise Wrong(f"{path}: definition is required")
    return {name: value for name, value in document.items() if name in FIELDS}
