"""Data keys that a key management service has decrypted, kept for a while."""

import time
from collections import OrderedDict

from gorax.vault.master_key import Context, encoded

MAX_KEPT = 1_000
"""Each is the key of one version of one credential."""


class DataKeys:
    """Keeps each for so many seconds after it was decrypted, in this process's memory alone."""

    def __init__(self, seconds: float) -> None:
        """With zero seconds nothing is kept."""
        self._seconds = seconds
        self._kept: OrderedDict[tuple[bytes, bytes], tuple[float, bytes]] = OrderedDict()

    def get(self, wrapped: bytes, context: Context) -> bytes | None:
        """The data key, if it is still there."""
        until, data_key = self._kept.get((wrapped, encoded(context)), (0.0, b""))
        return data_key if time.monotonic() < until else None

    def keep(self, wrapped: bytes, context: Context, data_key: bytes) -> None:
        """Keep a data key in place of those that were decrypted the longest time ago."""
        now = time.monotonic()
        place = wrapped, encoded(context)
        self._kept[place] = now + self._seconds, data_key
        self._kept.move_to_end(place)
        # All are kept for the same time, so those in front are over first.
        while self._kept and (len(self._kept) > MAX_KEPT or next(iter(self._kept.values()))[0] <= now):
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget all."""
        self._kept.clear()
