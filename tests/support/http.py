"""Clients for the servers that the tests run."""

import ssl
from collections.abc import Mapping
from functools import cache

import httpx


def client_of(url: str, headers: Mapping[str, str], timeout: float = 30) -> httpx.AsyncClient:
    """A client of the server at `url`; close it, or use it as a context manager."""
    return httpx.AsyncClient(
        base_url=url, headers=headers, timeout=timeout, trust_env=False, verify=_certificates()
    )


@cache
def _certificates() -> ssl.SSLContext:
    # Each client would read them itself, for 50 ms, and there are thousands.
    return ssl.create_default_context()
