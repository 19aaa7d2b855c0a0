"""Sending a reader what waits for it, however that is sent."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from api.services.streams.messages import heartbeat
from api.services.streams.reader import Close, Message, Reader
from gorax.settings import StreamSettings

Send = Callable[[Message], Awaitable[None]]
Check = Callable[[], Awaitable[Close | None]]
"""Why the client may not listen any more; None while it may."""


async def deliver(
    reader: Reader,
    settings: StreamSettings,
    *,
    send: Send,
    departure: Coroutine[Any, Any, None],
    check: Check,
) -> Close | None:
    """Send until there is an end to it, and return that; None when the client went away, which ends `departure`."""
    sending = asyncio.create_task(_send_all(reader, send, settings.heartbeat_seconds))
    leaving = asyncio.create_task(departure)
    try:
        while True:
            # Those who came at the same moment are not looked at in the same moment.
            seconds = settings.recheck_seconds * random.uniform(0.8, 1.2)  # noqa: S311
            ends: set[asyncio.Future[Any]] = {sending, leaving, reader.gone}
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if reader.gone.done():
                return reader.gone.result()
            if leaving.done():
                leaving.result()
                return None
            if sending.done():
                return sending.result()
            if (refusal := await check()) is not None:
                return refusal
    finally:
        sending.cancel()
        leaving.cancel()
        await asyncio.gather(sending, leaving, return_exceptions=True)


async def _send_all(reader: Reader, send: Send, silence: float) -> Close:
    while True:
        try:
            async with asyncio.timeout(silence):
                message = await reader.next()
        except TimeoutError:
            message = heartbeat()
        if isinstance(message, Close):
            return message
        await send(message)
