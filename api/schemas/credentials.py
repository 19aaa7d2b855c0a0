"""Credentials: what is sent and what comes back. Only one view has a value."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from typing_extensions import TypedDict

from api.schemas.common import Description, JsonObject, Name, RequestBody
from api.schemas.times import From, Moment, To
from gorax.core.durations import parse_duration
from gorax.store.tables import Credential, CredentialAccess, CredentialVersion

DEFAULT_GRACE = 86_400.0
"""Seconds that a value stays valid after its rotation."""
MAX_GRACE = 30 * 86_400.0
SOON = timedelta(days=14)
"""How long before its expiry a credential is marked in lists."""

Status = Literal["active", "expiring", "expired"]
VersionStatus = Literal["current", "grace", "ended"]


def _grace(value: object) -> float:
    seconds = parse_duration(value)
    if seconds > MAX_GRACE:
        raise ValueError("must be at most 30 days")
    return seconds


_VISIBLE = r"[^\s\x00-\x1f\x7f]"
Type = Annotated[
    str, Field(min_length=1, max_length=64, pattern=rf"^{_VISIBLE}([^\x00-\x1f\x7f]*{_VISIBLE})?$")
]
Value = Annotated[JsonObject, Field(min_length=1, max_length=100)]


class CreateCredential(RequestBody):
    """A new credential."""

    name: Name
    """Unique in the tenant: definitions call it by this."""
    type: Type
    """`api_key`, `bearer_token`, `basic_auth`, `oauth2`, `aws`, `smtp`, `postgres` or `slack`, whose values have a
    form; any other type, such as `custom`, holds any object."""
    description: Description | None = None
    value: Value
    """Stored encrypted."""
    expires_at: Moment = None


class UpdateCredential(RequestBody):
    """What changes; a field left out stays as it is. A new value is a rotation."""

    name: Name = ""
    description: Description | None = None
    expires_at: Moment = None
    """Of the current value; null for never."""

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must have at least one of name, description, expires_at")
        return self


class RotateCredential(RequestBody):
    """A new value."""

    new_value: Value
    grace_period: Annotated[
        float,
        BeforeValidator(_grace),
        WithJsonSchema(
            {"anyOf": [{"type": "number", "minimum": 0, "maximum": MAX_GRACE}, {"type": "string"}]}
        ),
    ] = DEFAULT_GRACE
    """How long the value before stays valid for executions that began with it, such as `"24h"`, the default; `0` for
    not at all, 30 days at most."""
    expires_at: Moment = None
    """Of the new value; left out, it does not expire."""


class DeleteQuery(BaseModel):
    """Whether to delete what is still used."""

    model_config = ConfigDict(extra="forbid")

    force: bool = Field(
        default=False, description="Delete it although workflows use it: their steps will fail."
    )


class LogQuery(BaseModel):
    """Which part of the log is wanted."""

    model_config = ConfigDict(extra="forbid")

    from_: From = Field(default=None, alias="from", description="Only accesses since this time.")
    to: To = Field(default=None, description="Only accesses before this time.")


class CredentialView(TypedDict):
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
    status: Status
    warning: str | None
    created_by: str
    updated_by: str


class ValueView(TypedDict):
    """A credential's value."""

    id: str
    version: int
    value: JsonObject


class RotatedView(TypedDict):
    """What a rotation made."""

    id: str
    version: int
    rotated_at: datetime


class CredentialVersionView(TypedDict):
    """One value that a credential has, or had: when, and by whom."""

    version: int
    status: VersionStatus
    created_at: datetime
    created_by: str
    superseded_at: datetime | None
    valid_until: datetime | None
    key_id: str | None


class AccessView(TypedDict):
    """That somebody read a value, or was refused."""

    id: str
    credential_id: str | None
    name: str
    version: int | None
    at: datetime
    outcome: Literal["granted", "refused"]
    reason: str | None
    via: Literal["api", "step"]
    user_id: str | None
    address: str | None
    request_id: str | None
    execution_id: str | None
    path: str | None
    attempt: int | None


def credential_view(row: Credential) -> CredentialView:
    """The credential as the API shows it."""
    status, warning = _expiry(row, datetime.now(UTC))
    return {
        "id": row.id,
        "name": row.name,
        "type": row.type,
        "description": row.description,
        "version": row.version,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "last_rotated": row.rotated_at,
        "expires_at": row.expires_at,
        "status": status,
        "warning": warning,
        "created_by": row.created_by,
        "updated_by": row.updated_by,
    }


def _expiry(row: Credential, now: datetime) -> tuple[Status, str | None]:
    if row.expires_at is None or row.expires_at > now + SOON:
        return "active", None
    if row.expires_at <= now:
        return "expired", "has expired: steps that use it fail until it is rotated"
    days = (row.expires_at - now).days
    when = f"in {days} days" if days > 1 else "tomorrow" if days == 1 else "within a day"
    return "expiring", f"expires {when}: rotate it before"


def version_view(row: CredentialVersion) -> CredentialVersionView:
    """The version as the API shows it."""
    status: VersionStatus = "current"
    if row.valid_until is not None:
        status = "grace" if row.valid_until > datetime.now(UTC) else "ended"
    return {
        "version": row.version,
        "status": status,
        "created_at": row.created_at,
        "created_by": row.created_by,
        "superseded_at": row.superseded_at,
        "valid_until": row.valid_until,
        "key_id": row.key_id,
    }


def access_view(row: CredentialAccess) -> dict[str, Any]:
    """The entry as the API shows it: an `AccessView`."""
    return {name: getattr(row, name) for name in AccessView.__annotations__}
