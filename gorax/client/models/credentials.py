"""Credentials. Only `CredentialValue` has one."""

from datetime import datetime
from typing import Any, Literal

from gorax.client.models.common import Model


class Credential(Model):
    """A credential, without its value."""

    id: str
    name: str
    type: str
    description: str
    version: int
    created_at: datetime
    updated_at: datetime
    last_rotated: datetime
    expires_at: datetime | None
    status: Literal["active", "expiring", "expired"] | str
    warning: str | None
    created_by: str
    updated_by: str


class CredentialValue(Model):
    """A credential's value; not shown where it is printed."""

    id: str
    version: int
    value: dict[str, Any]

    def __repr__(self) -> str:
        return f"CredentialValue(id={self.id!r}, version={self.version})"

    __str__ = __repr__


class RotatedCredential(Model):
    """What a rotation made."""

    id: str
    version: int
    rotated_at: datetime


class CredentialVersion(Model):
    """One value that a credential has, or had: when, and by whom."""

    version: int
    status: Literal["current", "grace", "ended"] | str
    created_at: datetime
    created_by: str
    superseded_at: datetime | None
    valid_until: datetime | None
    key_id: str | None


class CredentialAccess(Model):
    """That somebody read a value, or was refused."""

    id: str
    credential_id: str | None
    name: str
    version: int | None
    at: datetime
    outcome: Literal["granted", "refused"] | str
    reason: str | None
    via: Literal["api", "step"] | str
    user_id: str | None
    address: str | None
    request_id: str | None
    execution_id: str | None
    path: str | None
    attempt: int | None
