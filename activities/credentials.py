"""Stored credentials, as connectors ask for them."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from gorax.core.actions.declaration import Resource
from gorax.core.errors import ErrorType, StepError
from gorax.settings import Settings

_REFERENCE = re.compile(r"\{\{\s*credentials\s*[.\[]\s*['\"]?([A-Za-z0-9_-]{1,255})")


class Credentials(Resource):
    """The credentials of all tenants. This deployment stores none, so every name is unknown."""

    def __init__(self, settings: Settings) -> None:
        del settings  # every resource is built alike

    async def close(self) -> None:
        """Nothing is held."""

    async def fields(self, tenant_id: str, name: str) -> Mapping[str, Any]:  # noqa: ARG002 - no tenant has any
        """The fields of a tenant's credential. Raises `StepError` of type `credential` when there is none."""
        raise StepError(ErrorType.CREDENTIAL, f"no credential named {name!r}")


def first_reference(value: Any) -> str | None:
    """The name in the first `{{credentials.NAME…}}` anywhere inside `value`; None without one."""
    pending = [value]
    while pending:
        current = pending.pop()
        if isinstance(current, str):
            if "{{" in current and (match := _REFERENCE.search(current)):
                return match[1]
        elif isinstance(current, dict):
            pending += current.values()
        elif isinstance(current, list):
            pending += current
        elif isinstance(current, BaseModel):
            pending += [field for _, field in current]
    return None
