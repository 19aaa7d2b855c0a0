"""Payloads on their way to Temporal and back."""

import secrets
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.api.sdk.v1.external_storage_pb2 import ExternalStorageReference
from temporalio.converter import (
    ActivitySerializationContext,
    DataConverter,
    JSONProtoPayloadConverter,
    WorkflowSerializationContext,
)
from temporalio.exceptions import ApplicationError

from gorax.engine.codec import ENCRYPTED, KEY, TENANT, EncryptionCodec, encryption_codec
from gorax.engine.converter import data_converter
from gorax.settings import Env, Settings, SettingsError
from gorax.vault import Damaged, KeyMissing, KeyRing, LocalKey, TenantCipher, open_key_ring

KEY_1, KEY_2 = (LocalKey(name, secrets.token_bytes(32)) for name in ("k1", "k2"))
VALUE = {"card": "4111 1111 1111 1111"}


def codec(*keys: LocalKey, encrypts: bool = True) -> EncryptionCodec:
    """A codec with these keys, or the first."""
    return EncryptionCodec(TenantCipher(KeyRing(keys or [KEY_1])), encrypts=encrypts)


def converter(workflow_id: str, *keys: LocalKey, encrypts: bool = True) -> DataConverter:
    """A converter as the SDK has it for a workflow."""
    context = WorkflowSerializationContext("default", workflow_id)
    return data_converter(codec=codec(*keys, encrypts=encrypts)).with_context(context)


async def encoded(value: Any, workflow_id: str = "acme:exec_1", *keys: LocalKey) -> Payload:
    """A value as Temporal gets it."""
    [payload] = await converter(workflow_id, *keys).encode([value])
    return payload


async def test_nothing_shows_but_key_and_tenant() -> None:
    payload = await encoded(VALUE)
    assert dict(payload.metadata) == {"encoding": ENCRYPTED, KEY: b"k1", TENANT: b"acme"}
    assert b"4111" not in payload.SerializeToString()
    assert b"json" not in payload.SerializeToString()
    assert await converter("acme:exec_1").decode([payload]) == [VALUE]


async def test_every_context_of_a_tenant_reads_the_same() -> None:
    payload = await encoded(VALUE, "acme:exec_1/each[0-9]")
    activity = ActivitySerializationContext("default", "step", "t", "q", "acme:exec_2", "Execution", False)
    for context in (activity, WorkflowSerializationContext("default", "acme:exec_3")):
        assert await data_converter(codec=codec()).with_context(context).decode([payload]) == [VALUE]


@pytest.mark.parametrize("workflow_id", ["other:exec_1", "gorax-reconcile-2026-11-23T05:36:00Z"])
async def test_a_payload_of_another_tenant_does_not_decrypt(workflow_id: str) -> None:
    payload = await encoded(VALUE)
    with pytest.raises(Damaged, match="run data cannot be decrypted: it belongs to another tenant"):
        await converter(workflow_id).decode([payload])
    # Nor does it when it says that it belongs there.
    payload.metadata[TENANT] = b"other"
    with pytest.raises(Damaged, match="run data cannot be decrypted: it was changed"):
        await converter("other:exec_1").decode([payload])


async def test_maintenance_has_payloads_of_no_tenant() -> None:
    workflow_id = "gorax-reconcile-2026-11-23T05:36:00Z"
    payload = await encoded(VALUE, workflow_id)
    assert TENANT not in payload.metadata
    assert await converter(workflow_id).decode([payload]) == [VALUE]
    with pytest.raises(Damaged):
        await converter("acme:exec_1").decode([payload])


@pytest.mark.parametrize("name", [b"", b"\xff", b"a:b", b"x" * 65])
async def test_what_names_no_tenant_is_refused(name: bytes) -> None:
    payload = await encoded(VALUE)
    payload.metadata[TENANT] = name
    with pytest.raises(Damaged):
        await codec().decode([payload])


