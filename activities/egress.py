"""Outgoing connections: each address is checked at the moment it is connected.

The check sits below pools, redirects and proxies, and the very address that passed is the one that is
connected: a name that resolves to something else a moment later (DNS rebinding) gains nothing.
"""

import asyncio
import contextlib
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Iterable, Sequence
from typing import Protocol

import certifi

from activities.socket_stream import SocketStream
from gorax.core.errors import ErrorType, StepError
from gorax.settings import Network

MAX_LOOKUPS = 32
"""Name lookups that run at once in one process."""
MAX_ADDRESSES = 4
"""Addresses of one name that are tried."""
SECONDS_PER_ADDRESS = 5.0
"""How long one address may take to accept while others are left to try."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_RELAY_ANYCAST = ipaddress.IPv4Network("192.88.99.0/24")


class AddressPolicy:
    """Which addresses may be reached: the public ones, and those of the networks allowed by name."""

    def __init__(self, allowed: Iterable[Network] = ()) -> None:
        self._allowed = tuple(allowed)

    def allows(self, address: str) -> bool:
        """Whether `address` (IPv4 or IPv6, a zone id is ignored) may be connected."""
        return self._allows(ipaddress.ip_address(address.partition("%")[0]))

    def _allows(self, address: _Address) -> bool:
        if any(address.version == network.version and address in network for network in self._allowed):
            return True
        if isinstance(address, ipaddress.IPv4Address):
            public = address.is_global and not address.is_multicast and not address.is_reserved
            return public and address not in _RELAY_ANYCAST
        if embedded := _embedded(address):
            # A tunnel or translator takes the packet to the address inside: that is the one to judge.
            return all(self._allows(inner) for inner in embedded)
        return address in _GLOBAL_UNICAST and address.is_global


def _embedded(address: ipaddress.IPv6Address) -> tuple[ipaddress.IPv4Address, ...]:
    if address.ipv4_mapped is not None:
        return (address.ipv4_mapped,)
    if address.sixtofour is not None:
        return (address.sixtofour,)
    if address.teredo is not None:
        return address.teredo
    if address in _NAT64:
        return (ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF),)
    return ()


class Resolver(Protocol):
    """A name service."""

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses of `host`, best first. Raises `OSError` when it has none."""


class SystemResolver:
    """The machine's own name service, asked in threads since it blocks.

    The threads are daemons: a name service that hangs delays neither the event loop nor the end of the
    process. Calls for the same name share one lookup.
    """

    def __init__(self, max_lookups: int = MAX_LOOKUPS) -> None:
        self._free = asyncio.Semaphore(max_lookups)
        self._pending: dict[tuple[str, int], asyncio.Future[list[str] | OSError]] = {}

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """The addresses of `host`, in the system's order. Raises `OSError` when it has none."""
        key = (host, port)
        pending = self._pending.get(key)
        if pending is None:
            await self._free.acquire()
            # Another call may have begun the same lookup while this one waited for its turn.
            if (pending := self._pending.get(key)) is None:
                pending = self._begin(host, port)
            else:
                self._free.release()
        # Shielded: one caller that gives up must not take the answer from the others.
        found = await asyncio.shield(pending)
        if isinstance(found, OSError):
            raise found
        return found

    def _begin(self, host: str, port: int) -> asyncio.Future[list[str] | OSError]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[list[str] | OSError] = loop.create_future()

        def finish(result: list[str] | OSError) -> None:
            self._free.release()
            del self._pending[host, port]
            future.set_result(result)

        def look_up() -> None:
            result = _getaddrinfo(host, port)
            # A loop that closed meanwhile has nobody left who waits for the answer.
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(finish, result)

        try:
            threading.Thread(target=look_up, name="resolver", daemon=True).start()
        except RuntimeError as error:
            self._free.release()
            raise OSError("the system has no thread left for the lookup") from error
        self._pending[host, port] = future
        return future


def _getaddrinfo(host: str, port: int) -> list[str] | OSError:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:
        return OSError("not a valid host name")
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Egress:
    """The only way out for connections that users ask for."""

    def __init__(self, policy: AddressPolicy, resolver: Resolver | None = None) -> None:
        self._policy = policy
        self._resolver = resolver or SystemResolver()

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """The addresses of `host`.

        Raises `StepError`: `blocked_address` when any of them may not be reached, `network` without any.
        """
        try:
            found = await self._resolver.resolve(host, port)
        except OSError as error:
            raise StepError(
                ErrorType.NETWORK, f"the name {host} does not resolve: {_reason(error)}", retryable=True
            ) from error
        if not found:
            raise StepError(ErrorType.NETWORK, f"the name {host} has no address", retryable=True)
        # All, not the first: a name with one public and one private address is an attack, not a choice.
        if not all(self._policy.allows(address) for address in found):
            raise StepError(
                ErrorType.BLOCKED_ADDRESS,
                f"{host} leads to an address that may not be reached from here; only public addresses and "
                "the networks in GORAX_HTTP_ALLOWED_NETWORKS are open",
            )
        return found

    async def connect(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> SocketStream:
        """A connection to `host`, with TLS for that name when `tls` is given.

        Raises `StepError` of type `blocked_address` or `network`.
        """
        addresses = (await self.addresses(host, port))[:MAX_ADDRESSES]
        failure: OSError | None = None
        for position, address in enumerate(addresses, start=1):
            patience = SECONDS_PER_ADDRESS if position < len(addresses) else None
            try:
                async with asyncio.timeout(patience):
                    return await SocketStream.open(address, port, tls, server_name(host))
            except ssl.SSLError as error:
                raise tls_failure(host, error) from error
            except OSError as error:  # includes the TimeoutError of an address that does not answer
                failure = error
        raise StepError(
            ErrorType.NETWORK, f"could not connect to {host}:{port}: {_reason(failure)}", retryable=True
        ) from failure


def authorities() -> ssl.SSLContext:
    """A context that trusts what this machine trusts, and the usual authorities."""
    context = ssl.create_default_context()
    # Slim systems bring no authorities of their own.
    context.load_verify_locations(certifi.where())
    return context


def server_name(host: str) -> str:
    """The name that a certificate of `host` has to carry: without the root's dot."""
    return host.removesuffix(".")


def tls_failure(host: str, error: ssl.SSLError) -> StepError:
    """The error of a TLS handshake that failed; one about the certificate will not heal by itself."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return StepError(
            ErrorType.NETWORK, f"the certificate of {host} cannot be trusted: {error.verify_message}"
        )
    return StepError(
        ErrorType.NETWORK, f"no TLS connection to {host}: {error.reason or error}", retryable=True
    )


def _reason(error: OSError | None) -> str:
    if isinstance(error, TimeoutError):
        return "no answer"
    if error is None or error.errno is None or isinstance(error, socket.gaierror):
        return (error.strerror if error else None) or str(error)
    # The event loops put words of their own, with the address, in place of the system's.
    return os.strerror(error.errno)
