"""Sessions, as Ory Kratos knows them.

Kratos is asked at `/sessions/whoami`, and its answer believed for a little while. When it does not answer, nobody
gets in whom it has not vouched for just before.
"""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Annotated, Any

import httpx
import structlog
from pydantic import AwareDatetime, BaseModel, Field, StrictBool, ValidationError

from api.errors import Forbidden, Unauthenticated
from api.identity import Caller
from api.presented import SESSION_TOKEN_HEADER, Presented
from api.services.away import Away
from api.services.recent import Recent
from gorax.core.errors import GoraxError, Unavailable
from gorax.core.ids import TENANT_ID
from gorax.core.roles import Role
from gorax.settings import KratosSettings

MAX_REMEMBERED = 10_000
"""Sessions, and as many secrets that are none, that a process remembers."""
REFUSED_SECONDS = 5.0
"""The longest that a refusal is remembered."""
MAX_CONNECTIONS = 20
MAX_ANSWER_BYTES = 1_000_000

log = structlog.get_logger("gorax.api")


class _Identity(BaseModel):
    id: Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[\x20-\x7e]+$")]
    state: str = "active"
    """Older versions of Kratos do not tell."""
    metadata_public: Any = None


class _Session(BaseModel):
    id: Annotated[str, Field(max_length=255)]
    active: StrictBool
    expires_at: AwareDatetime
    identity: _Identity


class _Reason(BaseModel):
    code: int | None = None
    id: str | None = None


class _Refusal(BaseModel):
    error: _Reason


