"""Requests that a browser sends with a cookie, and the pages that may have it do so.

A browser sends its cookies along whichever page asks it to. Every browser says with requests that may change
something which page that is; a request that does not say was not sent by one.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from api.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Of requests that change nothing."""


def check_origin(connection: HTTPConnection, allowed: Collection[str]) -> None:
    """Raise `Forbidden` unless the request comes from one of our pages, from an allowed origin, or from no page."""
    origin = connection.headers.get("origin")
    if origin is None:
        # Pages of the same host are `same-origin`; what people typed or clicked themselves is `none`.
        if connection.headers.get("sec-fetch-site", "none") in {"same-origin", "none"}:
            return
    elif origin in allowed or _host(origin) == connection.headers.get("host"):
        return
    raise Forbidden(
        "Origin: this page may not change anything by the session cookie; it is not in GORAX_CORS_ORIGINS"
    )


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None
