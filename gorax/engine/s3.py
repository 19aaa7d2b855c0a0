"""An S3-compatible store, for the payloads that are too large for a history."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import cache
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from temporalio.api.common.v1 import Payload
from temporalio.contrib.aws.s3driver import S3StorageDriver, S3StorageDriverClient
from temporalio.converter import (
    StorageDriverClaim,
    StorageDriverRetrieveContext,
    StorageDriverStoreContext,
)

from gorax.core.cache import Cache
from gorax.core.errors import Unavailable
from gorax.settings import S3Settings

TIMEOUT = 20.0
"""Seconds for one request: the largest payloads have tens of megabytes."""
ATTEMPTS = 6
FIRST_PAUSE = 0.1
"""Seconds after a first attempt; each pause is twice the one before. An activity that cannot hand over its result has
had its effect, and would have it again."""
CACHED_BYTES = 128_000_000
"""Payloads that a process keeps: those that it stored or read last, since a run's next task needs them again."""
MAX_PAYLOAD_BYTES = 80_000_000
"""More than any bound in the settings lets through."""

T = TypeVar("T")


@cache
def _botocore() -> Any:
    # Imported at first use: it costs every process some 60 ms, and few keep payloads in S3.
    from botocore import auth, awsrequest, credentials

    return auth, awsrequest, credentials


class S3Client(S3StorageDriverClient):
    """Puts and gets objects, with requests signed by Signature Version 4; one per process, for its connections."""

    def __init__(self, settings: S3Settings) -> None:
        self._settings = settings
        self._http = httpx.AsyncClient(timeout=TIMEOUT, trust_env=False)

    async def put_object(self, *, bucket: str, key: str, data: bytes) -> None:
        """Store an object; again is the same as once. Raises `Unavailable`."""
        await self._send("PUT", bucket, key, data)

    async def object_exists(self, *, bucket: str, key: str) -> bool:
        """Whether there is such an object. Raises `Unavailable`."""
        return (await self._send("HEAD", bucket, key)).status_code != 404

    async def get_object(self, *, bucket: str, key: str) -> bytes:
        """The object's bytes. Raises `Unavailable`, and `FileNotFoundError` when it is not there."""
        answer = await self._send("GET", bucket, key)
        if answer.status_code == 404:
            raise FileNotFoundError(f"there is no object {key} in {bucket}")
        return answer.content

    async def delete_object(self, *, bucket: str, key: str) -> None:
        """Remove an object; again is the same as once. Raises `Unavailable`."""
        await self._send("DELETE", bucket, key)

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def _send(self, method: str, bucket: str, key: str, data: bytes = b"") -> httpx.Response:
        url = f"{self._settings.url.rstrip('/')}/{bucket}/{quote(key, safe='/')}"
        reason = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                await asyncio.sleep(FIRST_PAUSE * 2 ** (attempt - 1))
            try:
                answer = await self._http.request(
                    method, url, content=data, headers=self._signed(method, url, data)
                )
            except httpx.TransportError as error:
                reason = type(error).__name__
                continue
            if answer.status_code < 300 or (answer.status_code == 404 and method != "PUT"):
                return answer
            reason = f"status {answer.status_code}"
            if answer.status_code < 500:
                break
        raise Unavailable(f"the payload store does not take {method} of {bucket}: {reason}")

    def _signed(self, method: str, url: str, data: bytes) -> dict[str, str]:
        signers, awsrequest, credentials = _botocore()
        settings = self._settings
        request = awsrequest.AWSRequest(method=method, url=url, data=data)
        secret = settings.secret_access_key.get_secret_value()
        keys = credentials.Credentials(settings.access_key_id, secret)
        signers.S3SigV4Auth(keys, "s3", settings.region).add_auth(request)
        return dict(request.headers.items())


class S3Payloads(S3StorageDriver):
    """The SDK's driver, whose errors are ours, and which does not read again what it has just had."""

    def __init__(self, name: str, settings: S3Settings, bucket: str) -> None:
        """Use a bucket. References say the driver's `name`."""
        client = S3Client(settings)
        super().__init__(client, bucket, driver_name=name, max_payload_size=MAX_PAYLOAD_BYTES)
        self._cache: Cache[Payload] = Cache(CACHED_BYTES)

    async def store(
        self, context: StorageDriverStoreContext, payloads: Sequence[Payload]
    ) -> list[StorageDriverClaim]:
        """Keep payloads; again is the same as once. Raises `Unavailable`."""
        claims = await _with_our_errors(super().store(context, payloads))
        for claim, payload in zip(claims, payloads, strict=True):
            self._keep(claim, payload)
        return claims

    async def retrieve(
        self, context: StorageDriverRetrieveContext, claims: Sequence[StorageDriverClaim]
    ) -> list[Payload]:
        """The payloads. Raises `Unavailable`."""
        return [await self._retrieve(context, claim) for claim in claims]

    async def _retrieve(self, context: StorageDriverRetrieveContext, claim: StorageDriverClaim) -> Payload:
        if (cached := self._cache.get(claim.claim_data["hash_value"])) is None:
            [cached] = await _with_our_errors(super().retrieve(context, [claim]))
            self._keep(claim, cached)
        # The SDK may write into what it is given.
        copy = Payload()
        copy.CopyFrom(cached)
        return copy

    def _keep(self, claim: StorageDriverClaim, payload: Payload) -> None:
        self._cache.keep(claim.claim_data["hash_value"], payload, payload.ByteSize())


async def _with_our_errors(call: Awaitable[T]) -> T:
    try:
        return await call
    except RuntimeError as error:
        match error.__cause__:
            case Unavailable() as unavailable:
                raise unavailable from error
            case FileNotFoundError() as missing:
                raise Unavailable(f"the payload store has lost something: {missing}") from error
        raise
