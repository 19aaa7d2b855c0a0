"""Master keys in AWS KMS, against a server that speaks its protocol and checks signatures."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from collections.abc import AsyncIterator
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from gorax.core.errors import Unavailable
from gorax.settings import Env, KmsSettings, Settings
from gorax.vault import Damaged, LocalKey, Vault, aws_kms, data_keys, open_key_ring
from gorax.vault.data_keys import DataKeys
from gorax.vault.keyring import KeyRing
from tests.support.receiver import Receiver, Reply, Request

KEY = "arn:aws:kms:eu-west-1:111122223333:key/1234abcd"
ACCESS_KEY, SECRET_KEY = "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG"
CONTEXT = {"tenant": "acme", "credential": "cred_1", "version": "1"}
SECRET = b"example_4eC39HqLyjWDarjtT1zdp7dc"


class Kms(Receiver):
    """A KMS with one key, which answers as its documentation says."""

    def __init__(self) -> None:
        super().__init__()
        self._cipher = AESGCM(secrets.token_bytes(32))
        self.operations: list[str] = []
        self.trouble: list[Reply] = []
        """Answers that come first."""

    def _reply_to(self, request: Request) -> Reply:
        service, _, operation = request.headers["x-amz-target"].partition(".")
        self.operations.append(operation)
        assert (request.method, request.path, service) == ("POST", "/", "TrentService")
        assert request.headers["content-type"] == "application/x-amz-json-1.1"
        if self.trouble:
            return self.trouble.pop(0)
        if request.headers["authorization"].rpartition("=")[2] != _signature(request):
            return _error("InvalidSignatureException")
        fields = request.json()
        if fields["KeyId"] != KEY:
            return _error("NotFoundException")
        context = json.dumps(fields["EncryptionContext"], sort_keys=True).encode()
        if operation == "Encrypt":
            nonce = secrets.token_bytes(12)
            blob = nonce + self._cipher.encrypt(nonce, base64.b64decode(fields["Plaintext"]), context)
            return Reply(json={"CiphertextBlob": base64.b64encode(blob).decode(), "KeyId": KEY})
        blob = base64.b64decode(fields["CiphertextBlob"])
        try:
            plaintext = self._cipher.decrypt(blob[:12], blob[12:], context)
        except InvalidTag:
            return _error("InvalidCiphertextException")
        return Reply(json={"Plaintext": base64.b64encode(plaintext).decode(), "KeyId": KEY})


def _error(kind: str, status: int = 400) -> Reply:
    return Reply(status=status, json={"__type": f"com.amazonaws.kms#{kind}", "message": "no"})


def _signature(request: Request) -> str:
    """Signature Version 4 of what arrived, by the published algorithm."""
    fields = dict(part.strip().split("=", 1) for part in request.headers["authorization"][17:].split(","))
    names = fields["SignedHeaders"].split(";")
    lines = [f"{name}:{request.headers[name].strip()}" for name in names]
    body = hashlib.sha256(request.body).hexdigest()
    canonical = "\n".join(["POST", "/", "", *lines, "", ";".join(names), body])
    moment = request.headers["x-amz-date"]
    scope = f"{moment[:8]}/eu-west-1/kms/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{SECRET_KEY}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.new(key, text.encode(), "sha256").hexdigest()


@pytest.fixture(autouse=True)
def _quick_and_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", ACCESS_KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET_KEY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(aws_kms, "PAUSE", 0.01)


@pytest.fixture
async def kms() -> AsyncIterator[Kms]:
    """The test's own KMS."""
    async with Kms() as kms:
        yield kms


def settings(kms: Kms, keys: str = f"kms:{KEY}", cache_seconds: float = 0) -> Settings:
    """Production settings with a key of the test's KMS."""
    own = KmsSettings(endpoint=kms.url, cache_seconds=cache_seconds)
    return Settings.model_validate({"env": Env.production, "master_keys": keys, "kms": own})


@pytest.fixture
async def vault(kms: Kms) -> AsyncIterator[Vault]:
    """A vault whose only master key is in the KMS."""
    vault = Vault(open_key_ring(settings(kms)))
    yield vault
    await vault.close()