class Kratos:
    """Tells who is behind a session. One per API process."""

    def __init__(self, settings: KratosSettings) -> None:
        self._settings = settings
        self._client = httpx.AsyncClient(
            timeout=settings.timeout,
            limits=httpx.Limits(max_connections=MAX_CONNECTIONS, max_keepalive_connections=MAX_CONNECTIONS),
            follow_redirects=False,
            trust_env=False,
        )
        self._address = f"{(settings.url or '').rstrip('/')}/sessions/whoami"
        self._callers: Recent[Caller] = Recent(MAX_REMEMBERED)
        # Apart, so that nobody drives sessions out by inventing some.
        self._refused: Recent[GoraxError] = Recent(MAX_REMEMBERED)
        self._asking: dict[str, asyncio.Task[Caller]] = {}
        self._slots = asyncio.Semaphore(MAX_CONNECTIONS)
        self._away = Away()

    @property
    def configured(self) -> bool:
        """Whether there is a Kratos to ask."""
        return self._settings.url is not None

    async def caller(self, shown: Presented) -> Caller:
        """Who is behind a session, by its token or its cookie.

        Raises `Unauthenticated` when it is none, or no more; `Forbidden` when it lacks a second factor; `Unavailable`
        when Kratos does not say.
        """
        # Secrets are not kept, in memory neither.
        name = sha256(f"{shown.kind} {shown.secret}".encode()).hexdigest()
        if (known := self._callers.get(name)) is not None:
            return known
        if (refusal := self._refused.get(name)) is not None:
            raise type(refusal)(str(refusal))
        task = self._asking.get(name)
        if task is None:
            # All requests of a session that come meanwhile share the answer, also when the first one goes away.
            task = self._asking[name] = asyncio.create_task(self._ask(name, shown))
            task.add_done_callback(lambda done: self._answered(name, done))
        return await asyncio.shield(task)

    async def ping(self, timeout: float) -> None:
        """Ask Kratos who shows nothing; that is nobody. Raises `Unavailable`."""
        try:
            async with asyncio.timeout(timeout):
                answer = await self._client.get(self._address)
        except (httpx.HTTPError, TimeoutError) as error:
            raise Unavailable(f"the identity provider did not answer within {timeout:g} s") from error
        if answer.status_code != 401:
            raise Unavailable(f"the identity provider answers {answer.status_code} instead of 401")

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _answered(self, name: str, task: "asyncio.Task[Caller]") -> None:
        del self._asking[name]
        if not task.cancelled():
            task.exception()  # seen, also where everybody who asked is gone

    async def _ask(self, name: str, shown: Presented) -> Caller:
        if self._away:
            raise Unavailable("the identity provider does not answer; try again")
        status, body = await self._whoami(shown)
        try:
            caller, seconds = self._judge(status, body)
        except (Unauthenticated, Forbidden) as refusal:
            self._refused.keep(name, refusal, min(REFUSED_SECONDS, self._settings.cache_seconds))
            raise
        self._callers.keep(name, caller, min(seconds, self._settings.cache_seconds))
        return caller

    async def _whoami(self, shown: Presented) -> tuple[int, bytes]:
        # What comes packed may be a thousand times as long as what is counted here.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        if shown.kind == "cookie":
            headers["Cookie"] = f"{self._settings.cookie}={shown.secret}"
        else:
            headers[SESSION_TOKEN_HEADER] = shown.secret
        try:
            async with asyncio.timeout(self._settings.timeout):
                await self._slots.acquire()
        except TimeoutError as error:
            # Many ask for sessions that nobody knows: that says nothing of Kratos, and nothing of the next one.
            raise Unavailable("the identity provider is busy; try again") from error
        try:
            # The client's own limit begins again with each piece that arrives.
            async with asyncio.timeout(self._settings.timeout):
                async with self._client.stream("GET", self._address, headers=headers) as answer:
                    body = bytearray()
                    async for piece in answer.aiter_raw():
                        body += piece
                        if len(body) > MAX_ANSWER_BYTES:
                            raise Unavailable("the identity provider's answer is too long")
                    return answer.status_code, bytes(body)
        except (httpx.HTTPError, TimeoutError) as error:
            self._away.noticed()
            raise Unavailable("the identity provider does not answer; try again") from error
        finally:
            self._slots.release()

    def _judge(self, status: int, body: bytes) -> tuple[Caller, float]:
        """Who it is, and for how many seconds that is so."""
        refusal = _refusal(body) if status in {401, 403} else None
        if status == 401 and refusal is not None and refusal.code == 401:
            raise Unauthenticated("the session is not valid, or has ended: log in again")
        if status == 403 and refusal is not None and refusal.id == "session_aal2_required":
            raise Forbidden("the session needs a second factor: log in with it")
        if status != 200:
            raise Unavailable(f"the identity provider answers {status}; try again")
        try:
            session = _Session.model_validate_json(body)
        except ValidationError as error:
            raise Unavailable("the identity provider's answer is not a session") from error
        seconds = (session.expires_at - datetime.now(UTC)).total_seconds()
        if not session.active or seconds <= 0 or session.identity.state != "active":
            raise Unauthenticated("the session is not valid, or has ended: log in again")
        return _caller(session), seconds


def _refusal(body: bytes) -> _Reason | None:
    """Kratos' own word on the session; None for that of something between us and it."""
    try:
        return _Refusal.model_validate_json(body).error
    except ValidationError:
        return None


def _caller(session: _Session) -> Caller:
    # Traits are what users write about themselves; nobody but Kratos' administrators writes this.
    metadata = session.identity.metadata_public
    metadata = metadata if isinstance(metadata, dict) else {}
    return Caller(
        user_id=session.identity.id,
        via="session",
        via_id=session.id,
        tenants=_memberships(session.identity.id, metadata.get("tenants")),
        platform_admin=metadata.get("platform_admin") is True,
    )


def _memberships(user_id: str, given: object) -> Mapping[str, Role]:
    tenants: dict[str, Role] = {}
    for tenant_id, role in given.items() if isinstance(given, dict) else ():
        if TENANT_ID.fullmatch(tenant_id) and isinstance(role, str) and role in Role.__members__:
            tenants[tenant_id] = Role(role)
        else:
            log.warning(
                "a membership is not understood and does not count", user_id=user_id, tenant=tenant_id
            )
    return MappingProxyType(tenants)
