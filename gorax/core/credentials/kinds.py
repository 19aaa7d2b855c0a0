"""The forms of values: one model for each type of credential that is known; any other type may hold any object."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, ClassVar, Final, Literal, Self
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from gorax.core.encoding import dumps

MAX_VALUE_BYTES: Final = 65_536
"""Of a value, as JSON."""
MAX_SECRET: Final = 16_384
"""Characters of one secret: room for a key file."""


def _one_line(text: str) -> str:
    if any(character < " " or character == "\x7f" for character in text):
        raise ValueError("must not contain line breaks or other control characters")
    return text


def _http_url(text: str) -> str:
    if not text.startswith(("https://", "http://")) or " " in text:
        raise ValueError("must be an address that begins with https:// or http://")
    return text


def _postgres_url(text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("must begin with postgresql://")
    return text


_Line = Annotated[str, Field(min_length=1, max_length=MAX_SECRET), AfterValidator(_one_line)]
_Name = Annotated[str, Field(min_length=1, max_length=1_024), AfterValidator(_one_line)]
_Host = Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[^\s/@?#]+$")]
_Port = Annotated[int, Field(ge=1, le=65_535)]
_Field = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")]


class Kind(BaseModel):
    """Base of the forms. A field that the form does not have is an error: a typo must not pass silently."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, hide_input_in_errors=True)

    public: ClassVar[frozenset[str]] = frozenset()
    """Fields that say how the secret is used and are none themselves: they need not be hidden."""

    @property
    def sole(self) -> str | None:
        """What the credential's name alone stands for; None where a field has to be named."""
        return None

    def derived(self) -> Iterator[str]:
        """What would give the secret away as well."""
        yield from ()


class ApiKey(Kind):
    """A key, and where it is sent: in a header, `X-API-Key` unless named, or in a parameter of the query."""

    public: ClassVar[frozenset[str]] = frozenset({"header", "query"})

    key: _Line | None = None
    api_key: _Line | None = None
    """Another name for `key`."""
    header: _Field | None = None
    query: _Name | None = None

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        if (self.key is None) == (self.api_key is None):
            raise ValueError("must have either key or api_key")
        if self.header is not None and self.query is not None:
            raise ValueError("must have at most one of header and query")
        return self

    @property
    def sole(self) -> str:
        """The key."""
        return self.key or self.api_key or ""


class BearerToken(Kind):
    """A token, sent as `Authorization: Bearer …`."""

    token: _Line

    @property
    def sole(self) -> str:
        """The token."""
        return self.token


class BasicAuth(Kind):
    """A user's name and password."""

    public: ClassVar[frozenset[str]] = frozenset({"username"})

    username: Annotated[str, Field(max_length=1_024, pattern="^[^:]*$"), AfterValidator(_one_line)]
    password: Annotated[str, Field(max_length=MAX_SECRET)]

    def derived(self) -> Iterator[str]:
        """The pair, of which the header holds the base64."""
        if self.password:
            yield f"{self.username}:{self.password}"


class OAuth2(Kind):
    """Client credentials, for which the server at `token_url` gives access tokens."""

    public: ClassVar[frozenset[str]] = frozenset({"token_url", "scope", "audience", "client_auth"})

    token_url: Annotated[str, Field(max_length=8_192), AfterValidator(_http_url)]
    client_id: _Name
    client_secret: _Line
    scope: Annotated[str, Field(max_length=4_096), AfterValidator(_one_line)] = ""
    audience: Annotated[str, Field(max_length=4_096), AfterValidator(_one_line)] = ""
    client_auth: Literal["basic", "body"] = "basic"

    def derived(self) -> Iterator[str]:
        """The pair, of which the token request's header holds the base64."""
        yield f"{self.client_id}:{self.client_secret}"


class Aws(Kind):
    """An access key of AWS."""

    public: ClassVar[frozenset[str]] = frozenset({"region"})

    access_key_id: Annotated[str, Field(min_length=1, max_length=255, pattern="^[!-~]+$")]
    secret_access_key: _Line
    session_token: _Line | None = None
    region: Annotated[str, Field(pattern="^[a-z0-9-]{1,64}$")] | None = None


