"""The config of the `http` action."""

import re
from typing import Annotated, Any, Self
from urllib.parse import urlsplit

from pydantic import Field, field_validator, model_validator

from activities.http.auth import Auth
from activities.http.decoding import ResponseMode
from activities.http.fields import (
    Address,
    HeaderName,
    HeaderValue,
    Scalar,
    Token,
    has_template,
)
from activities.http.pagination import Pagination
from activities.http.url import Url
from gorax.core.actions.declaration import Config, WebAddress
from gorax.core.durations import Duration

MAX_HEADERS = 100
MAX_PARAMETERS = 500
"""Entries of `query` and of `form`."""
MAX_PARTS = 100
"""Fields and files of `multipart`."""
MAX_REDIRECTS = 20
MAX_TIMEOUT = 86_400.0

_METHOD = re.compile(r"[A-Za-z]{1,20}", re.ASCII)
_STATUS = re.compile(r"([1-5])xx|([1-5]\d\d)(?:-([1-5]\d\d))?", re.ASCII | re.IGNORECASE)

Values = dict[Annotated[str, Field(max_length=1_024)], Scalar | list[Scalar] | None]
"""Names to values; a list repeats its name, null leaves it out."""


class File(Config):
    """One file of a multipart form."""

    name: Annotated[Token, Field(min_length=1, max_length=255)]
    """Of the form's field."""
    filename: Annotated[Token, Field(min_length=1, max_length=255)] = "file"
    content_type: Annotated[Token, Field(min_length=1, max_length=255)] = "application/octet-stream"
    content: str | None = None
    """The file's text."""
    base64: str | None = None
    """The file's bytes, in place of `content`."""

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        if (self.content is None) == (self.base64 is None):
            raise ValueError("give either content or base64")
        return self


class Multipart(Config):
    """A `multipart/form-data` body."""

    fields: Values = Field(default_factory=dict, max_length=MAX_PARTS)
    files: Annotated[list[File], Field(max_length=MAX_PARTS)] = Field(default_factory=list)


class HttpConfig(Config):
    """One HTTP request, or a series of them with `pagination`."""

    method: str = "GET"
    """Any method but CONNECT and TRACE, in either case."""
    url: Address
    """http or https, at most 8,192 characters."""
    query: Values = Field(default_factory=dict, max_length=MAX_PARAMETERS)
    """Added to the URL's own query."""
    headers: dict[HeaderName, HeaderValue] = Field(default_factory=dict, max_length=MAX_HEADERS)
    body: Any = None
    """A string is sent as it is, null means no body, anything else is sent as JSON."""
    form: Values | None = Field(default=None, max_length=MAX_PARAMETERS)
    """An `application/x-www-form-urlencoded` body."""
    multipart: Multipart | None = None
    auth: Auth | None = None
    timeout: Duration | None = None
    """For all of it, with redirects and pages; never more than the action's own timeout."""
    follow_redirects: bool = True
    max_redirects: int = Field(default=5, ge=0, le=MAX_REDIRECTS)
    expected_status: int | str | Annotated[list[int | str], Field(min_length=1, max_length=20)] = "200-399"
    """`404`, `"2xx"`, `"200-299"`, `"any"`, or a list of these; any other status is an error."""
    response: ResponseMode = "auto"
    """What `output.body` is; see `body_value`."""
    max_response_bytes: int | None = Field(default=None, ge=1)
    """After decompression, over all pages; never more than the worker allows."""
    proxy: Annotated[str | None, WebAddress()] = None
    """`http://[user:password@]host[:port]`."""
    verify_tls: bool = True
    pagination: Pagination | None = None

    @field_validator("method")
    @classmethod
    def _known_method(cls, method: str) -> str:
        if has_template(method):
            return method
        if not _METHOD.fullmatch(method) or method.upper() in {"CONNECT", "TRACE"}:
            raise ValueError(
                "not a method that can be sent: use GET, HEAD, OPTIONS, POST, PUT, PATCH or DELETE"
            )
        return method.upper()

    @field_validator("expected_status")
    @classmethod
    def _readable_status(cls, value: int | str | list[int | str]) -> int | str | list[int | str]:
        if not (isinstance(value, str) and has_template(value)):
            status_ranges(value)
        return value

    @field_validator("timeout")
    @classmethod
    def _positive(cls, value: float | None) -> float | None:
        if value is not None and not 0 < value <= MAX_TIMEOUT:
            raise ValueError("more than nothing and at most a day")
        return value

    @field_validator("proxy")
    @classmethod
    def _plain_proxy(cls, value: str | None) -> str | None:
        if value is not None and not has_template(value):
            proxy_parts(value)
        return value

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        given = [name for name in ("body", "form", "multipart") if getattr(self, name) is not None]
        if len(given) > 1:
            raise ValueError(f"give only one of {', '.join(given)}")
        if self.pagination is not None and self.response not in {"auto", "json"}:
            raise ValueError('pagination needs response "auto" or "json"')
        return self

    @property
    def statuses(self) -> list[range]:
        """The statuses that are no error."""
        return status_ranges(self.expected_status)


def status_ranges(value: int | str | list[int | str]) -> list[range]:
    """What an `expected_status` means. Raises `ValueError`."""
    if isinstance(value, list):
        return [found for entry in value for found in status_ranges(entry)]
    text = str(value).strip()
    if text.lower() == "any":
        return [range(100, 600)]
    if (match := _STATUS.fullmatch(text)) is None:
        raise ValueError(
            'an expected status is a number from 100 to 599, "2xx", "200-299", "any", or a list of these'
        )
    hundred, first, last = match.groups()
    if hundred:
        return [range(int(hundred) * 100, int(hundred) * 100 + 100)]
    return [range(int(first), int(last or first) + 1)]


def proxy_parts(text: str) -> tuple[Url, str | None, str | None]:
    """The proxy's URL without its user information, and user name and password. Raises `ValueError`."""
    scheme, separator, rest = text.partition("://")
    if scheme.lower() != "http" or not separator:
        raise ValueError("a proxy is http://[user:password@]host[:port]")
    user_information, at, host = rest.rpartition("@")
    url = Url.parse(f"http://{host}")
    if url.target != "/" or urlsplit(f"http://{host}").fragment:
        raise ValueError("a proxy has no path")
    if not at:
        return url, None, None
    username, _, password = user_information.partition(":")
    return url, username, password
