"""Many large payloads at once."""

import asyncio
from typing import cast

from sqlalchemy.pool import QueuePool
from temporalio.api.common.v1 import Payload
from temporalio.converter import StorageDriverStoreContext, StorageDriverWorkflowInfo

from gorax.store.payloads import WRITES, PostgresPayloads
from gorax.store.session import Database


async def test_writes_leave_connections_to_others(database: Database, tenant: str) -> None:
    driver = PostgresPayloads(database)
    target = StorageDriverStoreContext(StorageDriverWorkflowInfo(namespace="default", id=f"{tenant}:exec_1"))
    stored = [Payload(data=bytes([n]) * 8_000_000) for n in range(24)]
    writing = asyncio.gather(*(driver.store(target, [payload]) for payload in stored))
    held = 0
    while not writing.done():
        await asyncio.sleep(0.01)
        held = max(held, cast(QueuePool, database._engine.pool).checkedout())
        await database.ping(1)
    assert len(await writing) == 24
    assert 1 <= held <= WRITES