async def test_what_was_written_before_is_read_and_after_it_is_turned_off_too() -> None:
    [plain] = await converter("acme:exec_1", encrypts=False).encode([VALUE])
    assert plain.metadata["encoding"] == b"json/plain"
    assert await converter("acme:exec_1").decode([plain]) == [VALUE]
    assert await converter("acme:exec_1", encrypts=False).decode([await encoded(VALUE)]) == [VALUE]


async def test_a_lost_key_is_named() -> None:
    payload = await encoded(VALUE)
    with pytest.raises(KeyMissing, match="run data cannot be decrypted: the master key 'k1' is not in"):
        await converter("acme:exec_1", KEY_2).decode([payload])
    assert await converter("acme:exec_1", KEY_2, KEY_1).decode([payload]) == [VALUE]


async def test_a_reference_to_what_is_stored_stays_as_it_is() -> None:
    reference = JSONProtoPayloadConverter().to_payload(ExternalStorageReference(driver_name="gorax.postgres"))
    assert reference is not None
    assert await codec().encode([reference]) == [reference]


async def test_no_value_of_a_user_passes_for_a_reference() -> None:
    value = {"encoding": "json/protobuf", "messageType": "temporal.api.sdk.v1.ExternalStorageReference"}
    assert (await encoded(value)).metadata["encoding"] == ENCRYPTED


@pytest.mark.parametrize(("size", "alike"), [(9_000, False), (11_000, True), (1_000_000, True)])
async def test_large_values_are_the_same_within_an_execution(size: int, alike: bool) -> None:
    one, again, batch, other = [
        (await encoded("x" * size, workflow_id)).data
        for workflow_id in ("acme:exec_1", "acme:exec_1", "acme:exec_1/each[0-9]", "acme:exec_2")
    ]
    assert (one == again == batch) is alike
    assert one != other


async def test_what_failures_say_is_encrypted() -> None:
    failure = await _failure(ApplicationError("no such card: 4111", {"card": "4111"}, type="validation"))
    seen = failure.SerializeToString()
    assert b"4111" not in seen
    assert b"test_codec" not in seen  # where the stack would lead
    assert failure.application_failure_info.type == "validation"
    error = await converter("acme:exec_1").decode_failure(failure)
    assert isinstance(error, ApplicationError)
    assert (error.message, error.details) == ("no such card: 4111", ({"card": "4111"},))
    assert "4111" in str(error.__cause__)


async def test_what_failures_say_of_keys_is_not() -> None:
    failure = await _failure(KeyMissing("the master key 'k1' is not in GORAX_MASTER_KEYS"))
    assert failure.message == "the master key 'k1' is not in GORAX_MASTER_KEYS"


async def _failure(error: Exception) -> Failure:
    failure = Failure()
    try:
        try:
            raise ValueError("4111 is not a number")
        except ValueError as cause:
            raise error from cause
    except Exception as raised:
        await converter("acme:exec_1").encode_failure(raised, failure)
    return failure


def test_in_production_it_is_on_and_wants_a_key_to_derive_from() -> None:
    local = "k1:" + "A" * 43 + "="
    assert encryption_codec(*_opened(Env.production, local)).encrypts
    assert encryption_codec(*_opened(Env.production, f"kms:arn:aws:kms:eu-west-1:1:key/1,{local}")).encrypts
    assert not encryption_codec(*_opened(Env.development, local)).encrypts
    assert not encryption_codec(*_opened(Env.production, local, enabled=False)).encrypts
    with pytest.raises(
        SettingsError, match=r"GORAX_MASTER_KEYS: run data .*add one, also behind a key of KMS"
    ):
        encryption_codec(*_opened(Env.production, "kms:arn:aws:kms:eu-west-1:1:key/1"))


def _opened(env: Env, keys: str, **codec: bool) -> tuple[Settings, KeyRing]:
    settings = Settings.model_validate({"env": env, "master_keys": keys, "codec": codec})
    return settings, open_key_ring(settings)
