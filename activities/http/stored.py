"""What a stored credential means for a request: told by the fields of its value, whatever its type is called."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter, ValidationError

from activities.http.auth import CredentialAuth, KnownAuth
from gorax.core.errors import ErrorType, StepError

DEFAULT_HEADER = "X-API-Key"
"""Where a key goes that does not say."""

_KNOWN: TypeAdapter[KnownAuth] = TypeAdapter(KnownAuth)
_AWS_HOST = re.compile(
    r"(?:.*\.)?(?P<service>[a-z0-9-]+)\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com(?:\.cn)?"
)


def authorization_of(auth: CredentialAuth, value: Mapping[str, Any], url: str) -> KnownAuth:
    """The authorization of a request to `url`. Raises `StepError` of type `credential`, without the value."""
    fields = _fields(auth, value, url)
    if fields is None:
        raise StepError(
            ErrorType.CREDENTIAL, f"the credential {auth.credential!r} is not one that http can use"
        )
    try:
        return _KNOWN.validate_python(fields)
    except ValidationError:
        # Without the cause: its text quotes the fields.
        raise StepError(
            ErrorType.CREDENTIAL, f"the credential {auth.credential!r} is not one that http can use"
        ) from None


def _fields(auth: CredentialAuth, value: Mapping[str, Any], url: str) -> dict[str, Any] | None:
    if "type" in value:
        return dict(value)  # as it would stand in the config
    match value:
        case {"access_key_id": _, "secret_access_key": _}:
            return _aws(auth, value, url)
        case {"token_url": _}:
            return {"type": "oauth2", **value}
        case {"key": key} | {"api_key": key}:
            if query := value.get("query"):
                return {"type": "api_key", "name": query, "value": key, "in": "query"}
            return {"type": "api_key", "name": value.get("header") or DEFAULT_HEADER, "value": key}
        case {"token": token}:
            return {"type": "bearer", "token": token}
        case {"username": username, "password": password, **others} if not others:
            # With a host beside it, it is the password of another server than this one.
            return {"type": "basic", "username": username, "password": password}
    return None


def _aws(auth: CredentialAuth, value: Mapping[str, Any], url: str) -> dict[str, Any]:
    host = _AWS_HOST.fullmatch((urlsplit(url).hostname or "").lower())
    told = host.groupdict() if host else {}
    service = auth.service or told.get("service")
    region = auth.region or told.get("region") or value.get("region")
    if service is None or region is None:
        lacking = "service" if service is None else "region"
        raise StepError(
            ErrorType.VALIDATION,
            f"auth.{lacking}: is required, as the host does not say it: see AWS in the docs",
        )
    return {
        "type": "aws_sigv4",
        "access_key_id": value["access_key_id"],
        "secret_access_key": value["secret_access_key"],
        "session_token": value.get("session_token") or "",
        "region": region,
        "service": service,
    }
