"""Sends requests over pooled connections, follows redirects, and keeps answers within their bounds."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass, replace

from activities.egress import AddressPolicy, Egress, Resolver
from activities.http.decoding import BodyReader, BodyTooLargeError
from activities.http.dialer import Dialer, proxy_headers
from activities.http.exchange import Connection, Head, RawHeaders
from activities.http.failures import ERROR_BODY
from activities.http.headers import without_secrets
from activities.http.pool import ConnectionPool, Proxy, Route
from activities.http.url import Url
from gorax.core.actions.declaration import Resource
from gorax.core.errors import ErrorType, StepError
from gorax.core.masking import Mask, current_mask
from gorax.settings import Settings
from gorax.telemetry.tracing import outgoing

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_DRAINED = 16 * 1024
"""Bytes of a redirect's body that are read for the sake of keeping the connection."""
_BODY_HEADERS = frozenset({"content-type", "content-encoding", "content-language", "content-location"})

Headers = list[tuple[str, str]]
Authorize = Callable[["Request"], "Request"]
"""Adds the authorization that one request needs, or leaves it as it is."""


@dataclass(frozen=True, slots=True)
class Request:
    """One request. Its headers are those of the user; framing is added when it is sent."""

    method: str
    url: Url
    headers: Headers
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, decompressed; of an answer that is not wanted only the beginning of the body."""

    head: Head
    body: bytes
    url: Url
    """Of the request that was answered, after redirects."""

    def header(self, name: bytes) -> str:
        """The first header of that lower-case name; empty without one."""
        return (self.head.header(name) or b"").decode("latin-1")


@dataclass(frozen=True, slots=True)
class Manner:
    """How requests are sent and how much of the answers is kept."""

    verify_tls: bool = True
    proxy: Proxy | None = None
    max_redirects: int | None = 5
    """None does not follow at all."""
    max_bytes: int = 1_000_000
    wanted: Callable[[int], bool] = lambda status: status < 400
    """By status, whether the whole body is of interest."""


class HttpClient(Resource):
    """The worker's client. It keeps connections between calls, and neither cookies nor secrets."""

    def __init__(
        self, settings: Settings, *, resolver: Resolver | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        """`resolver` and `tls` replace the system's name service and trusted authorities."""
        self.max_response_bytes = settings.http.max_response_bytes
        self._dialer = Dialer(Egress(AddressPolicy(settings.http.allowed_networks), resolver), tls)
        self._pool = ConnectionPool(self._dialer.dial, settings.http.max_connections)

    async def close(self) -> None:
        """Close the connections."""
        self._pool.close()

    async def send(self, request: Request, manner: Manner, authorize: Authorize | None = None) -> Answer:
        """The answer to a request, after its redirects.

        `authorize` and secret headers stay with the first origin. No time bound of its own: wrap it in one.
        Raises `StepError` of type `network`, `blocked_address` or `output_too_large`.
        """
        hops = 0
        while True:
            answer = await self._traced(authorize(request) if authorize else request, manner)
            location = answer.header(b"location")
            if manner.max_redirects is None or answer.head.status not in _REDIRECTS or not location:
                # The address as the user knows it: authorization may have added a key to the query.
                return replace(answer, url=request.url)
            if hops >= manner.max_redirects:
                raise StepError(ErrorType.NETWORK, f"more than {manner.max_redirects} redirects")
            hops += 1
            following = _redirected(request, answer.head.status, location)
            if not _same_site(request.url, following.url):
                authorize = None
                following = for_strangers(following, current_mask())
            request = following

    async def _traced(self, request: Request, manner: Manner) -> Answer:
        with outgoing(request.method, request.url.host, request.url.port) as span:
            given = {name.lower() for name, _ in request.headers} if span.headers else ()
            added = [(name, value) for name, value in span.headers if name not in given]
            answer = await self._exchange(
                replace(request, headers=[*request.headers, *added]) if added else request, manner
            )
            span.answered(answer.head.status)
        # As it was asked for, for those who look at it.
        return answer

    async def _exchange(self, request: Request, manner: Manner) -> Answer:
        route = Route.to(request.url, manner.verify_tls, manner.proxy)
        connection = await self._pool.take(route)
        kept_alive = connection.stream.received > 0
        try:
            return await self._converse(connection, route, request, manner)
        except OSError as error:
            # A kept connection may have been closed by its server just as it was used again.
            stale = kept_alive and connection.untouched and request.method in SAFE_METHODS
            if not stale:
                raise _broken(request, error) from error
        connection = await self._pool.take(route, fresh=True)
        try:
            return await self._converse(connection, route, request, manner)
        except OSError as error:
            raise _broken(request, error) from error

    async def _converse(
        self, connection: Connection, route: Route, request: Request, manner: Manner
    ) -> Answer:
        """One exchange on a connection that was taken; gives it back to the pool or closes it."""
        keep = False
        try:
            connection.send(request.method, _target(request, route), _lines(request, route), request.body)
            head = await connection.head()
            body, complete = await _body(connection, head, request, manner)
            keep = complete and connection.reusable()
            return Answer(head, body, request.url)
        finally:
            self._pool.release(route, connection, keep=keep)


async def _body(connection: Connection, head: Head, request: Request, manner: Manner) -> tuple[bytes, bool]:
    """The body, and whether all of it was read."""
    redirect = manner.max_redirects is not None and head.status in _REDIRECTS and head.header(b"location")
    wanted = manner.wanted(head.status) and not redirect
    limit = manner.max_bytes if wanted else _DRAINED if redirect else ERROR_BODY
    declared = head.header(b"content-length") if wanted and request.method != "HEAD" else None
    if declared is not None and int(declared) > limit:
        raise _too_large(request, limit)
    reader = BodyReader((head.header(b"content-encoding") or b"").decode("latin-1"), limit)
    try:
        async for data in connection.body():
            reader.feed(data)
        return reader.finish(), True
    except BodyTooLargeError as error:
        if wanted:
            raise _too_large(request, limit) from error
    except (OSError, StepError):
        # The status says enough of an answer whose body is only told about.
        if wanted:
            raise
    return reader.so_far(), False


def for_strangers(request: Request, mask: Mask) -> Request:
    """A request as another origin than the first may have it: without its secret headers.

    Raises `StepError` of type `network` when its body holds a secret: without that it would be another request.
    """
    if mask.in_bytes(request.body) != request.body:
        raise StepError(
            ErrorType.NETWORK,
            f"sent on to {request.url.authority}, which is another origin, with a body that holds a credential",
        )
    return replace(request, headers=without_secrets(request.headers, mask))


def _redirected(request: Request, status: int, location: str) -> Request:
    try:
        url = request.url.join(location)
    except ValueError as error:
        raise StepError(ErrorType.NETWORK, f"redirected to an address that is not valid: {error}") from error
    # As browsers do it: 303 always, 301 and 302 after a POST, go on with GET.
    to_get = status == 303 or (status in {301, 302} and request.method == "POST")
    if not to_get or request.method in {"GET", "HEAD"}:
        return replace(request, url=url)
    headers = [(name, value) for name, value in request.headers if name.lower() not in _BODY_HEADERS]
    return Request("GET", url, headers)


def _same_site(origin: Url, target: Url) -> bool:
    """Whether secrets for `origin` may go to `target`: the same origin, or the same host upgraded to TLS."""
    upgraded = origin.scheme == "http" and target.scheme == "https"
    return origin.origin == target.origin or (
        upgraded and origin.host == target.host and (origin.port, target.port) == (80, 443)
    )


def _target(request: Request, route: Route) -> str:
    # A proxy has to be told the whole address where no tunnel hides the request from it.
    return str(request.url) if route.proxy and route.scheme == "http" else request.url.target


def _lines(request: Request, route: Route) -> RawHeaders:
    lines = [(b"Host", request.url.authority.encode())]
    lines += [(name.encode(), value.strip(" \t").encode()) for name, value in request.headers]
    if request.body or request.method in {"POST", "PUT", "PATCH"}:
        lines.append((b"Content-Length", str(len(request.body)).encode()))
    if route.proxy and route.scheme == "http":
        lines += proxy_headers(route.proxy)
    return lines


def _broken(request: Request, error: OSError) -> StepError:
    reason = error.strerror or str(error) or type(error).__name__
    return StepError(
        ErrorType.NETWORK, f"the connection to {request.url.authority} broke: {reason}", retryable=True
    )


def _too_large(request: Request, limit: int) -> StepError:
    return StepError(
        ErrorType.OUTPUT_TOO_LARGE, f"the answer of {request.url.authority} has more than {limit} bytes"
    )
