"""Where the histories of runs go before Temporal forgets them, as the settings say."""

from collections.abc import Sequence
from datetime import datetime

from temporalio.api.history.v1 import HistoryEvent

from gorax.engine.records import pack
from gorax.engine.s3 import S3Client
from gorax.settings import Settings
from gorax.store.archive import Archive, RunKey
from gorax.store.session import Database


class RunArchive:
    """Keeps and reads histories; one per process. Rows say what there is, also of what the object store has."""

    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._to_objects = settings.archive.store == "s3"
        self._bucket = settings.s3.bucket
        # What was kept in S3 before PostgreSQL was chosen stays readable as long as the bucket stays configured.
        self._objects = None if self._bucket is None else S3Client(settings.s3)

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
        if self._to_objects and self._objects is not None and self._bucket is not None and data is not None:
            # The object first: a row promises that it is there. One without a row is written again, or expires.
            await self._objects.put_object(bucket=self._bucket, key=_name(key), data=data)
            data = None
        async with self._database.platform() as session:
            await Archive(session).keep(key, closed_at, data)
            await session.commit()

    async def forget_objects(self, keys: Sequence[RunKey]) -> None:
        """Remove runs from the object store, whose rows are about to be removed. Raises `Unavailable`."""
        if self._objects is not None and self._bucket is not None:
            for key in keys:
                await self._objects.delete_object(bucket=self._bucket, key=_name(key))

    async def close(self) -> None:
        """Close all connections to the object store."""
        if self._objects is not None:
            await self._objects.close()


def _name(key: RunKey) -> str:
    workflow_id, run_id = key
    return f"archive/{workflow_id}/{run_id}"
