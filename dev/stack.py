"""Gorax's own two processes as parts, and what they need first: a migrated database."""

import os
import sys
import urllib.error
import urllib.request
from dataclasses import replace

from dev.environment import environment
from dev.parts import Part
from dev.temporal import polled_by
from gorax.settings import Settings


def migrations_part(settings: Settings) -> Part:
    """The command that brings the database to the newest schema, and ends."""
    return _python("migrations", "gorax.store.migrate", settings)


def worker_part(settings: Settings) -> Part:
    """`python -m worker`: ready once it asks Temporal for tasks."""
    temporal = settings.temporal
    return replace(
        _python("worker", "worker", settings),
        ready=lambda pid: polled_by(temporal.target, temporal.namespace, temporal.task_queue, pid),
        # Its steps get their time first.
        grace=settings.worker.shutdown_grace + 2,
    )


def api_part(settings: Settings) -> Part:
    """`python -m api`: ready once it answers."""
    url = f"{base_url(settings)}/health"
    return replace(_python("api", "api", settings), ready=lambda _pid: _answers(url))


def base_url(settings: Settings) -> str:
    """Where the API of these settings is reached from this machine."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(settings.host, settings.host)
    return f"http://{host}:{settings.port}"


def _python(name: str, module: str, settings: Settings) -> Part:
    # Unbuffered, so that the last line before a crash is in the log.
    variables = {**os.environ, **environment(settings), "PYTHONUNBUFFERED": "1"}
    return Part(name=name, command=(sys.executable, "-m", module), environment=variables)


def _answers(url: str) -> bool:
    # Without the proxies of the environment: the API is on this machine.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
