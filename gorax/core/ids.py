"""Identifiers: a prefix that names the noun, then a UUIDv7 in base32, so that ids sort by creation time."""

import re
from uuid import UUID

from uuid_utils.compat import uuid7

# Crockford's alphabet in lower case: it sorts like the bits it stands for, and has no i, l, o, u to misread.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_LENGTH = 26

WORKFLOW = "wf"
EXECUTION = "exec"
REQUEST = "req"
APPROVAL = "appr"
WAIT = "wait"
SIGNAL = "sig"
CREDENTIAL = "cred"
CREDENTIAL_ACCESS = "acc"
SCHEDULE = "sch"
TENANT = "tenant"
API_KEY = "key"
AUDIT_ENTRY = "aud"
WEBHOOK = "wh"
WEBHOOK_EVENT = "evt"

TENANT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""What a tenant may be called: it becomes part of Temporal workflow ids, where `:` separates."""

# What a schedule of our own starts has a time in its id, with colons between digits.
_TENANTS_OWN = re.compile(rf"(?P<tenant>{TENANT_ID.pattern}):[a-z]+_")


def new_id(prefix: str) -> str:
    """A new identifier such as `exec_06b8s5k…`; later ones of one process sort after earlier ones."""
    return id_of(prefix, uuid7())


def id_of(prefix: str, unique: UUID) -> str:
    """The identifier that stands for a UUID made elsewhere, such as by a workflow's own source of them."""
    number = unique.int
    text = "".join(_ALPHABET[number >> shift & 31] for shift in range(5 * (_LENGTH - 1), -1, -5))
    return f"{prefix}_{text}"


def temporal_workflow_id(tenant_id: str, execution_id: str) -> str:
    """The id of the Temporal workflow that runs an execution.

    It carries the tenant, so that an execution id in another tenant's hands addresses nothing.
    """
    return f"{tenant_id}:{execution_id}"


def temporal_schedule_id(tenant_id: str, schedule_id: str) -> str:
    """The id of the schedule of Temporal's that makes one of ours run; see `temporal_workflow_id`."""
    return f"{tenant_id}:{schedule_id}"


def tenant_of(workflow_id: str) -> str | None:
    """The tenant of a Temporal workflow; None of one that belongs to no tenant, such as maintenance."""
    found = _TENANTS_OWN.match(workflow_id)
    return None if found is None else found["tenant"]


def execution_part(workflow_id: str) -> str:
    """The id of an execution's own Temporal workflow, of which the batches of its loops have theirs within."""
    return workflow_id.partition("/")[0]


def execution_of(workflow_id: str) -> tuple[str, str]:
    """The tenant and the id of the execution that a Temporal workflow, its own or a batch's, is of."""
    # What a schedule began has a time in its id, with further colons.
    tenant_id, _, execution_id = execution_part(workflow_id).partition(":")
    return tenant_id, execution_id
