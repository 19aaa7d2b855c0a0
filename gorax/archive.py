"""Where the histories of runs go before Temporal forgets them, as the settings say."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from temporalio.api.history.v1 import HistoryEvent

from gorax.core.ids import execution_part
from gorax.engine.records import pack
from gorax.engine.references import claims
from gorax.engine.s3 import S3_DRIVER, Patience, S3Client
from gorax.settings import Settings
from gorax.store.archive import Archive, RunKey
from gorax.store.session import Database

DELETIONS = 16
"""Objects that are removed at a time."""


class RunArchive:
    """Keeps and reads histories; one per process. Rows say what there is, also of what the object store has."""

    def __init__(self, database: Database, settings: Settings, patience: Patience) -> None:
        self._database = database
        self._to_objects = settings.archive.store == "s3"
        self._bucket = settings.s3.bucket
        # What was kept in S3 before PostgreSQL was chosen stays readable as long as the bucket stays configured.
        self._objects = None if self._bucket is None else S3Client(settings.s3, patience)

    async def newest(self, workflow_id: str) -> str | None:
        """The id of a workflow's last run that is kept. Raises `Unavailable`."""
        async with self._database.platform() as session:
            return await Archive(session).newest(workflow_id)

    async def read(self, workflow_id: str, run_id: str) -> bytes | None:
        """A run's history, packed; None when it is not kept. Raises `Unavailable`."""
        async with self._database.platform() as session:
            row = await Archive(session).get(workflow_id, run_id)
        if row is None or row.data is not None:
            return None if row is None else row.data
        if self._objects is None or self._bucket is None:
            return None
        try:
            return await self._objects.get_object(bucket=self._bucket, key=_name((workflow_id, run_id)))
        except FileNotFoundError:
            return None

    async def keep(self, key: RunKey, closed_at: datetime, events: Sequence[HistoryEvent]) -> None:
        """Keep a run; again is the same as once. Raises `Unavailable`."""
        data: bytes | None = await pack(events)
        payloads = await asyncio.to_thread(self._payloads, key, events) if self._bucket is not None else []
        if self._to_objects and self._objects is not None and self._bucket is not None and data is not None:
            # The object first: a row promises that it is there. One without a row is written again, or expires.
            await self._objects.put_object(bucket=self._bucket, key=_name(key), data=data)
            data = None
        async with self._database.platform() as session:
            await Archive(session).keep(key, closed_at, data, payloads)
            await session.commit()

    async def forget_objects(self, runs: Sequence[RunKey], payloads: Sequence[str]) -> None:
        """Remove runs and payloads, whose rows are about to be removed, from the object store. Raises `Unavailable`."""
        if self._objects is None or self._bucket is None:
            return
        slots = asyncio.Semaphore(DELETIONS)

        async def delete(objects: S3Client, bucket: str, name: str) -> None:
            async with slots:
                await objects.delete_object(bucket=bucket, key=name)

        names = [*map(_name, runs), *payloads]
        await asyncio.gather(*(delete(self._objects, self._bucket, name) for name in names))

    def _payloads(self, key: RunKey, events: Sequence[HistoryEvent]) -> list[str]:
        """The objects in the bucket that are the run's own. Some are of executions that it began: these remove them."""
        own = f"/wi/{quote(execution_part(key[0]), safe='')}"
        names = {claim["key"] for claim in claims(events, S3_DRIVER) if claim["bucket"] == self._bucket}
        # Behind it comes the run's id or, of a batch of a loop, what is behind the execution's in its own.
        return sorted(name for name in names if f"{own}/" in name or f"{own}%2F" in name)

    async def close(self) -> None:
        """Close all connections to the object store."""
        if self._objects is not None:
            await self._objects.close()


def _name(key: RunKey) -> str:
    workflow_id, run_id = key
    return f"archive/{workflow_id}/{run_id}"
