"""Where the API is, who asks it, and how often: everything about a request that is the same for all of them."""

import random
import uuid
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any, TypeVar

import httpx

from gorax.client.calls import JSON, Call, Operation
from gorax.client.errors import GoraxError, Refused, Unreachable, error_of
from gorax.client.flows import Flow, Pause, send

T = TypeVar("T")

FIRST_PAUSE = 0.25
"""Seconds before the first repetition, doubled before each further one."""
LONGEST_PAUSE = 8.0
SILENCE = 45.0
"""Seconds in which nothing comes of a stream after which it counts as lost; the server's heart beats every 15."""
PATIENCE = 60.0
"""The longest `Retry-After`, in seconds, that is waited for; a longer one is the caller's to decide about."""

_NOT_DONE = frozenset({429})
"""Statuses that say that nothing was done, so that anything may be asked again."""
_MAYBE_DONE = frozenset({408, 502, 503, 504})
"""Statuses after which what may be repeated is asked again."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Errors that come before anything was sent."""


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How to reach the API, and as whom."""

    base_url: str
    tenant: str | None = None
    token: str | None = field(default=None, repr=False)
    user: str | None = None
    role: str | None = None
    timeout: float = 30.0
    """Seconds to connect, and between two parts of an answer."""
    retries: int = 4
    """How many times a request is repeated that failed and may be."""

    @property
    def identity(self) -> dict[str, str]:
        """The headers that say who asks, for which tenant."""
        given = {
            "Authorization": f"Bearer {self.token}" if self.token else None,
            "X-Tenant-ID": self.tenant,
            "X-User-ID": self.user,
            "X-User-Role": self.role,
        }
        return {"User-Agent": _user_agent()} | {
            name: value for name, value in given.items() if value is not None
        }

    def perform(self, operation: Operation, call: Call[T]) -> Flow[T]:
        """What the operation gives. Raises `GoraxError`, `ValueError` for arguments that cannot be sent."""
        response = yield from self.answer(operation, call)
        return call.answer.read(response)

    def answer(
        self, operation: Operation, call: Call[Any], *, keep_open: bool = False
    ) -> Flow[httpx.Response]:
        """The answer of success, after as many repetitions as it takes. Raises `GoraxError`."""
        request = self._request(operation, call, SILENCE if keep_open else self.timeout)
        may_repeat = operation.method != "POST" or operation.repeatable or operation.keyed
        repetition = 0
        lost = False
        while True:
            try:
                response = yield from send(request, keep_open=keep_open)
            except httpx.TransportError as error:
                lost = True
                failure: GoraxError = Unreachable(f"{self.base_url} does not answer: {_reason(error)}")
                failure.__cause__ = error
                again = may_repeat or isinstance(error, _NOT_SENT)
            else:
                status = response.status_code
                if response.is_success or status in operation.accepts:
                    return response
                if lost and operation.method == "DELETE" and status == 404:
                    return response  # it was there for the request whose answer was lost, or never: it is not now
                failure = error_of(response)
                again = status in _NOT_DONE or (may_repeat and status in _MAYBE_DONE)
            asked = failure.retry_after if isinstance(failure, Refused) else None
            pause = max(asked or 0.0, backoff(repetition))
            if not again or repetition >= self.retries or pause > PATIENCE:
                raise failure
            yield Pause(pause)
            repetition += 1

    def _request(self, operation: Operation, call: Call[Any], silence: float) -> httpx.Request:
        content = call.content()
        headers = {} if operation.anonymous else self.identity
        headers["Accept"] = call.answer.accept
        if content is not None:
            headers["Content-Type"] = JSON
        if operation.keyed:
            headers["Idempotency-Key"] = call.key or str(uuid.uuid4())
        return httpx.Request(
            operation.method,
            self.base_url + call.url(operation),
            headers={**headers, **call.headers},
            content=content,
            extensions={"timeout": httpx.Timeout(self.timeout, read=silence).as_dict()},
        )


def _reason(error: httpx.TransportError) -> str:
    return str(error) or type(error).__name__


@cache
def _user_agent() -> str:
    return f"gorax-python/{version('gorax')}"


def backoff(repetition: int) -> float:
    """Seconds to wait before a repetition, the first of which is 0: longer each time, and not all clients at once."""
    most = min(FIRST_PAUSE * 2**repetition, LONGEST_PAUSE)
    return random.uniform(most / 2, most)  # noqa: S311 - not a secret
