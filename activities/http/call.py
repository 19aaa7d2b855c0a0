"""One run of the `http` action: its config made ready, its requests sent, its output put together."""

from dataclasses import dataclass, replace
from typing import Any

from activities.http.assembly import manner_of, request_of
from activities.http.auth import CredentialAuth, KnownAuth
from activities.http.authorization import Authorization, secrets_of
from activities.http.client import SAFE_METHODS, Answer, HttpClient, Manner, Request, for_strangers
from activities.http.config import HttpConfig
from activities.http.decoding import body_value
from activities.http.failures import status_failure, texts
from activities.http.oauth2 import AccessTokens
from activities.http.pagination import Collected, Pagination, add_page, first_url
from activities.http.stored import authorization_of
from activities.http.url import Url
from gorax.core.actions.declaration import EffectCall
from gorax.core.masking import Mask


@dataclass(frozen=True, slots=True)
class HttpCall:
    """A config made ready to be sent."""

    config: HttpConfig
    request: Request
    manner: Manner
    authorization: Authorization
    mask: Mask

    @classmethod
    async def prepare(cls, config: HttpConfig, call: EffectCall, user_agent: str, mask: Mask) -> "HttpCall":
        """Read the config and tell the mask its secrets.

        Raises `StepError` of type `validation` or `credential`.
        """
        auth: KnownAuth | None
        if isinstance(config.auth, CredentialAuth):
            value = await call.credential(config.auth.credential)
            auth = authorization_of(config.auth, value, config.url)
        else:
            auth = config.auth
        for secret in secrets_of(auth):
            mask.add(secret)
        client = call.resource(HttpClient)
        return cls(
            config,
            request_of(config, call.idempotency_key, user_agent, mask),
            manner_of(config, client.max_response_bytes, mask),
            Authorization(auth, call.tenant_id, client, call.resource(AccessTokens), mask),
            mask,
        )

    async def output(self) -> dict[str, Any]:
        """Send what there is to send. Raises `StepError`."""
        if self.config.pagination is not None:
            return await self._pages(self.config.pagination)
        answer = await self._send(self.request, self.manner, self.authorization)
        return self._output(answer, self._value(answer))

    async def _pages(self, rule: Pagination) -> dict[str, Any]:
        collected = Collected()
        page = replace(self.request, url=first_url(rule, self.request.url))
        manner, authorization = self.manner, self.authorization
        while True:
            answer = await self._send(page, manner, authorization)
            # The bound is on the whole list.
            manner = replace(manner, max_bytes=max(manner.max_bytes - len(answer.body), 0))
            links = [value for name, value in texts(answer.head.headers) if name == "link"]
            following = add_page(rule, collected, answer.url, links, self._value(answer))
            if following is None:
                output = self._output(answer, collected.items)
                return {**output, "pages": collected.pages, "more": collected.more}
            page = self._next_page(page, following, collected.pages + 1)
            if following.origin != self.request.url.origin:
                authorization = replace(authorization, auth=None)

    def _next_page(self, page: Request, url: Url, number: int) -> Request:
        page = replace(page, url=url)
        if url.origin != self.request.url.origin:
            page = for_strangers(page, self.mask)
        headers = page.headers
        if page.method not in SAFE_METHODS:
            # Each page is a request of its own: under one key a server would repeat its first answer.
            own = [value for name, value in self.request.headers if name.lower() == "idempotency-key"]
            headers = [(name, value) for name, value in headers if name.lower() != "idempotency-key"]
            headers += [("Idempotency-Key", f"{value}-page-{number}") for value in own]
        return replace(page, headers=headers)

    async def _send(self, request: Request, manner: Manner, authorization: Authorization) -> Answer:
        answer = await authorization.send(request, manner)
        if not manner.wanted(answer.head.status):
            what = f"{request.method} {request.url.without_query}"
            raise status_failure(what, answer.head, answer.body, self.mask)
        return answer

    def _value(self, answer: Answer) -> Any:
        body = self.mask.in_bytes(answer.body)
        return body_value(body, answer.header(b"content-type"), self.config.response)

    def _output(self, answer: Answer, body: Any) -> dict[str, Any]:
        return {
            "status": answer.head.status,
            "headers": _headers(answer, self.mask),
            "body": body,
            "url": self.mask.in_text(str(answer.url)),
        }


def _headers(answer: Answer, mask: Mask) -> dict[str, str | list[str]]:
    headers: dict[str, str | list[str]] = {}
    for name, value in texts(answer.head.headers):
        value = mask.in_text(value)
        known = headers.get(name)
        if name == "set-cookie":
            # Cookies contain commas: joined, they could not be told apart.
            headers[name] = [*known, value] if isinstance(known, list) else [value]
        else:
            headers[name] = value if known is None else f"{known}, {value}"
    return headers
