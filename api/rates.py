"""Limits of requests a minute, as HTTP shows them: three headers on every response, and 429.

What a request counts against is known once it is known who sends it: the tenant, or whoever runs the platform, or the
webhook's tenant for an event whose sender proved to be one. All others count against the address that they come from,
when they are answered.
"""

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import RateLimited, limit_response
from api.middleware import QUIET_PATHS
from api.presented import Presented
from api.readers import address_beyond
from api.services.rates.rates import Rates
from api.services.rates.windows import Verdict
from gorax.settings import Settings

RATE_LIMIT = "X-RateLimit-Limit"
RATE_REMAINING = "X-RateLimit-Remaining"
RATE_RESET = "X-RateLimit-Reset"
HEADERS = (RATE_LIMIT, RATE_REMAINING, RATE_RESET)
_LIMIT, _REMAINING, _RESET = (name.lower().encode() for name in HEADERS)
_STARTS = frozenset({"http.response.start", "websocket.accept", "websocket.http.response.start"})
_TALLY = "tally"
_WEBHOOKS = "/webhooks/"


class _Tally:
    """What became of counting a request; copies of its state share it."""

    __slots__ = ("verdict",)

    def __init__(self) -> None:
        self.verdict: Verdict | None = None


class RateHeaders:
    """Puts the headers on every response, whoever makes it."""

    def __init__(self, app: ASGIApp, rates: Rates, settings: Settings) -> None:
        self._app = app
        self._rates = rates
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        tally = scope.setdefault("state", {})[_TALLY] = _Tally()

        async def send_with_headers(message: Message) -> None:
            if message["type"] in _STARTS:
                verdict = tally.verdict or self._rates.look(_address(scope, self._settings))
                message["headers"] = [*message.get("headers", ()), *rate_headers(verdict)]
            await send(message)

        await self._app(scope, receive, send_with_headers)


def rate_headers(verdict: Verdict) -> tuple[tuple[bytes, bytes], ...]:
    """The three headers, as ASGI writes headers."""
    return (
        (_LIMIT, b"%d" % verdict.limit),
        (_REMAINING, b"%d" % verdict.remaining),
        (_RESET, b"%d" % verdict.reset),
    )


class StrangersLimit:
    """Counts what nobody has proved to send against where it comes from, and answers 429 when that is too much.

    It is counted when it is answered, before which nobody knows; the answer then gives way to the 429. Probes are not
    counted: whoever asks them would take the process for broken.
    """

    def __init__(self, app: ASGIApp, rates: Rates, settings: Settings) -> None:
        self._app = app
        self._rates = rates
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"] in QUIET_PATHS:
            await self._app(scope, receive, send)
            return
        tally: _Tally = scope["state"][_TALLY]
        path: str = scope["path"]
        is_webhook = path.startswith(_WEBHOOKS)
        if is_webhook and (refusal := self._rates.refusal(_address(scope, self._settings), path, path)):
            tally.verdict = refusal
            await limit_response(RateLimited(refusal.retry_after))(scope, receive, send)
            return
        refused = False

        async def send_counted(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and tally.verdict is None:
                # A sender with a wrong secret must not stop others at its address, such as those of a large provider.
                to_one = path if is_webhook and message["status"] != 404 else None
                await self._count(scope, tally, to_one)
                if tally.verdict is not None and not tally.verdict.allowed:
                    refused = True
                    await limit_response(RateLimited(tally.verdict.retry_after))(scope, receive, send)
            if not refused:
                await send(message)

        await self._app(scope, receive, send_counted)
        if scope["type"] == "websocket" and tally.verdict is None:
            await self._count(scope, tally, None)

    async def _count(self, scope: Scope, tally: _Tally, path: str | None) -> None:
        tally.verdict = await self._rates.stranger(_address(scope, self._settings), path)


def check_stranger(connection: HTTPConnection, rates: Rates, settings: Settings, shown: Presented) -> None:
    """Before it is looked up who shows this. Raises `RateLimited` when too many from there were nobody we know."""
    refusal = rates.refusal(_address(connection.scope, settings), shown.secret)
    if refusal is not None:
        count(connection, refusal)


def count(connection: HTTPConnection, verdict: Verdict) -> None:
    """The request was counted. Raises `RateLimited` when it was refused."""
    connection.scope["state"][_TALLY].verdict = verdict
    if not verdict.allowed:
        raise RateLimited(verdict.retry_after)


def counted(connection: HTTPConnection) -> bool:
    """Whether the request, or the stream that it opened, was counted before."""
    return connection.scope["state"][_TALLY].verdict is not None


def _address(scope: Scope, settings: Settings) -> str | None:
    return address_beyond(HTTPConnection(scope), settings.webhooks.trusted_proxies)
