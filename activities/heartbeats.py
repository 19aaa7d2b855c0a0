"""Telling Temporal that a worker lives."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity

HEARTBEAT_SECONDS = 2.0
"""The interpreter gives a silent worker up after four of these."""


@contextmanager
def heartbeats() -> Iterator[None]:
    """Send heartbeats of the current activity while the block runs."""
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def beat() -> None:
        nonlocal timer
        activity.heartbeat()
        timer = loop.call_later(HEARTBEAT_SECONDS, beat)

    timer = loop.call_later(HEARTBEAT_SECONDS, beat)
    try:
        yield
    finally:
        timer.cancel()
