"""Payloads in an S3-compatible store, against a server that keeps objects and checks signatures."""

import asyncio
from collections.abc import Iterator

import pytest
from pydantic import SecretStr, ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.converter import (
    StorageDriverRetrieveContext,
    StorageDriverStoreContext,
    StorageDriverWorkflowInfo,
)

from gorax.core.errors import Unavailable
from gorax.engine.s3 import AT_WORK, Patience, PayloadStoreUnavailable, S3Client, S3Payloads
from gorax.payloads import external_storage
from gorax.settings import DatabaseSettings, PayloadSettings, S3Settings, Settings
from gorax.store.session import Database
from tests.support.object_store import BUCKET, ObjectStore, running_object_store


@pytest.fixture
def store() -> Iterator[tuple[ObjectStore, S3Settings]]:
    with running_object_store() as running:
        yield running


async def test_payloads_go_to_the_bucket_and_come_back(
    store: tuple[ObjectStore, S3Settings], database_url: str
) -> None:
    objects, s3 = store
    settings = Settings(
        database=DatabaseSettings(url=database_url), payloads=PayloadSettings(store="s3"), s3=s3
    )
    storage = external_storage(settings, Database(settings), AT_WORK)
    assert storage.driver_selector is not None
    payload = Payload(metadata={"encoding": b"json/plain"}, data=b"x" * 3_000_000)
    driver = next(driver for driver in storage.drivers if driver.name() == "gorax.s3")
    target = StorageDriverWorkflowInfo(
        namespace="default", id="tenant:exec_1/each[0-9]", run_id="r", type="Loop"
    )
    claims = await driver.store(StorageDriverStoreContext(target), [payload])
    assert await driver.retrieve(StorageDriverRetrieveContext(), claims) == [payload]
    assert len(objects.objects) == 1


def _driver(s3: S3Settings) -> S3Payloads:
    return S3Payloads("gorax.s3", s3, BUCKET, AT_WORK)


def _target(workflow_id: str) -> StorageDriverStoreContext:
    return StorageDriverStoreContext(StorageDriverWorkflowInfo(namespace="default", id=workflow_id))


async def test_what_was_read_or_written_last_is_not_read_again(
    store: tuple[ObjectStore, S3Settings],
) -> None:
    objects, s3 = store
    payload = Payload(metadata={"encoding": b"json/plain"}, data=b"x" * 3_000_000)
    writer, reader = _driver(s3), _driver(s3)
    given = Payload()
    given.CopyFrom(payload)
    claims = await writer.store(_target("t:exec_1"), [given])
    given.data = b"a reference"  # as the SDK puts in its place
    [copy] = await writer.retrieve(StorageDriverRetrieveContext(), claims)
    assert objects.reads == 0
    copy.data = b"changed"
    for _ in range(3):
        assert await reader.retrieve(StorageDriverRetrieveContext(), claims) == [payload]
        assert await writer.retrieve(StorageDriverRetrieveContext(), claims) == [payload]
    assert objects.reads == 1


async def test_the_largest_step_output_fits(store: tuple[ObjectStore, S3Settings]) -> None:
    _, s3 = store
    payload = Payload(data=b"x" * 64_100_000)
    claims = await _driver(s3).store(_target("t:exec_1"), [payload])
    assert await _driver(s3).retrieve(StorageDriverRetrieveContext(), claims) == [payload]


async def test_what_is_lost_or_refused_is_unavailable(store: tuple[ObjectStore, S3Settings]) -> None:
    objects, s3 = store
    claims = await _driver(s3).store(_target("t:exec_1"), [Payload(data=b"x")])
    objects.objects.clear()
    with pytest.raises(Unavailable, match="lost something: there is no object"):
        await _driver(s3).retrieve(StorageDriverRetrieveContext(), claims)
    wrong = s3.model_copy(update={"secret_access_key": SecretStr("wrong")})
    with pytest.raises(Unavailable, match="status 403"):
        await _driver(wrong).store(_target("t:exec_1"), [Payload(data=b"x")])


async def test_a_short_outage_is_outlasted(store: tuple[ObjectStore, S3Settings]) -> None:
    objects, s3 = store
    objects.failures = 4
    client = S3Client(s3, AT_WORK)
    await client.put_object(bucket=BUCKET, key="a b/ü", data=b"data")
    assert await client.get_object(bucket=BUCKET, key="a b/ü") == b"data"
    assert await client.object_exists(bucket=BUCKET, key="a b/ü")
    assert not await client.object_exists(bucket=BUCKET, key="other")
    with pytest.raises(FileNotFoundError):
        await client.get_object(bucket=BUCKET, key="other")
    await client.close()


async def test_a_store_that_hangs_is_left_alone_until_it_answers(
    store: tuple[ObjectStore, S3Settings],
) -> None:
    objects, s3 = store
    client = S3Client(s3, Patience(silence=0.3, trying=0.3, rest=0.5))
    objects.hangs = True
    calls = [client.put_object(bucket=BUCKET, key=f"{number}", data=b"data") for number in range(3)]
    for outcome in await asyncio.gather(*calls, return_exceptions=True):
        assert isinstance(outcome, PayloadStoreUnavailable)
    sent = objects.requests
    assert 3 <= sent <= 6
    for _ in range(3):
        with pytest.raises(PayloadStoreUnavailable, match="does not answer; try again"):
            await client.get_object(bucket=BUCKET, key="0")
    assert objects.requests == sent
    objects.hangs = False
    await asyncio.sleep(0.6)
    assert not await client.object_exists(bucket=BUCKET, key="other")
    await client.put_object(bucket=BUCKET, key="0", data=b"data")
    await client.close()


async def test_of_those_that_wait_one_tries(store: tuple[ObjectStore, S3Settings]) -> None:
    objects, s3 = store
    client = S3Client(s3, Patience(silence=0.3, trying=0.3, rest=0.2))
    objects.hangs = True
    with pytest.raises(PayloadStoreUnavailable):
        await client.put_object(bucket=BUCKET, key="0", data=b"data")
    await asyncio.sleep(0.3)
    sent = objects.requests
    trial = asyncio.create_task(client.object_exists(bucket=BUCKET, key="other"))
    await asyncio.sleep(0.1)
    with pytest.raises(PayloadStoreUnavailable, match="does not answer; try again"):
        await client.object_exists(bucket=BUCKET, key="0")
    assert objects.requests == sent + 1
    objects.hangs = False
    assert not await trial
    assert not await client.object_exists(bucket=BUCKET, key="other")
    await client.close()


async def test_a_wrong_key_is_a_clear_error(store: tuple[ObjectStore, S3Settings]) -> None:
    _, s3 = store
    client = S3Client(s3.model_copy(update={"secret_access_key": SecretStr("wrong")}), AT_WORK)
    with pytest.raises(Unavailable, match="status 403"):
        await client.put_object(bucket=BUCKET, key="a", data=b"data")
    await client.close()


def test_s3_without_a_bucket_is_refused() -> None:
    with pytest.raises(ValidationError, match="GORAX_S3_BUCKET"):
        Settings(payloads=PayloadSettings(store="s3"))
