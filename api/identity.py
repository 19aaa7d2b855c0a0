"""Who a request comes from."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a user is, in the words of the original product."""

    admin = "admin"
    editor = "editor"
    operator = "operator"
    viewer = "viewer"


@dataclass(frozen=True, slots=True)
class Identity:
    """The user behind a request and the tenant it is for."""

    tenant_id: str
    user_id: str
    role: Role
