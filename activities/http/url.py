"""URLs as the client uses them: parsed once, strictly, with everything unsafe percent-encoded."""

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Self
from urllib.parse import quote, urljoin, urlsplit

import idna

MAX_URL = 8_192
"""Characters of a URL in a definition, a redirect or a page link."""

_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_HOST = re.compile(r"[a-z0-9_]([a-z0-9._-]{0,252}[a-z0-9_.-])?", re.ASCII)
_BARE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_KEPT_IN_PATH = "/%:@!$&'()*+,;=~"
_KEPT_IN_QUERY = _KEPT_IN_PATH + "?"


@dataclass(frozen=True, slots=True)
class Url:
    """An absolute http or https URL without user information and fragment."""

    scheme: str
    host: str
    """Lower-case ASCII; an IPv6 address stands without its brackets."""
    port: int
    path: str
    query: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a URL. Raises `ValueError` saying what is wrong with it."""
        text = text.strip(" ")
        if len(text) > MAX_URL:
            raise ValueError(f"longer than {MAX_URL} characters")
        if _CONTROL.search(text):
            raise ValueError("control characters such as line breaks do not belong into a URL")
        try:
            parts = urlsplit(text)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"not a URL: {error}") from error
        if parts.scheme not in _PORTS:
            raise ValueError("must start with http:// or https://")
        if "@" in parts.netloc:
            raise ValueError("no user and password in the URL: use auth")
        return cls(
            scheme=parts.scheme,
            host=_host(parts.hostname or ""),
            port=_PORTS[parts.scheme] if port is None else port,
            path=_encoded(parts.path, _KEPT_IN_PATH) or "/",
            query=_encoded(parts.query, _KEPT_IN_QUERY),
        )

    def join(self, reference: str) -> Self:
        """What `reference`, absolute or relative, means at this URL. Raises `ValueError`."""
        if len(reference) > MAX_URL:
            raise ValueError(f"longer than {MAX_URL} characters")
        return self.parse(urljoin(str(self), reference))

    def with_query(self, pairs: Iterable[tuple[str, str]]) -> Self:
        """This URL with more query parameters."""
        more = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
        return replace(self, query="&".join(part for part in (self.query, more) if part))

    def with_parameter(self, name: str, value: str) -> Self:
        """This URL with one query parameter set, in place of any that had its name."""
        encoded = quote(name, safe="")
        kept = [part for part in self.query.split("&") if part and part.partition("=")[0] != encoded]
        return replace(self, query="&".join(kept)).with_query([(name, value)])

    @property
    def origin(self) -> tuple[str, str, int]:
        """What must be equal for secrets to be shared."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host, and port unless it is the scheme's own: the `Host` header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def target(self) -> str:
        """Path and query: what the request line names."""
        return f"{self.path}?{self.query}" if self.query else self.path

    @property
    def without_query(self) -> str:
        """For messages: a query may hold secrets."""
        return f"{self.scheme}://{self.authority}{self.path}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.target}"


def _host(host: str) -> str:
    if not host:
        raise ValueError("no host in the URL")
    if ":" in host:
        if "%" in host:
            raise ValueError("an IPv6 zone id is not accepted")
        return ipaddress.IPv6Address(host).compressed
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError as error:
            raise ValueError(f"not a host name: {error}") from error
    if not _HOST.fullmatch(host):
        raise ValueError("not a host name")
    return host


def _encoded(text: str, kept: str) -> str:
    if _BARE_PERCENT.search(text):
        text = _BARE_PERCENT.sub("%25", text)
    # A lone surrogate has no UTF-8 form; quote() reports it as UnicodeEncodeError, a ValueError.
    return quote(text, safe=kept)
