"""Whether the parts that the API depends on answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog

from api.services.kratos import Kratos
from api.services.rates.rates import Rates
from gorax.core.errors import Unavailable
from gorax.engine.client import Engine
from gorax.store.session import Database

PING_SECONDS = 1.0
"""Time in which each part must answer."""
ANSWER_SECONDS = 1.5
"""Time after which the checks are over, whatever still hangs."""

WORKS_WITHOUT = frozenset({"kratos", "redis"})
"""Parts that `/ready` tells of, and without which there is work to do: webhooks and API keys need no Kratos, and
without Redis each process counts requests by itself."""

log = structlog.get_logger("gorax.api")

Check = Callable[[], Awaitable[object]]


class Readiness:
    """The checks behind `/ready`: all at once, and over in time whatever hangs."""

    def __init__(self, database: Database, engine: Engine, kratos: Kratos, rates: Rates) -> None:
        self._checks: dict[str, Check] = {
            "database": lambda: database.ping(PING_SECONDS),
            "temporal": lambda: engine.ping(PING_SECONDS),
        }
        if kratos.configured:
            self._checks["kratos"] = lambda: kratos.ping(PING_SECONDS)
        if rates.shared:
            self._checks["redis"] = rates.check

    async def check(self) -> Mapping[str, str]:
        """By part, `healthy` or `unhealthy: ` and why."""
        tasks = {name: asyncio.ensure_future(check()) for name, check in self._checks.items()}
        await asyncio.wait(tasks.values(), timeout=ANSWER_SECONDS)
        return {name: _verdict(name, task) for name, task in tasks.items()}


def _verdict(part: str, task: "asyncio.Future[object]") -> str:
    if not task.done():
        # Cancelled, but not awaited: what ignores a cancellation must not hold the answer.
        task.cancel()
        return f"unhealthy: no answer within {ANSWER_SECONDS:g} s"
    error = task.exception()
    if error is None:
        return "healthy"
    if not isinstance(error, Unavailable):
        log.error("a readiness check failed", part=part, exc_info=error)
        return "unhealthy: the check failed"
    return f"unhealthy: {error}"
