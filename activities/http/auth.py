"""How a request is authorized: the forms of `auth` in a definition."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Discriminator, Field, Tag

from activities.http.fields import HeaderName, Text, Token, web_address
from gorax.core.actions.declaration import Config

Secret = Annotated[str, Field(min_length=1, max_length=8_192)]


class BearerAuth(Config):
    """`Authorization: Bearer …`."""

    type: Literal["bearer"]
    token: Annotated[Token, Field(min_length=1, max_length=8_192)]


class BasicAuth(Config):
    """`Authorization: Basic …`, user name and password in UTF-8."""

    type: Literal["basic"]
    username: Annotated[str, Field(max_length=255, pattern="^[^:]*$")]
    password: Annotated[str, Field(max_length=1_024)] = ""


class ApiKeyAuth(Config):
    """A key in a header or in the query."""

    type: Literal["api_key"]
    name: HeaderName
    value: Annotated[Token, Field(min_length=1, max_length=8_192)]
    in_: Literal["header", "query"] = Field(default="header", alias="in")


class OAuth2Auth(Config):
    """An access token by OAuth 2.0 client credentials, fetched when needed and kept until it expires."""

    type: Literal["oauth2"]
    token_url: Annotated[str, AfterValidator(web_address)]
    client_id: Annotated[str, Field(min_length=1, max_length=1_024)]
    client_secret: Secret
    scope: Text = ""
    """Scopes, separated by spaces."""
    audience: Text = ""
    client_auth: Literal["basic", "body"] = "basic"
    """Whether the client's id and secret go into the `Authorization` header or into the form."""


class AwsAuth(Config):
    """AWS Signature Version 4."""

    type: Literal["aws_sigv4"]
    access_key_id: Annotated[Token, Field(min_length=1, max_length=255)]
    secret_access_key: Secret
    session_token: Annotated[Token, Field(max_length=8_192)] = ""
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
    service: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")]
    """The service's name in signatures, such as `s3` or `execute-api`."""


class CredentialAuth(Config):
    """A stored credential, by its name or id."""

    credential: Annotated[str, Field(min_length=1, max_length=255)]
    service: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")] | None = None
    """Of a request to AWS, where the host's name does not say it; see `AwsAuth`."""
    region: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,64}$")] | None = None
    """Likewise; without it the credential's."""


def _kind(value: Any) -> str | None:
    if isinstance(value, dict):
        return "credential" if "credential" in value else value.get("type")
    return "credential" if isinstance(value, CredentialAuth) else getattr(value, "type", None)


KnownAuth = BearerAuth | BasicAuth | ApiKeyAuth | OAuth2Auth | AwsAuth
"""What a request can be authorized by."""

Auth = Annotated[
    Annotated[BearerAuth, Tag("bearer")]
    | Annotated[BasicAuth, Tag("basic")]
    | Annotated[ApiKeyAuth, Tag("api_key")]
    | Annotated[OAuth2Auth, Tag("oauth2")]
    | Annotated[AwsAuth, Tag("aws_sigv4")]
    | Annotated[CredentialAuth, Tag("credential")],
    Discriminator(
        _kind,
        custom_error_type="auth_type",
        custom_error_message="auth needs a type (bearer, basic, api_key, oauth2, aws_sigv4) or a credential",
    ),
]
"""`auth` of the `http` action."""
