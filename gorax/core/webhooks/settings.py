"""What a webhook is configured with, and the words for what becomes of its events."""

import re
from collections.abc import Iterator
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from gorax.core.durations import Duration
from gorax.core.encoding import dumps
from gorax.core.expressions import ExpressionError, compile_expression
from gorax.core.json_schema import SchemaError, compile_schema
from gorax.core.signatures import Scheme
from gorax.core.webhooks.networks import read_network

AuthType = Literal["none", "signature", "basic", "api_key"]
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]
ResponseMode = Literal["accepted", "result"]
KeptStatus = Literal["processed", "filtered", "duplicate", "rejected"]
"""What became of an event. `processed`: an execution was accepted."""
EventStatus = Literal[KeptStatus, "queued"]
"""The same as people see it. `queued`: Temporal has not taken the execution yet; its own row says so."""
EventSource = Literal["request", "replay", "test"]

DEFAULT_SCHEME: Final = "gorax"
DEFAULT_HEADER: Final = "X-API-Key"
DEFAULT_DEDUPE_SECONDS: Final = 86_400
MAX_DEDUPE_SECONDS: Final = 7 * 86_400
MAX_RESPONSE_SECONDS: Final = 30.0
MAX_PATH: Final = 255
MAX_EXPRESSION: Final = 4_000
"""Characters of a filter or a key."""
MAX_SCHEMA_BYTES: Final = 64 * 1024
MAX_ALLOWED_IPS: Final = 100
NAMES: Final = frozenset({"trigger"})
"""What a filter and a key see: the trigger as an execution would have it, `trigger.body` and the rest."""

_SEGMENT = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=:@-]+", re.ASCII)
_ID = re.compile(r"/wh_[0-9a-z]{26}", re.ASCII)
_USERNAME = re.compile(r"[!-9;-~]{1,128}", re.ASCII)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}", re.ASCII)
_CARRYING = frozenset(
    {
        *("connection", "content-encoding", "content-length", "content-type", "cookie", "expect", "host"),
        *("keep-alive", "te", "trailer", "transfer-encoding", "upgrade", "x-forwarded-for"),
        # What names an event is kept as it is, and would give the secret away.
        *("idempotency-key", "webhook-id", "webhook-timestamp", "x-github-delivery"),
    }
)
"""Headers that mean something else already."""


def normal_path(path: str) -> str:
    """The path as it is kept and looked for: `/orders/` is `/orders`. Case counts, as in every URL."""
    return path.rstrip("/")


def _read_path(text: str) -> str:
    path = normal_path(text)
    if not path.startswith("/"):
        raise ValueError('must begin with "/" and have a name after it, such as "/orders"')
    for segment in path[1:].split("/"):
        if segment in ("", ".", ".."):
            raise ValueError('must not have empty parts, "." or ".."')
        if not _SEGMENT.fullmatch(segment):
            raise ValueError("must consist of letters, digits and -._~!$&'()*+,;=:@ between its slashes")
    if _ID.fullmatch(path):
        raise ValueError("must not look like the id of a webhook")
    return path


def _read_username(text: str) -> str:
    if not _USERNAME.fullmatch(text):
        raise ValueError("must be 1 to 128 printable ASCII characters without spaces and colons")
    return text


def _read_header_name(text: str) -> str:
    if not _HEADER_NAME.fullmatch(text):
        raise ValueError("must be the name of a header: 1 to 64 letters, digits and !#$%&'*+-.^_`|~")
    if text.lower() in _CARRYING:
        raise ValueError(f"must not be {text}, which has a meaning of its own")
    return text


def read_method(value: object) -> object:
    """A method as it is written in requests: in upper case."""
    return value.upper() if isinstance(value, str) and len(value) <= 10 else value


def _distinct(methods: list[Method]) -> list[Method]:
    return list(dict.fromkeys(methods))


def _read_network(text: str) -> str:
    try:
        return str(read_network(text))
    except ValueError:
        raise ValueError('must be an IP address or a network such as "203.0.113.0/24"') from None


def _read_expression(source: str) -> str:
    try:
        expression = compile_expression(source)
    except ExpressionError as error:
        raise ValueError(f"is not an expression: {error}") from None
    unknown = sorted({path[0] for path in expression.references if path and path[0] not in NAMES})
    if unknown:
        raise ValueError(f"sees trigger alone, such as trigger.body, not {unknown[0]}")
    return source


