"""How many may listen at a time."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from gorax.core.errors import Unavailable
from gorax.settings import StreamSettings
from gorax.telemetry.instruments import STREAMS


class Slots:
    """Counts the streams that a process has open."""

    def __init__(self, settings: StreamSettings) -> None:
        self._settings = settings
        self._open: Counter[str] = Counter()

    @contextmanager
    def taken(self, tenant_id: str) -> Iterator[None]:
        """Count a stream while the block lasts. Raises `Unavailable` when there are too many."""
        if self._open.total() >= self._settings.max_open:
            raise Unavailable("too many streams are open: try again later")
        if self._open[tenant_id] >= self._settings.max_per_tenant:
            raise Unavailable(f"you have {self._settings.max_per_tenant} streams open: close some")
        self._open[tenant_id] += 1
        STREAMS.inc()
        try:
            yield
        finally:
            STREAMS.dec()
            self._open[tenant_id] -= 1
            if not self._open[tenant_id]:
                del self._open[tenant_id]
