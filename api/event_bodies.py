"""The body of an event as workflows see it: what the sender's content type makes of the bytes."""

import base64
import codecs
import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from api.strict_json import parse_json
from gorax.core.errors import Invalid

MAX_FIELDS: Final = 1_000
"""Fields and files of a form."""
MAX_TYPE: Final = 200
"""Characters of a content type that are looked at."""

_TEXTS: Final = frozenset(
    {"application/xml", "application/javascript", "application/x-ndjson", "application/yaml"}
)
# Others that Python knows take quadratic time, or are no charsets of texts.
_CHARSETS: Final = re.compile(
    r"utf-(?:8(?:-sig)?|(?:16|32)(?:-[bl]e)?)|ascii|iso8859-\d+|cp125\d|shift_jis|euc_(?:jp|kr)|gb\w+|big5|koi8-r"
)
_OF_JSON: Final = re.compile(r"utf-(?:8|16|32).*|ascii")
_FORM: Final = "application/x-www-form-urlencoded"
_MULTIPART: Final = "multipart/form-data"


def parse_body(content_type: str | None, body: bytes) -> Any:
    """The value that the bytes stand for; None for none at all.

    JSON (`application/json`, `…+json`, or no type and JSON all the same) is parsed; a form is an object of its fields,
    those that come twice a list; a file in it, or a field that is no text, an object of `filename`, `content_type`,
    `size` and `base64`. Text is text. Whatever else there may be is base64, as is text that is not in the charset that
    it says, or in UTF-8 where it says none that is known: nothing of it is lost. Raises `Invalid` for what is not what
    its type says.
    """
    if not body:
        return None
    kind, options = _kind(content_type)
    charset = _charset(options)
    if kind == "application/json" or kind.endswith("+json"):
        return _json(body, charset)
    if kind == _FORM:
        return _form(body, charset)
    if kind == _MULTIPART:
        return _multipart(body, options)
    if kind.startswith("text/") or kind in _TEXTS or kind.endswith("+xml"):
        return _text_or_base64(body, charset)
    return _untyped(body) if not kind else _base64(body)


def _kind(content_type: str | None) -> tuple[str, Mapping[str, str]]:
    kind, options = parse_options_header((content_type or "")[:MAX_TYPE])
    return kind.decode("latin-1").strip().lower(), {
        name.decode("latin-1"): value.decode("latin-1") for name, value in options.items()
    }


def _charset(options: Mapping[str, str]) -> str | None:
    """The charset that is declared, by the name that Python has for it; the name as it is where it is unknown."""
    declared = options.get("charset")
    if declared is None:
        return None
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return declared
    return name if _CHARSETS.fullmatch(name) else declared


def _json(body: bytes, charset: str | None) -> Any:
    if charset is not None and not _OF_JSON.fullmatch(charset):
        raise Invalid(f"Content-Type: JSON must be in UTF-8, UTF-16 or UTF-32, not in {charset[:40]!r}")
    # Its first characters tell which one it is, as surely as the sender could.
    encoding = json.detect_encoding(body)
    if encoding == "utf-8":
        return parse_json(body)
    try:
        return parse_json(body.decode(encoding).encode())
    except UnicodeError:
        raise Invalid(f"body: is not valid JSON: it is not {encoding.upper()}") from None


def _untyped(body: bytes) -> Any:
    try:
        return _json(body, None)
    except Invalid:
        return _text_or_base64(body, None)


def _text(body: bytes, charset: str | None) -> str | None:
    """The text; None for what is none."""
    # ASCII is a part of UTF-8, which more senders mean than say so, as those do who declare what nobody knows.
    known = charset is not None and charset != "ascii" and _CHARSETS.fullmatch(charset)
    try:
        return body.decode(charset if charset and known else "utf-8")
    except ValueError:
        return None


def _text_or_base64(body: bytes, charset: str | None) -> str:
    text = _text(body, charset)
    return _base64(body) if text is None else text


def _base64(body: bytes) -> str:
    return base64.b64encode(body).decode()


def _form(body: bytes, charset: str | None) -> dict[str, Any]:
    try:
        # As Latin-1 each character is a byte, and stays one.
        pairs = parse_qsl(
            body.decode("latin-1"), keep_blank_values=True, encoding="latin-1", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise Invalid(f"body: must have at most {MAX_FIELDS} fields") from None
    fields = _Fields()
    for name, value in pairs:
        content = value.encode("latin-1")
        text = _text(content, charset)
        fields.add(_name(name.encode("latin-1")), _file(content) if text is None else text)
    return fields.values


def _name(name: bytes) -> str:
    return name.decode(errors="backslashreplace")


def _file(content: bytes, filename: str | None = None, content_type: str | None = None) -> dict[str, Any]:
    return {
        "filename": filename,
        "content_type": content_type,
        "size": len(content),
        "base64": _base64(content),
    }


class _Fields:
    def __init__(self) -> None:
        self.values: dict[str, Any] = {}
        self._lists: set[str] = set()
        self._count = 0

    def add(self, name: str, value: Any) -> None:
        self._count += 1
        if self._count > MAX_FIELDS:
            raise Invalid(f"body: must have at most {MAX_FIELDS} fields")
        if name not in self.values:
            self.values[name] = value
        elif name in self._lists:
            self.values[name].append(value)
        else:
            self._lists.add(name)
            self.values[name] = [self.values[name], value]


def _multipart(body: bytes, options: Mapping[str, str]) -> dict[str, Any]:
    boundary = options.get("boundary")
    if not boundary:
        raise Invalid("body: the content type multipart/form-data must have a boundary")
    parts = _Parts()
    try:
        parser = MultipartParser(boundary.encode("latin-1"), parts.callbacks(), max_header_count=16)
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise Invalid(f"body: is not valid multipart/form-data: {error}") from None
    if not parts.ended:
        raise Invalid("body: is not valid multipart/form-data: it ends too soon")
    return parts.fields.values


class _Parts:
    """Takes in what the parser finds."""

    def __init__(self) -> None:
        self.fields = _Fields()
        self.ended = False
        self._headers: dict[str, bytes] = {}
        self._name = b""
        self._value = b""
        self._data: list[bytes] = []

    def callbacks(self) -> Any:
        found: dict[str, Callable[..., None]] = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._part_data,
            "on_part_end": self._part_end,
            "on_end": self._end,
        }
        return found

    def _begin(self) -> None:
        self._headers, self._data = {}, []

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._name.decode("latin-1").lower()] = self._value
        self._name = self._value = b""

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        self._data.append(data[start:end])

    def _part_end(self) -> None:
        _, options = parse_options_header(self._headers.get("content-disposition", b""))
        content = b"".join(self._data)
        content_type = self._headers.get("content-type", b"").decode("latin-1") or None
        filename = options.get(b"filename")
        value: Any = _text(content, _charset(_kind(content_type)[1])) if filename is None else None
        if value is None:
            value = _file(content, None if filename is None else _name(filename), content_type)
        self.fields.add(_name(options.get(b"name", b"")), value)

    def _end(self) -> None:
        self.ended = True