def _read_schema(schema: dict[str, Any]) -> dict[str, Any]:
    if len(dumps(schema)) > MAX_SCHEMA_BYTES:
        raise ValueError(f"must be at most {MAX_SCHEMA_BYTES // 1024} KB of JSON")
    return schema


def schema_fault(schema: dict[str, Any]) -> str | None:
    """What keeps an `input_schema` from being used, if anything; it may take a third of a second."""
    try:
        compile_schema(schema)
    except SchemaError as error:
        return f"is not a schema: {f'{error.pointer} ' if error.pointer else ''}{error.message}"
    return None


Path = Annotated[str, Field(min_length=1, max_length=MAX_PATH), AfterValidator(_read_path)]
Username = Annotated[str, AfterValidator(_read_username), Field(min_length=1, max_length=128)]
HeaderName = Annotated[str, AfterValidator(_read_header_name), Field(min_length=1, max_length=64)]
Methods = Annotated[
    list[Annotated[Method, BeforeValidator(read_method)]],
    Field(min_length=1, max_length=10),
    AfterValidator(_distinct),
]
Network = Annotated[str, Field(max_length=64), AfterValidator(_read_network)]
Source = Annotated[str, Field(min_length=1, max_length=MAX_EXPRESSION), AfterValidator(_read_expression)]


class WebhookSettings(BaseModel):
    """What a webhook is configured with; the names are those of the table's columns."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    path: Path | None = None
    """An address of the tenant's own choice, `/webhooks/{tenant_id}` before it. Unique in the tenant. Case counts, a
    slash at the end does not."""
    auth_type: AuthType = "signature"
    """How senders prove who they are."""
    scheme: Scheme | None = None
    """Of `signature`, how the sender signs: `gorax` (the default), `github`, `stripe` or `standard`."""
    username: Username | None = None
    """Of `basic`; generated when left out."""
    header_name: HeaderName | None = None
    """Of `api_key`, the header that has the secret. Default `X-API-Key`."""
    methods: Methods = ["POST"]
    """HTTP methods that are received."""
    priority: int = Field(default=1, ge=0, le=3)
    """Of the executions: 0 low, 1 normal, 2 high, 3 critical."""
    enabled: bool = True
    """A disabled webhook begins no execution."""
    response_mode: ResponseMode = "accepted"
    """`accepted` answers at once; `result` waits for what the workflow answers."""
    response_timeout: Annotated[Duration, Field(gt=0, le=MAX_RESPONSE_SECONDS)] = MAX_RESPONSE_SECONDS
    """How long `result` waits."""
    input_schema: Annotated[dict[str, Any], AfterValidator(_read_schema)] | None = None
    """JSON Schema (2020-12): an event whose body is not as it asks begins nothing."""
    filter: Source | None = None
    """An expression over `trigger`: an event for which it is not true begins nothing."""
    dedupe_key: Source | None = None
    """An expression over `trigger`: of events for which it has the same value, the first one counts."""
    dedupe_seconds: int = Field(default=DEFAULT_DEDUPE_SECONDS, ge=0, le=MAX_DEDUPE_SECONDS)
    """How long a repeated event is recognised; 0 for not at all."""
    allowed_ips: Annotated[list[Network], Field(max_length=MAX_ALLOWED_IPS)] = []
    """Addresses and networks that may send; empty for any."""
    max_body_bytes: int | None = Field(default=None, ge=1, le=100_000_000)
    """Largest body; left out, what the server allows."""

    def misplaced(self) -> Iterator[tuple[str, str]]:
        """Fields that the `auth_type` has no use for, each with what is wrong."""
        for field, auth_type in OWN_FIELDS.items():
            if getattr(self, field) is not None and self.auth_type != auth_type:
                yield field, f"is for auth_type {auth_type} only, not for {self.auth_type}"

    def own_defaults(self, username: str) -> dict[str, str]:
        """What the `auth_type` needs and was not given; `username` is the one that `basic` then has."""
        defaults = {"scheme": DEFAULT_SCHEME, "username": username, "header_name": DEFAULT_HEADER}
        return {
            field: defaults[field]
            for field, auth_type in OWN_FIELDS.items()
            if self.auth_type == auth_type and getattr(self, field) is None
        }


OWN_FIELDS: Final[dict[str, AuthType]] = {
    "scheme": "signature",
    "username": "basic",
    "header_name": "api_key",
}
"""Fields that belong to one `auth_type` alone."""
