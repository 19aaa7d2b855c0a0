"""`python -m api`: one API process. Any number of them may run on one database and one Temporal."""

import sys
from contextlib import suppress

import uvicorn
from pydantic import ValidationError

from api.app import create_app
from api.draining import Draining, DrainingServer
from api.stream_protocol import (
    MAX_MESSAGE_BYTES,
    PING_SECONDS,
    BoundedWebSocketProtocol,
    StreamingHttpProtocol,
)
from gorax.engine.codec import encryption_codec
from gorax.logs import configure_logging
from gorax.production import check_production
from gorax.settings import Settings, SettingsError
from gorax.telemetry.exposition import open_exposition
from gorax.telemetry.tracing import end_tracing, install_tracing
from gorax.vault import open_key_ring

KEEP_ALIVE_SECONDS = 30
"""Time that an idle connection is kept open."""


def main() -> None:
    """Serve until SIGTERM or SIGINT, then finish what has begun."""
    try:
        settings = Settings()
        encryption_codec(settings, open_key_ring(settings))
        check_production(settings, api=True)
        settings.database_url  # noqa: B018 - raises now what would otherwise be a traceback at the first request
        install_tracing(settings, "api")
    except (ValidationError, SettingsError) as error:
        sys.exit(f"api: {error}")
    configure_logging(settings)
    try:
        _serve(settings)
    finally:
        end_tracing()


def _serve(settings: Settings) -> None:
    draining = Draining(settings.api.drain_seconds)
    config = uvicorn.Config(
        create_app(settings, open_exposition(settings), draining),
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http=StreamingHttpProtocol,
        ws=BoundedWebSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_ping_interval=PING_SECONDS,
        ws_ping_timeout=PING_SECONDS,
        # Its state would be most of what a socket costs.
        ws_per_message_deflate=False,
        log_config=None,
        access_log=False,
        server_header=False,
        # Whom to believe about senders is a setting of ours; see `gorax.core.webhooks.networks`.
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=settings.api.shutdown_grace,
    )
    with suppress(KeyboardInterrupt):  # which uvicorn hands on once it has stopped
        DrainingServer(config, draining).run()


if __name__ == "__main__":
    main()
