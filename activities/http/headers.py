"""Headers that hold secrets."""

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey", "x-auth-token"}
)
"""Request headers, in lower case, whose values are secrets by their name."""
