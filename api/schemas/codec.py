"""Temporal's remote codec: payloads as its JSON has them, with bytes in base64."""

from base64 import b64decode, b64encode
from contextlib import suppress
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, WithJsonSchema
from temporalio.api.common.v1 import Payload

MAX_PAYLOADS = 1_000
"""Of one request."""
MAX_CODEC_BYTES = 8_000_000
"""Of one request's body."""

_BASE64 = "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"


def _bytes(value: object) -> bytes:
    if isinstance(value, str):
        with suppress(ValueError):
            return b64decode(value, validate=True)
    raise ValueError("must be bytes in base64")


def _base64(value: bytes) -> str:
    return b64encode(value).decode()


Bytes = Annotated[
    bytes,
    BeforeValidator(_bytes),
    PlainSerializer(_base64, return_type=str),
    WithJsonSchema({"type": "string", "pattern": _BASE64}),
]
Metadata = Annotated[dict[str, Bytes], Field(max_length=100)]


class CodecPayload(BaseModel):
    """One payload. What else Temporal writes beside these fields comes back as it was sent."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    metadata: Metadata = Field(default_factory=dict)
    """By name, in base64; `encoding` says what the data is."""
    data: Bytes = b""
    """In base64."""

    def as_payload(self) -> Payload:
        """The payload as Temporal's SDK has it."""
        return Payload(metadata=self.metadata, data=self.data)


class CodecPayloads(BaseModel):
    """The payloads of a request or an answer."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    payloads: Annotated[list[CodecPayload], Field(max_length=MAX_PAYLOADS)]
    """In their order: the answer has each in the same place."""


def payload_view(payload: Payload) -> dict[str, Any]:
    """A payload as Temporal's JSON has it."""
    metadata = {name: _base64(value) for name, value in payload.metadata.items()}
    return {"metadata": metadata, "data": _base64(payload.data)}
