"""API keys. Only `NewApiKey` has the key itself."""

from datetime import datetime
from typing import Literal

from gorax.client.models.common import Model

Role = Literal["viewer", "operator", "editor", "admin"] | str


class ApiKey(Model):
    """A key, without the key itself."""

    id: str
    name: str
    role: Role
    prefix: str
    status: Literal["active", "expired", "revoked"] | str
    expires_at: datetime | None
    last_used_at: datetime | None
    created_at: datetime
    created_by: str
    revoked_at: datetime | None
    revoked_by: str | None


class NewApiKey(ApiKey):
    """A key that has just been made, this once with the key itself."""

    key: str
