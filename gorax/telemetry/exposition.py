"""What `/metrics` answers, and to whom."""

import asyncio
import hmac

from prometheus_client import generate_latest

from gorax.settings import Env, Settings
from gorax.telemetry.instruments import REGISTRY
from gorax.telemetry.sdk import SdkMetrics

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Exposition:
    """The metrics of this process: its own and those of Temporal's SDK."""

    def __init__(self, settings: Settings, sdk: SdkMetrics | None = None) -> None:
        self._sdk = sdk
        token = settings.metrics.token
        self._expected = None if token is None else f"Bearer {token.get_secret_value()}".encode()
        self._trusting = settings.env is Env.development
        self.guarded = token is not None
        """Whether a token opens it."""
        self.enabled = settings.metrics.enabled
        """Whether there is a `/metrics` at all."""

    def may_read(self, authorization: bytes | None, *, alone: bool) -> bool:
        """Whether a request with this header is answered.

        With a token set, it has to be the one. Without, in development anybody may read; in production only where
        nobody else but the scraper comes: on a port of its own, which is what `alone` says.
        """
        if self._expected is not None:
            return authorization is not None and hmac.compare_digest(authorization, self._expected)
        return self._trusting or alone

    async def text(self) -> bytes:
        """Everything, as Prometheus reads it."""
        # Thousands of series take some hundredths of a second, in which requests are to go on.
        own = await asyncio.to_thread(generate_latest, REGISTRY)
        return own if self._sdk is None else own + await self._sdk.text()

    async def close(self) -> None:
        """Close what it holds."""
        if self._sdk is not None:
            await self._sdk.close()


def open_exposition(settings: Settings) -> Exposition:
    """That of a process, with the SDK measured. Call it once, before anything connects to Temporal."""
    return Exposition(settings, SdkMetrics.install() if settings.metrics.enabled else None)
