"""From a config to what the client sends."""

import base64
from urllib.parse import unquote

from activities.http.body import pairs, request_body
from activities.http.client import SAFE_METHODS, Headers, Manner, Request
from activities.http.config import HttpConfig, proxy_parts
from activities.http.decoding import ACCEPTED_ENCODINGS
from activities.http.fields import scalar_text
from activities.http.headers import SECRET_HEADERS
from activities.http.pool import Proxy
from activities.http.url import Url
from gorax.core.errors import ErrorType, StepError
from gorax.core.masking import Mask

MAX_TARGET = 32_768
"""Characters of path and query together with the parameters of `query`."""


def request_of(config: HttpConfig, idempotency_key: str, user_agent: str, mask: Mask) -> Request:
    """The first request; the mask learns its secret headers. Raises `StepError` of type `validation`."""
    try:
        url = Url.parse(config.url).with_query(pairs(config.query))
    except ValueError as error:  # a template that was filled in with something that makes no URL
        raise StepError(ErrorType.VALIDATION, f"url: {error}") from error
    if len(url.target) > MAX_TARGET:
        raise StepError(ErrorType.VALIDATION, f"url and query have more than {MAX_TARGET} characters")
    body, content_type = request_body(config)
    headers: Headers = [(name, scalar_text(value)) for name, value in config.headers.items()]
    given = {name.lower(): value for name, value in headers}
    for name in SECRET_HEADERS & given.keys():
        mask.add_header(given[name])
    defaults = [
        ("Accept", "*/*"),
        ("Accept-Encoding", ACCEPTED_ENCODINGS),
        ("User-Agent", user_agent),
        ("Content-Type", content_type),
        ("Idempotency-Key", None if config.method in SAFE_METHODS else idempotency_key),
    ]
    headers += [(name, value) for name, value in defaults if value is not None and name.lower() not in given]
    return Request(config.method, url, headers, body)


def manner_of(config: HttpConfig, max_response_bytes: int, mask: Mask) -> Manner:
    """How the config wants its requests sent; the proxy's password becomes known to the mask."""
    statuses = config.statuses
    return Manner(
        verify_tls=config.verify_tls,
        proxy=_proxy(config.proxy, mask) if config.proxy else None,
        max_redirects=config.max_redirects if config.follow_redirects else None,
        max_bytes=min(config.max_response_bytes or max_response_bytes, max_response_bytes),
        wanted=lambda status: any(status in expected for expected in statuses),
    )


def _proxy(text: str, mask: Mask) -> Proxy:
    try:
        url, username, password = proxy_parts(text)
    except ValueError as error:
        raise StepError(ErrorType.VALIDATION, f"proxy: {error}") from error
    if username is None:
        return Proxy(url.host, url.port)
    secret = unquote(password or "")
    pair = base64.b64encode(f"{unquote(username)}:{secret}".encode()).decode()
    mask.add(secret)
    mask.add(pair)
    return Proxy(url.host, url.port, f"Basic {pair}")
