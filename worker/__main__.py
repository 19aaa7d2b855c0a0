"""`python -m worker`: runs until SIGTERM or SIGINT, then lets running steps finish."""

import asyncio
import signal
import sys

import structlog
import uvloop

from activities.resources import Resources
from gorax.core.actions.catalogue import full_catalogue
from gorax.engine.codec import encryption_codec
from gorax.engine.s3 import AT_WORK
from gorax.engine.setup import connect
from gorax.logs import configure_logging
from gorax.memory import settle
from gorax.payloads import external_storage
from gorax.production import check_production
from gorax.settings import Settings, SettingsError
from gorax.store.session import Database
from gorax.telemetry.exposition import open_exposition
from gorax.telemetry.process import measured
from gorax.telemetry.tracing import end_tracing, install_tracing
from gorax.vault import Vault, open_key_ring
from worker.build import build_worker
from worker.endpoint import endpoint
from worker.first_build import promoted_if_first

log = structlog.get_logger("worker")


async def main() -> None:
    """Run a worker until the process is asked to stop."""
    settings = Settings()
    configure_logging(settings)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    vault = Vault(open_key_ring(settings))
    check_production(settings, api=False)
    codec = encryption_codec(settings, vault.keys)
    install_tracing(settings, "worker")
    exposition = open_exposition(settings)
    database = Database(settings)
    resources = Resources(settings)
    connecting = asyncio.create_task(connect(settings, external_storage(settings, database, AT_WORK), codec))
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait((connecting, stopping), return_when=asyncio.FIRST_COMPLETED)
    try:
        if stop.is_set():
            return
        client = await connecting
        worker = build_worker(
            client,
            settings,
            database=database,
            resources=resources,
            catalogue=full_catalogue(),
            vault=vault,
        )
        settle()
        async with endpoint(settings.metrics, exposition), worker:
            log.info(
                "worker started",
                temporal=settings.temporal.target,
                namespace=settings.temporal.namespace,
                task_queue=settings.temporal.task_queue,
                build_id=settings.worker.build_id,
            )
            async with promoted_if_first(client, settings.worker):
                with measured(database.connections_used, settings.database.pool_size):
                    await stop.wait()
            log.info("worker stopping", grace_seconds=settings.worker.shutdown_grace)
    finally:
        connecting.cancel()
        await resources.close()
        await vault.close()
        await database.close()
        await exposition.close()
        await asyncio.to_thread(end_tracing)


if __name__ == "__main__":
    try:
        uvloop.run(main())
    except SettingsError as error:
        sys.exit(f"worker: {error}")
