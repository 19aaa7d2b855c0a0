"""A master key that AWS KMS keeps: its JSON protocol over HTTPS, signed by botocore's signer."""

import asyncio
import base64
import json
from functools import cached_property
from typing import Any

import httpx

from gorax.core.errors import Unavailable
from gorax.settings import KmsSettings, SettingsError
from gorax.vault.data_keys import DataKeys
from gorax.vault.master_key import Context, MisfitError

SECONDS = 5.0
"""For one answer."""
ATTEMPTS = 3
PAUSE = 0.2
"""Seconds before the second attempt; before each further one twice as many."""

_MISFITS = frozenset({"InvalidCiphertextException", "IncorrectKeyException"})
_BUSY = frozenset(
    {"ThrottlingException", "KMSInternalException", "DependencyTimeoutException", "KeyUnavailableException"}
)


class _BusyError(Exception):
    """No answer now; another attempt may get one."""


class AwsKmsKey:
    """One key of AWS KMS. The context goes along as KMS's encryption context, and stands in its audit log."""

    def __init__(self, id: str, key_id: str, settings: KmsSettings) -> None:  # noqa: A002 - what it is
        self._id = id
        self._key_id = key_id
        region = settings.region or _region_of(key_id)
        if region is None:
            raise SettingsError(f"GORAX_KMS_REGION: is required, as {key_id!r} does not say its region")
        self._region = region
        self._url = (settings.endpoint or f"https://kms.{region}.amazonaws.com").rstrip("/") + "/"
        self._client = httpx.AsyncClient(timeout=SECONDS)
        self._data_keys = DataKeys(settings.cache_seconds)

    @property
    def id(self) -> str:
        """Its name."""
        return self._id

    async def wrap(self, data_key: bytes, context: Context) -> bytes:
        """The data key, encrypted. Raises `Unavailable`."""
        plaintext = base64.b64encode(data_key).decode()
        answer = await self._call("Encrypt", {"Plaintext": plaintext, "EncryptionContext": dict(context)})
        return self._bytes(answer, "CiphertextBlob")

    async def unwrap(self, wrapped: bytes, context: Context) -> bytes:
        """The data key, which KMS is not asked for again for a while. Raises `MisfitError`, and `Unavailable`."""
        if (kept := self._data_keys.get(wrapped, context)) is not None:
            return kept
        blob = base64.b64encode(wrapped).decode()
        answer = await self._call("Decrypt", {"CiphertextBlob": blob, "EncryptionContext": dict(context)})
        data_key = self._bytes(answer, "Plaintext")
        self._data_keys.keep(wrapped, context, data_key)
        return data_key

    async def close(self) -> None:
        """Close the connections, and forget the data keys."""
        self._data_keys.clear()
        await self._client.aclose()

    async def _call(self, operation: str, fields: dict[str, Any]) -> dict[str, Any]:
        body = json.dumps({"KeyId": self._key_id, **fields}).encode()
        attempt = 1
        while True:
            try:
                return await self._try(operation, body)
            except _BusyError as busy:
                if attempt == ATTEMPTS:
                    raise self._unavailable(str(busy)) from busy
            await asyncio.sleep(PAUSE * 2 ** (attempt - 1))
            attempt += 1

    async def _try(self, operation: str, body: bytes) -> dict[str, Any]:
        """One request. Raises `_BusyError`, `MisfitError`, and `Unavailable`."""
        # Credentials may come from a file or from the machine's own metadata service.
        headers = await asyncio.to_thread(self._signed, operation, body)
        try:
            answer = await self._client.post(self._url, content=body, headers=headers)
            fields = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise _BusyError(type(error).__name__) from error
        fields = fields if isinstance(fields, dict) else {}
        if answer.status_code == 200:
            return fields
        kind = str(fields.get("__type", "")).rpartition("#")[2]
        if kind in _MISFITS:
            raise MisfitError(f"KMS says {kind}")
        reason = kind or f"it answered {answer.status_code}"
        if kind in _BUSY or answer.status_code >= 500:
            raise _BusyError(reason)
        raise self._unavailable(reason)

    def _signed(self, operation: str, body: bytes) -> dict[str, str]:
        # Imported at first use: few deployments have a KMS, and it costs every process some 60 ms.
        from botocore.auth import SigV4Auth
        from botocore.awsrequest import AWSRequest

        headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": f"TrentService.{operation}"}
        request = AWSRequest(method="POST", url=self._url, data=body, headers=headers)
        SigV4Auth(self._credentials.get_frozen_credentials(), "kms", self._region).add_auth(request)
        return dict(request.headers.items())

    @cached_property
    def _credentials(self) -> Any:
        """Those that AWS's tools would use too; they renew themselves. Raises `Unavailable`."""
        from botocore.session import Session

        found = Session().get_credentials()
        if found is None:
            raise self._unavailable(
                "there are no AWS credentials: set AWS_ACCESS_KEY_ID or give the machine a role"
            )
        return found

    def _bytes(self, answer: dict[str, Any], name: str) -> bytes:
        try:
            return base64.b64decode(answer[name], validate=True)
        except (KeyError, TypeError, ValueError) as error:
            raise self._unavailable(f"its answer has no {name}") from error

    def _unavailable(self, reason: str) -> Unavailable:
        return Unavailable(f"the master key {self._id!r} cannot be used: {reason}")


def _region_of(key_id: str) -> str | None:
    parts = key_id.split(":")
    return parts[3] if len(parts) >= 6 and parts[0] == "arn" and parts[3] else None
