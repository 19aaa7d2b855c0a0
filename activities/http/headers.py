"""Headers that hold secrets."""

from gorax.core.masking import Mask

SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "x-api-key", "api-key", "apikey", "x-auth-token"}
)
"""Request headers, in lower case, whose values are secrets by their name."""


def without_secrets(headers: list[tuple[str, str]], mask: Mask) -> list[tuple[str, str]]:
    """The headers that any server may have: neither secret by their name nor holding what the mask hides."""
    return [
        (name, value)
        for name, value in headers
        if name.lower() not in SECRET_HEADERS and mask.in_text(value) == value
    ]
