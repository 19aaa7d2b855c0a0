"""Requests that a browser sends with a cookie, and the pages that may have it do so.

A browser sends its cookies along whichever page asks it to. Every browser says with requests that may change
something which page that is; a request that does not say was not sent by one.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from api.dependencies import Services
from api.errors import Forbidden

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
"""Of requests that change nothing."""


def check_origin(connection: HTTPConnection, allowed: Collection[str]) -> None:
    """Raise `Forbidden` unless the request comes from one of our pages, from an allowed origin, or from no page."""
    origin = connection.headers.get("origin")
    # Pages of the same origin are `same-origin`; what people typed or clicked themselves is `none`.
    site = connection.headers.get("sec-fetch-site", "none")
    if origin in allowed:
        return
    if site in {"same-origin", "none"} and (origin is None or _is_own(origin, connection)):
        return
    raise Forbidden(
        "Origin: this page may not change anything by the session cookie; it is not in GORAX_CORS_ORIGINS"
    )


def _is_own(origin: str, connection: HTTPConnection) -> bool:
    try:
        page = urlsplit(origin)
    except ValueError:
        return False
    services: Services = connection.app.state.services
    # Where browsers come by HTTPS, a page of our host that came without may be of anybody on its way.
    plain = not services.settings.public_address.startswith("https:")
    return page.netloc == connection.headers.get("host") and (page.scheme == "https" or plain)
