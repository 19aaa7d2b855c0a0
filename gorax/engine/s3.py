"""An S3-compatible store, for the payloads that are too large for a history."""

from functools import cache
from typing import Any
from urllib.parse import quote

import httpx
from temporalio.contrib.aws.s3driver import S3StorageDriverClient

from gorax.core.errors import Unavailable
from gorax.settings import S3Settings

TIMEOUT = 20.0
"""Seconds for one request: the largest payloads have tens of megabytes."""
ATTEMPTS = 3


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

    async def close(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def _send(self, method: str, bucket: str, key: str, data: bytes = b"") -> httpx.Response:
        url = f"{self._settings.url.rstrip('/')}/{bucket}/{quote(key, safe='/')}"
        reason = ""
        for _ in range(ATTEMPTS):
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
