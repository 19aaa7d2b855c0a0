"""A real HTTP server that speaks Ory Kratos' protocol at `/sessions/whoami`, and fails in every way it can."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from tests.support.receiver import Receiver, Reply, Request

COOKIE = "ory_kratos_session"
WHOAMI = "/sessions/whoami"
UNAUTHORIZED = {
    "error": {
        "code": 401,
        "status": "Unauthorized",
        "reason": "No valid session credentials found in the request.",
        "message": "The request could not be authorized",
    }
}
_SECOND_FACTOR = {
    "error": {
        "id": "session_aal2_required",
        "code": 403,
        "status": "Forbidden",
        "reason": "Session does not fulfill the requested Authenticator Assurance Level",
        "message": "The requested action was forbidden",
    }
}


@dataclass
class Person:
    """Somebody with a session: by `token` in a header, by `cookie` in a browser."""

    metadata: Any
    """What Kratos' administrators wrote about them."""
    traits: Mapping[str, Any] = field(default_factory=dict)
    """What they wrote themselves."""
    id: str = field(default_factory=lambda: str(uuid4()))
    session_id: str = field(default_factory=lambda: str(uuid4()))
    token: str = field(default_factory=lambda: f"ory_st_{secrets.token_urlsafe(24)}")
    cookie: str = field(default_factory=lambda: secrets.token_urlsafe(48))
    expires_at: datetime = field(default_factory=lambda: datetime.now(UTC) + timedelta(hours=1))
    active: bool = True
    state: str = "active"
    second_factor_missing: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """What a program of theirs sends."""
        return {"X-Session-Token": self.token}

    @property
    def cookies(self) -> dict[str, str]:
        """What their browser sends."""
        return {COOKIE: self.cookie}

    def session(self) -> dict[str, Any]:
        """The session as Kratos answers it."""
        now = datetime.now(UTC).isoformat()
        return {
            "id": self.session_id,
            "active": self.active,
            # Kratos is written in Go, whose clocks have nine digits.
            "expires_at": f"{self.expires_at:%Y-%m-%dT%H:%M:%S}.123456789Z",
            "authenticated_at": now,
            "issued_at": now,
            "authenticator_assurance_level": "aal1",
            "authentication_methods": [{"method": "password", "aal": "aal1", "completed_at": now}],
            "identity": {
                "id": self.id,
                "schema_id": "default",
                "schema_url": "http://kratos/schemas/default",
                "state": self.state,
                "traits": dict(self.traits),
                "metadata_public": self.metadata,
                "created_at": now,
                "updated_at": now,
            },
            "devices": [],
        }


class FakeKratos(Receiver):
    """An async context manager; `people` may log in and out, and `failure` is answered instead of the truth."""

    def __init__(self) -> None:
        super().__init__()
        self.people: list[Person] = []
        self.failure: Reply | None = None
        self.gate: asyncio.Event | None = None
        """Nothing is answered before the test has set this."""

    def login(self, metadata: Any = None, **more: Any) -> Person:
        """Somebody new, with a session."""
        person = Person(metadata, **more)
        self.people.append(person)
        return person

    def member(self, **tenants: str) -> Person:
        """Somebody new who is in these tenants, by role."""
        return self.login({"tenants": tenants})

    def logout(self, person: Person) -> None:
        """End a session."""
        self.people.remove(person)

    @property
    def asked(self) -> int:
        """How often it was asked who somebody is."""
        return len(self.received(WHOAMI))

    def _reply_to(self, request: Request) -> Reply:
        if self.failure is not None:
            return self.failure
        if request.method != "GET" or request.path != WHOAMI:
            return Reply(status=404, json={"error": {"code": 404, "status": "Not Found"}})
        for person in self.people:
            if self._is_of(person, request):
                return Reply(
                    status=403 if person.second_factor_missing else 200,
                    json=_SECOND_FACTOR if person.second_factor_missing else person.session(),
                    headers={"X-Kratos-Authenticated-Identity-Id": person.id},
                    gate=self.gate,
                )
        return Reply(status=401, json=UNAUTHORIZED, gate=self.gate)

    def _is_of(self, person: Person, request: Request) -> bool:
        if "x-session-token" in request.headers:
            return request.headers["x-session-token"] == person.token
        if "authorization" in request.headers:
            return request.headers["authorization"] == f"Bearer {person.token}"
        pairs = [pair.strip() for pair in request.headers.get("cookie", "").split(";")]
        return f"{COOKIE}={person.cookie}" in pairs


def body(value: Any) -> Reply:
    """A 200 with this as its body, whatever it is."""
    return Reply(
        body=value if isinstance(value, bytes) else json.dumps(value).encode(),
        headers={"content-type": "application/json"},
    )
