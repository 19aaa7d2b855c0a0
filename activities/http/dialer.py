"""How a connection for a route is made: directly or through a proxy, plain or TLS."""

import ssl

from activities.egress import Egress, authorities, server_name, tls_failure
from activities.http.exchange import Connection, RawHeaders
from activities.http.pool import Proxy, Route
from gorax.core.errors import ErrorType, StepError


class Dialer:
    """Makes connections; every address, the proxy's too, passes the egress."""

    def __init__(self, egress: Egress, verified: ssl.SSLContext | None = None) -> None:
        self._egress = egress
        self._verified = verified
        self._unverified: ssl.SSLContext | None = None

    async def dial(self, route: Route) -> Connection:
        """A connection that reaches `route`. Raises `StepError` of type `network` or `blocked_address`."""
        tls = self._context(route.verify_tls) if route.scheme == "https" else None
        if route.proxy is None:
            return Connection(await self._egress.connect(route.host, route.port, tls))
        # The proxy resolves the name itself; what leads to a closed address from here is refused first.
        await self._egress.addresses(route.host, route.port)
        stream = await self._egress.connect(route.proxy.host, route.proxy.port)
        if tls is None:
            return Connection(stream)
        try:
            await _open_tunnel(Connection(stream), route, route.proxy)
            await stream.start_tls(tls, server_name(route.host))
        except BaseException as error:
            stream.abort()
            if isinstance(error, ssl.SSLError):
                raise tls_failure(route.host, error) from error
            if isinstance(error, OSError):
                raise StepError(
                    ErrorType.NETWORK, f"no tunnel to {route.host} through the proxy: {error}", retryable=True
                ) from error
            raise
        return Connection(stream)

    def _context(self, verify: bool) -> ssl.SSLContext:
        # Built at first use: reading the authorities takes some ten milliseconds.
        if verify:
            if self._verified is None:
                self._verified = authorities()
            return self._verified
        if self._unverified is None:
            self._unverified = ssl.create_default_context()
            self._unverified.check_hostname = False
            self._unverified.verify_mode = ssl.CERT_NONE
        return self._unverified


def proxy_headers(proxy: Proxy) -> RawHeaders:
    """What a request to the proxy itself carries."""
    return [(b"proxy-authorization", proxy.authorization.encode())] if proxy.authorization else []


async def _open_tunnel(connection: Connection, route: Route, proxy: Proxy) -> None:
    host = f"[{route.host}]" if ":" in route.host else route.host
    head = await connection.tunnel(f"{host}:{route.port}", proxy_headers(proxy))
    if not 200 <= head.status < 300:
        raise StepError(
            ErrorType.NETWORK,
            f"the proxy answered {head.status} to a tunnel to {route.host}",
            retryable=head.status >= 500,
        )
