"""Ids in paths. What cannot be an id is not found, like an id that nobody has, or that somebody else has."""

import re
from typing import Annotated

from fastapi import Path

from gorax.core.errors import NotFound

WorkflowId = Annotated[str, Path(alias="workflowID", description="Workflow identifier")]
ExecutionId = Annotated[str, Path(alias="executionID", description="Execution identifier")]
CredentialId = Annotated[str, Path(alias="credentialID", description="Credential identifier")]
ApprovalId = Annotated[str, Path(alias="approvalID", description="Approval identifier")]
KeyId = Annotated[str, Path(alias="keyID", description="API key identifier")]
TenantId = Annotated[str, Path(alias="tenantID", description="Tenant identifier")]
WebhookId = Annotated[str, Path(alias="webhookID", description="Webhook identifier")]
EventId = Annotated[str, Path(alias="eventID", description="Event identifier")]
ScheduleId = Annotated[str, Path(alias="scheduleID", description="Schedule identifier")]
VersionNumber = Annotated[
    str, Path(description="Version number", json_schema_extra={"type": "integer", "minimum": 1})
]

_VERSION = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def version_number(text: str) -> int:
    """The version that `text` names. Raises `NotFound` when there can be none."""
    if not _VERSION.fullmatch(text):
        raise NotFound("version not found")
    return int(text)
