"""What a request presents to prove who sends it."""

import re
from typing import Literal, NamedTuple

from starlette.requests import HTTPConnection

from api.errors import Unauthenticated
from gorax.core.errors import Invalid

SESSION_TOKEN_HEADER = "X-Session-Token"  # noqa: S105 - the name of a header
KEY_PREFIX = "gx_"
"""What every API key begins with, so that people and scanners of repositories know one when they see it."""
MAX_SECRET = 4_096

_SECRET = re.compile(r"[\x21-\x7e]+")
_BEARER = re.compile(r"bearer +(\S+) *", re.IGNORECASE)


class Presented(NamedTuple):
    """A secret of one of the three kinds. Only a cookie is sent by browsers on their own."""

    kind: Literal["key", "token", "cookie"]
    secret: str


def presented(connection: HTTPConnection, cookie_name: str) -> Presented | None:
    """What the request presents, if anything; a header, which somebody chose to send, goes before a cookie.

    Raises `Invalid` for what contradicts itself, `Unauthenticated` for a scheme that is not Bearer.
    """
    authorizations = connection.headers.getlist("authorization")
    tokens = connection.headers.getlist(SESSION_TOKEN_HEADER)
    if len(authorizations) + len(tokens) > 1:
        raise Invalid(f"send one of Authorization and {SESSION_TOKEN_HEADER}, and that once")
    if authorizations:
        return _bearer(authorizations[0])
    if tokens:
        return Presented("token", _sane(tokens[0], SESSION_TOKEN_HEADER))
    cookie = connection.cookies.get(cookie_name)
    return Presented("cookie", _sane(cookie, f"the cookie {cookie_name}", also_not=";,")) if cookie else None


def _bearer(authorization: str) -> Presented:
    bearer = _BEARER.fullmatch(authorization)
    if bearer is None:
        raise Unauthenticated("Authorization: must be Bearer and an API key or a session token")
    secret = _sane(bearer[1], "Authorization")
    return Presented("key" if secret.startswith(KEY_PREFIX) else "token", secret)


def _sane(secret: str, where: str, also_not: str = "") -> str:
    # It goes into a header of another request: nothing in it may end that header, or the cookie in it.
    if len(secret) > MAX_SECRET or not _SECRET.fullmatch(secret) or any(char in secret for char in also_not):
        raise Unauthenticated(f"{where}: is not what a session or an API key looks like")
    return secret
