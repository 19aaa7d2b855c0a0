"""Where a request comes from, and whether it may come from there."""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_HOPS: Final = 50
"""Proxies in a row that are looked at."""
_MAPPED_BITS: Final = 96
"""Of an address of IPv6, before the one of IPv4 in it."""


def remote_address(peer: str | None, forwarded: str | None, trusted: Sequence[Network]) -> str | None:
    """The address of whoever sent the request; None where that is not known, as of a Unix socket.

    `forwarded` is `X-Forwarded-For`, to which every proxy adds whom it had the request from. It is believed as far as
    `trusted` proxies wrote it: the answer is the last address that is none of theirs.
    """
    address = _address(peer)
    if address is None:
        return None
    for hop in reversed((forwarded or "").split(",")[-_HOPS:]):
        if not _in_any(address, trusted):
            break
        before = _address(hop.strip())
        if before is None:
            break
        address = before
    return str(address)


def allows(networks: Sequence[str], address: str | None) -> bool:
    """Whether an address is in one of the networks; any is where there are none."""
    if not networks:
        return True
    found = _address(address)
    return found is not None and _in_any(found, _networks(tuple(networks)))


def read_network(text: str) -> Network:
    """The network that a text such as `203.0.113.0/24` names, or an address by itself. Raises `ValueError`."""
    return unmapped(ipaddress.ip_network(text.strip(), strict=False))


def unmapped(network: Network) -> Network:
    """The network; one of IPv4 in the form of IPv6, such as `::ffff:203.0.113.7`, as what it is."""
    if network.version == 4 or network.prefixlen < _MAPPED_BITS:
        return network
    mapped = network.network_address.ipv4_mapped
    return network if mapped is None else ipaddress.IPv4Network((mapped, network.prefixlen - _MAPPED_BITS))


@lru_cache(maxsize=1024)
def _networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    return tuple(read_network(text) for text in texts)


def _in_any(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _address(text: str | None) -> Address | None:
    if not text:
        return None
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    # A socket for both kinds of addresses tells of IPv4 in the form of IPv6.
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address
