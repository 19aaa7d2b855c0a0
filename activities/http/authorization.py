"""Puts the authorization that a config asks for on each request."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, replace

from activities.http.auth import ApiKeyAuth, AwsAuth, BasicAuth, BearerAuth, KnownAuth, OAuth2Auth
from activities.http.aws import sign
from activities.http.client import Answer, Authorize, HttpClient, Manner, Request
from activities.http.oauth2 import AccessTokens
from gorax.core.masking import Mask


@dataclass(frozen=True)
class Authorization:
    """The authorization of one call."""

    auth: KnownAuth | None
    tenant_id: str
    client: HttpClient
    tokens: AccessTokens
    mask: Mask
    """Told of every secret before it is used."""

    async def send(self, request: Request, manner: Manner) -> Answer:
        """The answer to the request, sent with authorization. Raises `StepError`."""
        auth = self.auth
        if not isinstance(auth, OAuth2Auth):
            return await self.client.send(request, manner, _fixed(auth))
        answer, token = await self._send_with_token(auth, request, manner)
        if answer.head.status == 401:
            # The token may have been revoked. A request refused with 401 has not been carried out.
            self.tokens.reject(self.tenant_id, auth, token)
            answer, _ = await self._send_with_token(auth, request, manner)
        return answer

    async def _send_with_token(
        self, auth: OAuth2Auth, request: Request, manner: Manner
    ) -> tuple[Answer, str]:
        token = await self.tokens.get(self.tenant_id, auth, self.client, manner)
        self.mask.add(token)
        answer = await self.client.send(request, manner, _header("Authorization", f"Bearer {token}"))
        return answer, token


def secrets_of(auth: KnownAuth | None) -> Iterator[str]:
    """What must not be seen in outputs and errors."""
    if isinstance(auth, BearerAuth):
        yield auth.token
    elif isinstance(auth, BasicAuth):
        yield auth.password
        yield _basic(auth).removeprefix("Basic ")
    elif isinstance(auth, ApiKeyAuth):
        yield auth.value
    elif isinstance(auth, OAuth2Auth):
        yield auth.client_secret
    elif isinstance(auth, AwsAuth):
        yield auth.secret_access_key
        yield auth.session_token


def _fixed(auth: KnownAuth | None) -> Authorize | None:
    if isinstance(auth, BearerAuth):
        return _header("Authorization", f"Bearer {auth.token}")
    if isinstance(auth, BasicAuth):
        return _header("Authorization", _basic(auth))
    if isinstance(auth, ApiKeyAuth):
        if auth.in_ == "header":
            return _header(auth.name, auth.value)
        name, value = auth.name, auth.value
        return lambda request: replace(request, url=request.url.with_parameter(name, value))
    if isinstance(auth, AwsAuth):
        keys = auth
        return lambda request: sign(request, keys)
    return None


def _header(name: str, value: str) -> Authorize:
    def authorize(request: Request) -> Request:
        others = [(key, text) for key, text in request.headers if key.lower() != name.lower()]
        return replace(request, headers=[*others, (name, value)])

    return authorize


def _basic(auth: BasicAuth) -> str:
    return f"Basic {base64.b64encode(f'{auth.username}:{auth.password}'.encode()).decode()}"
