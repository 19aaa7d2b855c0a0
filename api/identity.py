"""Who a request comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from gorax.core.roles import Role

Via = Literal["headers", "session", "key"]
"""How somebody proved who they are: not at all (in development), by a session, by an API key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """The user, or machine, behind a request, and where they may go."""

    user_id: str
    """Of a machine, the id of its API key."""
    via: Via
    via_id: str | None = None
    """Of the session or key."""
    tenants: Mapping[str, Role] = field(default_factory=dict)
    platform_admin: bool = False


@dataclass(frozen=True, slots=True)
class Identity:
    """The user behind a request and the tenant it is for."""

    tenant_id: str
    user_id: str
    role: Role
    via: Via
