"""The metrics of Temporal's SDK, which keeps and shows them by itself, in the process's own core.

It can show them on a port of its own only: that one is on loopback, and what it shows is part of our `/metrics`.
"""

import socket

import httpx
import structlog
from temporalio.runtime import PrometheusConfig, Runtime, TelemetryConfig

SECONDS = 1.0
"""In which the SDK, in the same process, has to answer."""
TRIES = 5

log = structlog.get_logger(__name__)


class SdkMetrics:
    """The metrics of the SDK's runtime that this process uses."""

    def __init__(self, address: str) -> None:
        self._url = f"http://{address}/metrics"
        self._client: httpx.AsyncClient | None = None

    @classmethod
    def install(cls) -> "SdkMetrics":
        """Have every client and worker that this process makes from now on measured.

        Call it once, before the first of them. Raises `RuntimeError` when there is one already, and when no port is
        found.
        """
        for left in reversed(range(TRIES)):
            address = f"127.0.0.1:{_free_port()}"
            metrics = PrometheusConfig(
                bind_address=address,
                counters_total_suffix=True,
                unit_suffix=True,
                durations_as_seconds=True,
            )
            try:
                # Their prefix is the SDK's own, so that dashboards for Temporal's SDKs work.
                runtime = Runtime(telemetry=TelemetryConfig(metrics=metrics))
            except (RuntimeError, ValueError):
                # Somebody took the port since we asked for it.
                if not left:
                    raise
            else:
                Runtime.set_default(runtime)
                break
        return cls(address)

    async def text(self) -> bytes:
        """As Prometheus reads it; empty, and a line in the log, when the SDK does not answer."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=SECONDS, trust_env=False)
        try:
            answer = await self._client.get(self._url)
        except httpx.HTTPError as error:
            log.warning("the metrics of Temporal's SDK are missing", reason=repr(error))
            return b""
        return answer.content if answer.is_success else b""

    async def close(self) -> None:
        """Close the connection to the SDK."""
        if self._client is not None:
            await self._client.aclose()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