async def test_a_secret_comes_back_and_never_goes_to_the_kms(vault: Vault, kms: Kms) -> None:
    envelope = await vault.seal(SECRET, CONTEXT)
    assert envelope.key_id == f"kms:{KEY}"
    assert await vault.open(envelope, CONTEXT) == SECRET
    assert kms.operations == ["Encrypt", "Decrypt"]
    for request in kms.requests:
        assert request.json()["EncryptionContext"] == CONTEXT
        assert base64.b64encode(SECRET) not in request.body
    assert len(base64.b64decode(kms.requests[0].json()["Plaintext"])) == 32
    assert kms.connections == 1


async def test_it_opens_nowhere_else(vault: Vault) -> None:
    envelope = await vault.seal(SECRET, CONTEXT)
    with pytest.raises(Damaged):
        await vault.open(envelope, {**CONTEXT, "tenant": "other"})


@pytest.mark.parametrize(
    "trouble",
    [
        _error("ThrottlingException"),
        _error("KMSInternalException", 500),
        Reply(status=503, body=b"<html>"),
        Reply(drop=True),
    ],
)
async def test_a_busy_kms_is_asked_again(vault: Vault, kms: Kms, trouble: Reply) -> None:
    envelope = await vault.seal(SECRET, CONTEXT)
    kms.trouble = [trouble, trouble]
    assert await vault.open(envelope, CONTEXT) == SECRET
    kms.trouble = [trouble] * 3
    with pytest.raises(Unavailable, match=f"the master key 'kms:{KEY}' cannot be used: "):
        await vault.open(envelope, CONTEXT)
    assert not kms.trouble


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (_error("AccessDeniedException"), "AccessDeniedException"),
        (_error("DisabledException"), "DisabledException"),
        (Reply(status=403, json=[]), "it answered 403"),
        (Reply(json={}), "its answer has no Plaintext"),
        (Reply(json={"Plaintext": "?"}), "its answer has no Plaintext"),
    ],
)
async def test_a_refusal_is_told_at_once(vault: Vault, kms: Kms, reply: Reply, reason: str) -> None:
    envelope = await vault.seal(SECRET, CONTEXT)
    kms.trouble = [reply]
    with pytest.raises(Unavailable, match=reason):
        await vault.open(envelope, CONTEXT)
    assert kms.operations == ["Encrypt", "Decrypt"]


async def test_a_wrong_signature_is_refused(vault: Vault, kms: Kms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(Unavailable, match="InvalidSignatureException"):
        await vault.seal(SECRET, CONTEXT)


async def test_without_credentials_of_aws(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    for name in ("AWS_SHARED_CREDENTIALS_FILE", "AWS_CONFIG_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(Unavailable, match="there are no AWS credentials"):
        await vault.seal(SECRET, CONTEXT)


async def test_a_data_key_is_kept_for_a_while(kms: Kms) -> None:
    vault = Vault(open_key_ring(settings(kms, cache_seconds=0.3)))
    one, other = [await vault.seal(SECRET, {**CONTEXT, "version": version}) for version in "12"]
    kms.operations.clear()
    for _ in range(20):
        assert await vault.open(one, {**CONTEXT, "version": "1"}) == SECRET
    assert await vault.open(other, {**CONTEXT, "version": "2"}) == SECRET
    assert kms.operations == ["Decrypt"] * 2
    with pytest.raises(Damaged):
        await vault.open(one, {**CONTEXT, "tenant": "other"})
    await asyncio.sleep(0.35)
    assert await vault.open(one, {**CONTEXT, "version": "1"}) == SECRET
    assert kms.operations == ["Decrypt"] * 4
    await vault.close()


def test_no_more_data_keys_are_kept_than_may_be() -> None:
    kept = DataKeys(60)
    for number in range(data_keys.MAX_KEPT + 10):
        kept.keep(b"%d" % number, CONTEXT, b"key")
    found = [number for number in range(data_keys.MAX_KEPT + 10) if kept.get(b"%d" % number, CONTEXT)]
    assert found == list(range(10, data_keys.MAX_KEPT + 10))


async def test_moving_into_the_kms(kms: Kms) -> None:
    local = base64.b64encode(bytes(32)).decode()
    before = await Vault(KeyRing([LocalKey("k1", bytes(32))])).seal(SECRET, CONTEXT)
    both = Vault(open_key_ring(settings(kms, f"kms:{KEY},k1:{local}")))
    after = await both.rewrap(before, CONTEXT)
    assert after.key_id == f"kms:{KEY}"
    assert await both.open(after, CONTEXT) == await both.open(before, CONTEXT) == SECRET
    assert both.keys.derive("x").key_id == "k1"
    await both.close()
