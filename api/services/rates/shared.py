"""Requests of the last minute, counted in Redis by all processes together."""

import asyncio
from typing import Final

import structlog
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import RedisError

from api.services.rates.windows import UNCOUNTED, WINDOW, Verdict
from gorax.core.errors import Unavailable
from gorax.store.tenants import UNLIMITED
from gorax.telemetry.instruments import REDIS_AWAY

PREFIX: Final = "gorax:rate:"
"""Of all keys in Redis; each is gone a minute after its last request."""
CONNECTIONS: Final = 16
"""Of one process."""
LOOK_SECONDS: Final = 1.0
"""Between two looks whether Redis is back."""

# One hash a key: requests by the second, by Redis' own clock. What is found is decided in the same step, so that the
# processes together let in as many as one would. It answers whether the request is counted, how many are, and in how
# many milliseconds there will be fewer; of a refused one, in how many there is room.
_HIT: Final = """
local window, limit = tonumber(ARGV[1]), tonumber(ARGV[2])
local clock = redis.call('TIME')
local now = tonumber(clock[1])
local stored = redis.call('HGETALL', KEYS[1])
local counts, used, over = {}, 0, {}
for i = 1, #stored, 2 do
  local second = tonumber(stored[i])
  if second > now - window then
    counts[second] = tonumber(stored[i + 1])
    used = used + counts[second]
  else
    over[#over + 1] = stored[i]
  end
end
local allowed = used < limit
if allowed then
  if #over > 0 then redis.call('HDEL', KEYS[1], unpack(over)) end
  redis.call('HINCRBY', KEYS[1], clock[1], 1)
  redis.call('EXPIRE', KEYS[1], window)
  counts[now] = (counts[now] or 0) + 1
  used = used + 1
end
local left, free = used, now
for second = now - window + 1, now do
  if counts[second] then
    left = left - counts[second]
    if allowed or left < limit then
      free = second
      break
    end
  end
end
return {allowed and 1 or 0, used, (free + window - now) * 1000 - math.floor(tonumber(clock[2]) / 1000)}
"""
_PROBE: Final = "probe"

log = structlog.get_logger("gorax.api")


class SharedWindows:
    """Requests by key, as far as Redis answers.

    When it does not, nobody waits for it any more: it is asked once a second, beside all requests, until it is back.
    """

    def __init__(self, url: str, timeout: float) -> None:
        """Nothing is connected before the first request. Raises `ValueError` for what is no address of a Redis."""
        self._timeout = timeout
        pool = BlockingConnectionPool.from_url(
            url,
            max_connections=CONNECTIONS,
            timeout=timeout,
            socket_timeout=timeout,
            socket_connect_timeout=timeout,
            retry=Retry(NoBackoff(), 0),
        )
        self._redis = Redis(connection_pool=pool)
        self._script = self._redis.register_script(_HIT)
        self._returning: asyncio.Task[None] | None = None
        self._reason = ""

    @property
    def away(self) -> bool:
        """Whether Redis did not answer when it was asked last."""
        return self._returning is not None

    async def hit(self, key: str, limit: int) -> Verdict | None:
        """Count a request, unless there are `limit` already, in one round trip; None when Redis does not say."""
        if limit == UNLIMITED:
            return UNCOUNTED
        if self.away:
            return None
        try:
            return await self._hit(key, limit)
        except Unavailable as error:
            self._leave(error)
            return None

    async def check(self) -> None:
        """Raise `Unavailable`, with the reason, when requests are not counted in Redis."""
        if self.away:
            raise Unavailable(self._reason)
        await self._hit(_PROBE, 1)

    async def close(self) -> None:
        """Close the connections."""
        if self._returning is not None:
            self._returning.cancel()
            await asyncio.wait([self._returning])
        await self._redis.aclose()
        await self._redis.connection_pool.disconnect()

    async def _hit(self, key: str, limit: int) -> Verdict:
        try:
            async with asyncio.timeout(self._timeout):
                try:
                    allowed, used, left = await self._count(key, limit)
                except Disconnected:
                    # One that was idle while Redis was started anew says nothing of Redis now.
                    await self._forget_connections()
                    allowed, used, left = await self._count(key, limit)
        except TimeoutError as error:
            raise Unavailable(f"no answer within {self._timeout:g} s") from error
        except (RedisError, OSError) as error:
            raise Unavailable(str(error) or type(error).__name__) from error
        return Verdict(bool(allowed), limit, max(0, limit - used), left / 1000)

    async def _count(self, key: str, limit: int) -> tuple[int, int, int]:
        allowed, used, left = await self._script(keys=[PREFIX + key], args=[WINDOW, limit])
        return allowed, used, left

    async def _forget_connections(self) -> None:
        await self._redis.connection_pool.disconnect(inuse_connections=False)

    def _leave(self, error: Unavailable) -> None:
        self._reason = str(error)
        REDIS_AWAY.set(1)
        if self._returning is None:
            log.warning("redis does not answer: each process counts requests by itself", reason=self._reason)
            self._returning = asyncio.create_task(self._return(), name="redis")

    async def _return(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            try:
                await self._hit(_PROBE, 1)
            except Unavailable as error:
                self._reason = str(error)
                continue
            log.info("redis answers again: requests are counted there")
            self._returning = None
            REDIS_AWAY.set(0)
            return
