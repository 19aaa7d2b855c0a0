"""The first build of a deployment promotes itself, so that a new installation works without a word to it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import structlog
from temporalio.client import Client
from temporalio.service import RPCError

from gorax.core.errors import Conflict, NotFound
from gorax.settings import WorkerSettings
from worker.deployment import Deployment

RETRY_SECONDS = 1.0

log = structlog.get_logger("worker")


@asynccontextmanager
async def promoted_if_first(client: Client, settings: WorkerSettings) -> AsyncIterator[None]:
    """While the block runs, see that a build is promoted where nobody has ever promoted one.

    Without any, new executions would wait for workers that have no build.
    """
    if settings.build_id is None:
        yield
        return
    deployment = Deployment(client, settings.deployment)
    promoting = asyncio.create_task(_promote(deployment, settings.build_id))
    try:
        yield
    finally:
        promoting.cancel()


async def _promote(deployment: Deployment, build_id: str) -> None:
    while True:
        try:
            if await deployment.promote_first(build_id):
                log.info("the first build was promoted", deployment=deployment.name, build_id=build_id)
        except (Conflict, NotFound, RPCError) as error:
            # Temporal hears of a worker's build by its first question for work.
            log.debug("this build is not promoted yet", build_id=build_id, reason=str(error))
            await asyncio.sleep(RETRY_SECONDS)
        else:
            return
