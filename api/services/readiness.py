"""Whether the parts that the API depends on answer."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from gorax.core.errors import Unavailable
from gorax.engine.client import Engine
from gorax.settings import Settings
from gorax.store.session import Database

PING_SECONDS = 1.0
"""Time in which each part must answer."""
ANSWER_SECONDS = 1.5
"""Time after which the checks are over, whatever still hangs."""

log = structlog.get_logger("gorax.api")

Check = Callable[[], Awaitable[object]]


class Readiness:
    """The checks behind `/ready`: all at once, and over in time whatever hangs."""

    def __init__(self, settings: Settings, database: Database, engine: Engine) -> None:
        self._redis: Redis | None = None
        self._checks: dict[str, Check] = {
            "database": lambda: database.ping(PING_SECONDS),
            "temporal": lambda: engine.ping(PING_SECONDS),
        }
        if settings.redis_url is not None:
            self._redis = Redis.from_url(
                settings.redis_url, socket_connect_timeout=PING_SECONDS, socket_timeout=PING_SECONDS
            )
            self._checks["redis"] = self._ping_redis

    async def check(self) -> Mapping[str, str]:
        """By part, `healthy` or `unhealthy: ` and why."""
        tasks = {name: asyncio.ensure_future(check()) for name, check in self._checks.items()}
        await asyncio.wait(tasks.values(), timeout=ANSWER_SECONDS)
        return {name: _verdict(name, task) for name, task in tasks.items()}

    async def close(self) -> None:
        """Close the connection that only the checks use."""
        if self._redis is not None:
            await self._redis.aclose()

    async def _ping_redis(self) -> None:
        if self._redis is None:
            return
        try:
            await self._redis.ping()
        except RedisError as error:
            raise Unavailable(str(error)) from error


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
