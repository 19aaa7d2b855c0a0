"""Following the pages of a list: where the next page is, where the items are, and when to stop."""

import re
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field

from activities.http.fields import Token
from activities.http.url import Url
from gorax.core.actions.declaration import Config
from gorax.core.errors import ErrorType, StepError

Path = Annotated[str, Field(max_length=255, pattern=r"^[^\x00-\x1f]*$")]
"""Names and list positions in a page's body, joined by dots: `data.items`; empty means the body itself."""
Parameter = Annotated[Token, Field(min_length=1, max_length=128)]

_LINK = re.compile(r"<([^<>]*)>((?:[^,\"]|\"[^\"]*\")*)")


class _Pages(Config):
    items: Path = ""
    """Where the list is in each page's body."""
    max_pages: int = Field(default=10, ge=1, le=1_000)
    max_items: int = Field(default=10_000, ge=1, le=100_000)


class LinkPages(_Pages):
    """The next page's URL is in the `Link` header, with `rel="next"`."""

    type: Literal["link"]


class NextUrlPages(_Pages):
    """The next page's URL, absolute or relative, is in the body at `path`; null or empty after the last."""

    type: Literal["next_url"]
    path: Path


class CursorPages(_Pages):
    """The body holds at `path` a cursor, which goes into the query parameter `param` of the next request."""

    type: Literal["cursor"]
    path: Path
    param: Parameter = "cursor"


class NumberPages(_Pages):
    """The query parameter `param` counts pages, or offsets with a `step`; an empty page is the last."""

    type: Literal["page"]
    param: Parameter = "page"
    start: int = Field(default=1, ge=0, le=1_000_000_000)
    step: int = Field(default=1, ge=1, le=1_000_000)


Pagination = Annotated[
    LinkPages | NextUrlPages | CursorPages | NumberPages,
    Field(discriminator="type"),
]
"""`pagination` of the `http` action."""


@dataclass
class Collected:
    """The items of the pages so far."""

    items: list[Any] = field(default_factory=list)
    pages: int = 0
    more: bool = False
    """There are further pages or items that a bound left out."""


def first_url(rule: Pagination, url: Url) -> Url:
    """The URL of the first page."""
    return url.with_parameter(rule.param, str(rule.start)) if isinstance(rule, NumberPages) else url


def add_page(
    rule: Pagination, collected: Collected, url: Url, link_headers: list[str], body: Any
) -> Url | None:
    """Add the items of the page that `url` answered; the next page's URL, or None after the last.

    Raises `StepError` of type `validation` when the page is not what the rule says.
    """
    items = _at(body, rule.items)
    if not isinstance(items, list):
        raise StepError(
            ErrorType.VALIDATION,
            f"page {collected.pages + 1} has no list at {rule.items or 'its top'}: see pagination.items",
        )
    collected.pages += 1
    room = rule.max_items - len(collected.items)
    collected.items += items[:room]
    following = _next(rule, url, link_headers, body, len(items), collected.pages)
    collected.more = len(items) > room or following is not None
    if following is None or collected.pages >= rule.max_pages or len(items) >= room:
        return None
    return following


def _next(
    rule: Pagination, url: Url, link_headers: list[str], body: Any, count: int, pages: int
) -> Url | None:
    if isinstance(rule, NumberPages):
        return url.with_parameter(rule.param, str(rule.start + pages * rule.step)) if count else None
    if isinstance(rule, CursorPages):
        cursor = _at(body, rule.path)
        if cursor is None or cursor is False or cursor == "":
            return None
        if not isinstance(cursor, str | int) or cursor is True:
            raise StepError(ErrorType.VALIDATION, f"the cursor at {rule.path} is neither text nor a number")
        return url.with_parameter(rule.param, str(cursor))
    reference = _link(link_headers) if isinstance(rule, LinkPages) else _at(body, rule.path)
    if reference is None or reference is False or reference == "":
        return None
    try:
        if not isinstance(reference, str):
            raise ValueError("it is no text")
        return url.join(reference)
    except ValueError as error:
        raise StepError(ErrorType.VALIDATION, f"the next page's URL is not valid: {error}") from error


def _link(headers: list[str]) -> str | None:
    for header in headers:
        for match in _LINK.finditer(header):
            if _is_next(match[2]):
                return match[1]
    return None


def _is_next(parameters: str) -> bool:
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "rel":
            return "next" in value.strip().strip('"').lower().split()
    return False


def _at(body: Any, path: str) -> Any:
    value = body
    for name in path.split(".") if path else ():
        if isinstance(value, dict):
            value = value.get(name)
        elif isinstance(value, list) and name.isascii() and name.isdigit() and int(name[:9]) < len(value):
            value = value[int(name[:9])]
        else:
            return None
    return value
