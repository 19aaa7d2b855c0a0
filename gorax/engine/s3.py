"""An S3-compatible store, for the payloads that are too large for a history."""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar
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

S3_DRIVER = "gorax.s3"
"""The name in the references: it must stay what it is for as long as histories live."""
FIRST_PAUSE = 0.1
"""Seconds after a first attempt; each pause is twice the one before."""
LONGEST_PAUSE = 5.0
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


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a process waits for a store that is in trouble."""

    silence: float
    """Seconds without a byte after which a request is given up."""
    trying: float
    """Seconds after the first attempt in which another one may begin."""
    rest: float
    """Seconds after a failure in which nothing is sent, so that callers do not wait one after the other."""


AT_WORK: Final = Patience(silence=20, trying=60, rest=0)
"""A worker's: an activity that cannot hand over its result has had its effect, and would have it again."""
ANSWERING: Final = Patience(silence=4, trying=4, rest=5)
"""The API's: somebody waits for its answers, and for their turns behind the executions that it starts."""


class PayloadStoreUnavailable(Unavailable):
    """The S3-compatible store does not answer, or does not do what it is asked."""


class S3Client(S3StorageDriverClient):
    """Puts and gets objects, with requests signed by Signature Version 4; one per process, for its connections."""

    def __init__(self, settings: S3Settings, patience: Patience) -> None:
        self._settings = settings
        self._patience = patience
        self._next_trial: float | None = None
        self._http = httpx.AsyncClient(timeout=patience.silence, trust_env=False)

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
        began = time.monotonic()
        if self._next_trial is not None and self._patience.rest:
            if began < self._next_trial:
                raise PayloadStoreUnavailable("the payload store does not answer; try again")
            self._next_trial = began + self._patience.silence  # this is the trial, and nobody else's
        url = f"{self._settings.url.rstrip('/')}/{bucket}/{quote(key, safe='/')}"
        pause = FIRST_PAUSE
        while True:
            try:
                answer = await self._http.request(
                    method, url, content=data, headers=self._signed(method, url, data)
                )
            except httpx.TransportError as error:
                reason = type(error).__name__
            else:
                if answer.status_code < 500:
                    self._next_trial = None
                if answer.status_code < 300 or (answer.status_code == 404 and method != "PUT"):
                    return answer
                reason = f"status {answer.status_code}"
                if answer.status_code < 500:
                    break
            if time.monotonic() + pause > began + self._patience.trying:
                self._next_trial = time.monotonic() + self._patience.rest
                break
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        raise PayloadStoreUnavailable(f"the payload store does not take {method} of {bucket}: {reason}")

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

    def __init__(self, name: str, settings: S3Settings, bucket: str, patience: Patience) -> None:
        """Use a bucket. References say the driver's `name`."""
        client = S3Client(settings, patience)
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
        return _copy(cached)

    def _keep(self, claim: StorageDriverClaim, payload: Payload) -> None:
        self._cache.keep(claim.claim_data["hash_value"], _copy(payload), payload.ByteSize())


def _copy(payload: Payload) -> Payload:
    """The SDK writes into what it gave, such as the reference that takes its place, and into what it is given."""
    copy = Payload()
    copy.CopyFrom(payload)
    return copy


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
