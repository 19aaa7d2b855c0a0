"""Webhooks: what they are configured with, and what of them is shown."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Annotated, Any, NotRequired, Self, cast

from pydantic import AfterValidator, ConfigDict, Field, model_validator
from typing_extensions import TypedDict

from api.schemas.common import Description, JsonObject, Name
from api.schemas.either_case import EitherCase
from gorax.core.webhooks.settings import AuthType, ResponseMode, WebhookSettings
from gorax.store.tables import Webhook

MAX_GRACE = 30 * 86_400

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def _read_secret(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("must not have line breaks, tabs or other control characters")
    if text != text.strip():
        raise ValueError("must not begin or end with a space")  # which headers lose on their way
    return text


Secret = Annotated[str, Field(min_length=16, max_length=255), AfterValidator(_read_secret)]


class CreateWebhook(EitherCase, WebhookSettings):
    """A new webhook."""

    name: Name
    workflow_id: Annotated[str, Field(min_length=1, max_length=255)]
    """The workflow that events execute. It stays the same: the webhook's address has it."""
    description: Description | None = None
    secret: Secret | None = None
    """What the sender has already, such as the one that Stripe shows; made when left out. Stored encrypted. It is used
    as UTF-8."""


def _without_defaults(schema: dict[str, Any]) -> None:
    for described in schema["properties"].values():
        described.pop("default", None)


class UpdateWebhook(EitherCase, WebhookSettings):
    """What changes; a field left out stays as it is, and null takes away what there is."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)

    name: Name = ""
    description: Description | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("must have at least one field that is to change")
        return self


class RegenerateSecret(EitherCase):
    """A new secret."""

    grace_seconds: int = Field(default=0, ge=0, le=MAX_GRACE)
    """How long the secret before stays valid; by default it is not, from now on."""
    secret: Secret | None = None
    """What the sender has already; made when left out."""


class Proof(TypedDict):
    """What a sender proves with who it is. The secret is shown this once."""

    secret: NotRequired[str]
    username: NotRequired[str]
    header_name: NotRequired[str]


class CreatedWebhook(Proof):
    """A new webhook, with what its senders need."""

    id: str
    url: str
    path_url: str | None
    enabled: bool
    auth_type: AuthType


class WebhookSummary(TypedDict):
    """A webhook as lists show it."""

    id: str
    tenant_id: str
    workflow_id: str
    name: str
    description: str
    path: str | None
    url: str
    path_url: str | None
    auth_type: AuthType
    enabled: bool
    priority: int
    created_at: datetime
    updated_at: datetime


class WebhookView(WebhookSummary):
    """A webhook, without its secret."""

    scheme: str | None
    username: str | None
    header_name: str | None
    methods: list[str]
    response_mode: ResponseMode
    response_timeout: float
    input_schema: JsonObject | None
    filter: str | None
    dedupe_key: str | None
    dedupe_seconds: int
    allowed_ips: list[str]
    max_body_bytes: int | None
    regenerated_at: datetime | None
    previous_secret_valid_until: datetime | None
    created_by: str


class UpdatedWebhook(Proof):
    """That a webhook was changed; of another `auth_type`, with its new secret."""

    id: str
    updated_at: datetime


class RegeneratedSecret(TypedDict):
    """The new secret, which is shown this once."""

    id: str
    secret: str
    regenerated_at: datetime
    previous_secret_valid_until: datetime | None


class Addresses:
    """Where webhooks receive their events."""

    def __init__(self, public_address: str) -> None:
        self._base = f"{public_address}/webhooks"

    def url(self, webhook: Webhook) -> str:
        """The address that has the webhook's id."""
        return f"{self._base}/{webhook.workflow_id}/{webhook.id}"

    def path_url(self, webhook: Webhook) -> str | None:
        """The address that its owner chose, if any."""
        return None if webhook.path is None else f"{self._base}/{webhook.tenant_id}{webhook.path}"


def summary_view(row: Webhook, addresses: Addresses) -> dict[str, Any]:
    """The webhook as lists show it: a `WebhookSummary`."""
    return _shown(row, addresses, WebhookSummary.__annotations__)


def webhook_view(row: Webhook, addresses: Addresses) -> dict[str, Any]:
    """The whole webhook: a `WebhookView`."""
    shown = _shown(row, addresses, WebhookView.__annotations__)
    if (until := shown["previous_secret_valid_until"]) is not None and until <= datetime.now(UTC):
        shown["previous_secret_valid_until"] = None
    return shown


def _shown(row: Webhook, addresses: Addresses, names: Iterable[str]) -> dict[str, Any]:
    made: dict[str, Callable[[], Any]] = {
        "url": lambda: addresses.url(row),
        "path_url": lambda: addresses.path_url(row),
        "previous_secret_valid_until": lambda: row.previous_valid_until,
    }
    return {name: made[name]() if name in made else getattr(row, name) for name in names}


def created_view(row: Webhook, secret: str | None, addresses: Addresses) -> CreatedWebhook:
    """The new webhook, with its secret."""
    return {
        "id": row.id,
        "url": addresses.url(row),
        "path_url": addresses.path_url(row),
        "enabled": row.enabled,
        "auth_type": cast(AuthType, row.auth_type),
        **_proof(row, secret),
    }


def updated_view(row: Webhook, secret: str | None) -> UpdatedWebhook:
    """The change, with the secret that it made, if it did."""
    view: UpdatedWebhook = {"id": row.id, "updated_at": row.updated_at}
    return view if secret is None else {**view, **_proof(row, secret)}


def regenerated_view(row: Webhook, secret: str) -> RegeneratedSecret:
    """The new secret, and how long the one before is valid beside it."""
    return {
        "id": row.id,
        "secret": secret,
        "regenerated_at": row.regenerated_at or row.updated_at,
        "previous_secret_valid_until": row.previous_valid_until,
    }


def _proof(row: Webhook, secret: str | None) -> Proof:
    proof: Proof = {}
    if secret is not None:
        proof["secret"] = secret
    if row.username is not None:
        proof["username"] = row.username
    if row.header_name is not None:
        proof["header_name"] = row.header_name
    return proof
