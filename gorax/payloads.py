"""Where payloads go that are too large for a history, as the settings say."""

from temporalio.converter import ExternalStorage, StorageDriver

from gorax.engine.s3 import S3_DRIVER, Patience, S3Payloads
from gorax.settings import Settings
from gorax.store.payloads import PostgresPayloads
from gorax.store.session import Database


def external_storage(settings: Settings, database: Database, patience: Patience) -> ExternalStorage:
    """The storage of a process that reads or writes histories.

    What was stored in PostgreSQL before S3 was chosen stays readable, and the other way round as long as the bucket
    stays configured.
    """
    drivers: list[StorageDriver] = [PostgresPayloads(database)]
    if settings.s3.bucket is not None:
        drivers.append(S3Payloads(S3_DRIVER, settings.s3, settings.s3.bucket, patience))
    chosen = drivers[-1] if settings.payloads.store == "s3" else drivers[0]
    return ExternalStorage(
        drivers=drivers,
        driver_selector=lambda context, payload: chosen,  # noqa: ARG005 - all of them alike
        payload_size_threshold=settings.payloads.inline_bytes,
    )
