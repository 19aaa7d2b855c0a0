"""Temporal's remote codec, for the Web UI and the `temporal` command: run data in plain for those who may see it.

The answers have the form of Temporal's protocol, not the envelope of ours.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Header
from starlette.responses import Response

from api import examples
from api.auth import CurrentTenant
from api.dependencies import CurrentServices
from api.json_body import JsonBody
from api.openapi import json_body, responses
from api.responses import respond
from api.schemas.codec import MAX_CODEC_BYTES, CodecPayloads, payload_view

PREFIX = "/api/v1/codec"
DEVELOPMENT_PREFIX = "/dev/codec"
"""For every tenant, without identity: the Web UI shows the executions of all of them, and cannot send our headers."""

router = APIRouter(prefix=PREFIX, tags=["Run data"])
development = APIRouter(prefix=DEVELOPMENT_PREFIX, include_in_schema=False)

Payloads = Annotated[CodecPayloads, Depends(JsonBody(CodecPayloads, limit=MAX_CODEC_BYTES))]
Namespace = Annotated[
    str | None,
    Header(alias="X-Namespace", description="The Temporal namespace of the payloads.", max_length=1_000),
]
_NOT_KEPT = {"Cache-Control": "no-store"}


@router.post(
    "/decode",
    operation_id="decodePayloads",
    summary="Decrypt run data",
    response_model=CodecPayloads,
    responses=responses(200, examples.DECODED_PAYLOADS, 400, 401, 408, 500, 503),
    openapi_extra=json_body(CodecPayloads, examples.ENCODED_PAYLOADS),
)
async def decode_payloads(
    body: Payloads, tenant: CurrentTenant, services: CurrentServices, namespace: Namespace = None
) -> Response:
    """Payloads from Temporal's histories, decrypted, up to 1,000 of them and 8 MB.

    Those of other tenants, those that nobody encrypted and those that cannot be decrypted come back as they were sent.
    """
    return await _decoded(body, tenant, services, namespace)


@router.post(
    "/encode",
    operation_id="encodePayloads",
    summary="Encrypt run data",
    response_model=CodecPayloads,
    responses=responses(200, examples.ENCODED_PAYLOADS, 400, 401, 408, 500, 503),
    openapi_extra=json_body(CodecPayloads, examples.DECODED_PAYLOADS),
)
async def encode_payloads(
    body: Payloads, tenant: CurrentTenant, services: CurrentServices, namespace: Namespace = None
) -> Response:
    """What is entered in the Web UI, such as the argument of a signal, encrypted for the tenant.

    Where run data is not encrypted, it comes back as it was sent.
    """
    given = [payload.as_payload() for payload in body.payloads]
    encoded = await services.run_data.encode(given, tenant=tenant, namespace=namespace)
    return respond({"payloads": [payload_view(payload) for payload in encoded]})


@development.post("/decode")
async def decode_for_everybody(
    body: Payloads, services: CurrentServices, namespace: Namespace = None
) -> Response:
    """What `decodePayloads` does, whichever tenant's they are."""
    return await _decoded(body, None, services, namespace)


@development.post("/encode")
async def encode_for_nobody(body: Payloads) -> Response:
    """The payloads as they were sent, which every worker reads: it is not known whose they are."""
    return respond({"payloads": [payload.model_dump(mode="json") for payload in body.payloads]})


async def _decoded(
    body: CodecPayloads, tenant: str | None, services: CurrentServices, namespace: str | None
) -> Response:
    given = [payload.as_payload() for payload in body.payloads]
    decoded = await services.run_data.decode(given, tenant=tenant, namespace=namespace)
    answer = [
        sent.model_dump(mode="json") if found is None else payload_view(found)
        for sent, found in zip(body.payloads, decoded, strict=True)
    ]
    return respond({"payloads": answer}, headers=_NOT_KEPT)
