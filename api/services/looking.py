"""Loops that look for what is to be done, for as long as the process lives."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import NoReturn

import structlog

from gorax.core.errors import Unavailable
from gorax.telemetry.instruments import LOOK_FAILURES, LOOKS

log = structlog.get_logger(__name__)


async def look_for_ever(
    look: Callable[[], Awaitable[bool]], *, name: str, pause: float, waiting: str, failing: str
) -> NoReturn:
    """Look again and again until cancelled, `pause` seconds after a look that did not tell of more to do.

    `waiting` is logged when something that is needed does not answer, `failing` for any other error: without the
    loop, what is accepted would wait for ever, so it outlives its errors. `name` is the loop's in the metrics.
    """
    succeeded, failed = LOOKS.labels(name), LOOK_FAILURES.labels(name)
    while True:
        more = False
        try:
            more = await look()
            succeeded.set_to_current_time()
        except Unavailable as error:
            failed.inc()
            log.warning(waiting, reason=str(error))
        except Exception:
            failed.inc()
            log.exception(failing)
        if not more:
            await asyncio.sleep(pause)