class Smtp(Kind):
    """A mail server, and who sends."""

    public: ClassVar[frozenset[str]] = frozenset({"host", "username", "tls"})

    host: _Host
    port: _Port = 587
    username: _Name | None = None
    password: Annotated[str, Field(max_length=MAX_SECRET)] | None = None
    tls: Literal["starttls", "tls", "none"] = "starttls"

    @model_validator(mode="after")
    def _whose_password(self) -> Self:
        if self.password is not None and self.username is None:
            raise ValueError("must have a username with the password")
        return self

    def derived(self) -> Iterator[str]:
        """What `AUTH PLAIN` sends."""
        if self.password:
            yield f"\0{self.username}\0{self.password}"


class Postgres(Kind):
    """A database: its address as one `url`, or in parts."""

    public: ClassVar[frozenset[str]] = frozenset({"host", "database", "username", "sslmode"})

    url: (
        Annotated[str, Field(max_length=8_192), AfterValidator(_one_line), AfterValidator(_postgres_url)]
        | None
    ) = None
    host: _Host | None = None
    port: _Port = 5432
    database: _Name | None = None
    username: _Name | None = None
    password: Annotated[str, Field(max_length=MAX_SECRET)] | None = None
    sslmode: Literal["disable", "allow", "prefer", "require", "verify-ca", "verify-full"] | None = None

    @model_validator(mode="after")
    def _url_or_parts(self) -> Self:
        given = self.model_fields_set
        if self.url is not None:
            if more := sorted(given - {"url"}):
                raise ValueError(f"must have either url or parts of it, not also {', '.join(more)}")
        elif lacking := [name for name in ("host", "database", "username", "password") if name not in given]:
            raise ValueError(f"must have url, or {', '.join(lacking)} as well")
        return self

    @property
    def sole(self) -> str | None:
        """The address, where it is given whole."""
        return self.url

    def derived(self) -> Iterator[str]:
        """The password inside the address."""
        if self.url is not None:
            user_information, _, _ = self.url.partition("://")[2].rpartition("@")
            password = user_information.partition(":")[2]
            yield from (password, unquote(password))


class Slack(Kind):
    """A bot's token, or the address of an incoming webhook, which is a secret too."""

    token: _Line | None = None
    webhook_url: Annotated[str, Field(max_length=8_192), AfterValidator(_http_url)] | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.token is None) == (self.webhook_url is None):
            raise ValueError("must have either token or webhook_url")
        return self

    @property
    def sole(self) -> str:
        """Whichever there is."""
        return self.token or self.webhook_url or ""

    def derived(self) -> Iterator[str]:
        """The path of the webhook, which is what is secret in its address."""
        if self.webhook_url is not None:
            path = urlsplit(self.webhook_url).path
            yield from (path, path.rpartition("/")[2])


KINDS: Final[Mapping[str, type[Kind]]] = {
    "api_key": ApiKey,
    "bearer_token": BearerToken,
    "basic_auth": BasicAuth,
    "oauth2": OAuth2,
    "aws": Aws,
    "smtp": Smtp,
    "postgres": Postgres,
    "slack": Slack,
}
"""By the name of the type. Values of any other type, `custom` among them, are objects of any form."""


def kind_of(type_name: str, value: Mapping[str, Any]) -> Kind | None:
    """The value in the form of its type; None where the type has none, or had another when it was stored."""
    if (kind := KINDS.get(type_name)) is None:
        return None
    try:
        return kind.model_validate(dict(value))
    except ValidationError:
        return None


def value_errors(type_name: str, value: Mapping[str, Any]) -> Sequence[ErrorDetails]:
    """What is wrong with a value of this type, without the value itself; nothing where the type has no form."""
    if (kind := KINDS.get(type_name)) is None:
        return ()
    try:
        kind.model_validate(dict(value))
    except ValidationError as error:
        return error.errors(include_url=False, include_input=False)
    return ()


def secret_texts(type_name: str, value: Mapping[str, Any]) -> Iterator[str]:
    """Every text that must not be seen once the value has been used: all of it, but for a form's public fields."""
    kind = kind_of(type_name, value)
    public: frozenset[str] = frozenset() if kind is None else kind.public
    pending: list[Any] = [part for name, part in value.items() if name not in public]
    while pending:
        part = pending.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, int | float) and not isinstance(part, bool):
            yield dumps(part).decode()
        elif isinstance(part, Mapping):
            pending.extend(part.values())
        elif isinstance(part, list):
            pending.extend(part)
    if kind is not None:
        yield from kind.derived()
