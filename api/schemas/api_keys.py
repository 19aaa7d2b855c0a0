"""API keys: what is sent and what comes back. Only the answer to a creation has the key itself."""

from datetime import UTC, datetime
from typing import Literal

from typing_extensions import TypedDict

from api.schemas.common import Name, RequestBody
from api.schemas.times import Moment
from gorax.core.roles import Role
from gorax.store.tables import ApiKey

RoleName = Literal["viewer", "operator", "editor", "admin"]
Status = Literal["active", "expired", "revoked"]


class CreateApiKey(RequestBody):
    """A new key."""

    name: Name
    """What it is for."""
    role: RoleName
    """What it may do; no more than you."""
    expires_at: Moment = None
    """Left out, it is valid until it is revoked."""


class ApiKeyView(TypedDict):
    """A key, without the key itself."""

    id: str
    name: str
    role: RoleName
    prefix: str
    status: Status
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    revoked_by: str | None


class NewApiKeyView(ApiKeyView):
    """A key that has just been made, this once with the key itself."""

    key: str


def api_key_view(row: ApiKey) -> ApiKeyView:
    """The key as the API shows it."""
    return {
        "id": row.id,
        "name": row.name,
        "role": Role(row.role).value,
        "prefix": row.prefix,
        "status": _status(row),
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
        "created_at": row.created_at,
        "created_by": row.created_by,
        "revoked_at": row.revoked_at,
        "revoked_by": row.revoked_by,
    }


def _status(row: ApiKey) -> Status:
    if row.revoked_at is not None:
        return "revoked"
    return "expired" if row.expires_at is not None and row.expires_at <= datetime.now(UTC) else "active"
