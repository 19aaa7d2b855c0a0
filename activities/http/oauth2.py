"""Access tokens by OAuth 2.0 client credentials (RFC 6749, section 4.4), shared by a worker's steps."""

import asyncio
import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass, replace
from urllib.parse import quote_plus

from activities.http.auth import OAuth2Auth
from activities.http.client import Answer, HttpClient, Manner, Request
from activities.http.url import Url
from gorax.core.actions.declaration import Resource
from gorax.core.encoding import loads
from gorax.core.errors import ErrorType, StepError
from gorax.settings import Settings

MAX_TOKENS = 1_000
"""Tokens that one worker keeps; the one used longest ago goes first."""
EARLY = 30.0
"""Seconds before its expiry at which a token is no longer used."""
ASSUMED_LIFE = 300.0
"""Seconds that a token lives when the server does not say."""
MAX_TOKEN_ANSWER = 64 * 1024
MAX_TOKEN = 16 * 1024


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    expires_at: float


class AccessTokens(Resource):
    """Tokens by tenant and client. Those that wait for the same token share one request."""

    def __init__(self, settings: Settings) -> None:
        del settings  # nothing to configure; every resource is built alike
        self._tokens: OrderedDict[bytes, _Token] = OrderedDict()
        self._locks: dict[bytes, tuple[asyncio.Lock, int]] = {}

    async def close(self) -> None:
        """Forget all tokens."""
        self._tokens.clear()

    async def get(self, tenant_id: str, auth: OAuth2Auth, client: HttpClient, manner: Manner) -> str:
        """A token that is valid now. Raises `StepError` of type `credential` when the server gives none."""
        key = _key(tenant_id, auth)
        if (token := self._valid(key)) is not None:
            return token
        lock, waiting = self._locks.get(key, (asyncio.Lock(), 0))
        self._locks[key] = (lock, waiting + 1)
        try:
            async with lock:
                if (token := self._valid(key)) is not None:
                    return token
                fetched = await _fetch(auth, client, manner)
                self._tokens[key] = fetched
                if len(self._tokens) > MAX_TOKENS:
                    self._tokens.popitem(last=False)
                return fetched.value
        finally:
            lock, waiting = self._locks[key]
            if waiting > 1:
                self._locks[key] = (lock, waiting - 1)
            else:
                del self._locks[key]

    def reject(self, tenant_id: str, auth: OAuth2Auth, token: str) -> None:
        """The token was refused: do not use it again."""
        key = _key(tenant_id, auth)
        if (kept := self._tokens.get(key)) is not None and kept.value == token:
            del self._tokens[key]

    def _valid(self, key: bytes) -> str | None:
        token = self._tokens.get(key)
        if token is None or asyncio.get_running_loop().time() >= token.expires_at:
            return None
        self._tokens.move_to_end(key)
        return token.value


def _key(tenant_id: str, auth: OAuth2Auth) -> bytes:
    # The secret is part of it, hashed: whoever does not know the secret must not profit from the token.
    return hashlib.sha256(f"{tenant_id}\0{auth.model_dump_json()}".encode()).digest()


async def _fetch(auth: OAuth2Auth, client: HttpClient, manner: Manner) -> _Token:
    url = _token_url(auth)
    form = {"grant_type": "client_credentials", "scope": auth.scope, "audience": auth.audience}
    headers = [("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded")]
    if auth.client_auth == "basic":
        pair = f"{quote_plus(auth.client_id)}:{quote_plus(auth.client_secret)}"
        headers.append(("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"))
    else:
        form |= {"client_id": auth.client_id, "client_secret": auth.client_secret}
    body = "&".join(f"{name}={quote_plus(value)}" for name, value in form.items() if value)
    # A token endpoint has no reason to redirect, and the client's secret should not follow.
    manner = replace(manner, max_redirects=None, max_bytes=MAX_TOKEN_ANSWER, wanted=lambda _: True)
    answer = await client.send(Request("POST", url, headers, body.encode()), manner)
    return _token(answer, url)


def _token_url(auth: OAuth2Auth) -> Url:
    try:
        return Url.parse(auth.token_url)
    except ValueError as error:
        raise StepError(ErrorType.VALIDATION, f"auth.token_url: {error}") from error


def _token(answer: Answer, url: Url) -> _Token:
    status = answer.head.status
    try:
        fields = loads(answer.body)
    except ValueError:
        fields = None
    if not isinstance(fields, dict):
        fields = {}
    value = fields.get("access_token")
    if status != 200 or not isinstance(value, str) or not 0 < len(value) <= MAX_TOKEN:
        # Only the error's code, whose characters RFC 6749 limits: anything else could echo the secret.
        code = fields.get("error")
        reason = f": {code}" if isinstance(code, str) and code.isidentifier() and len(code) <= 64 else ""
        raise StepError(
            ErrorType.CREDENTIAL,
            f"no access token from {url.without_query}: it answered {status}{reason}",
            details={"status": status},
            retryable=status == 429 or status >= 500,
        )
    life = fields.get("expires_in")
    seconds = float(life) if isinstance(life, int | float) and 0 < life < 1e9 else ASSUMED_LIFE
    return _Token(value, asyncio.get_running_loop().time() + max(seconds - EARLY, seconds / 2))
