"""A server that did not answer is left alone for a moment, so that callers do not wait for it one after the other."""

import time

AWAY_SECONDS = 1.0


class Away:
    """Whether a server counts as away; one per process and server."""

    def __init__(self) -> None:
        self._until = 0.0

    def __bool__(self) -> bool:
        return time.monotonic() < self._until

    def noticed(self) -> None:
        """It did not answer."""
        self._until = time.monotonic() + AWAY_SECONDS
