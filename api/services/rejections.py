"""How many refused requests are kept: enough to see what is wrong, and no more than that in a flood."""

import time
from collections import Counter
from typing import Final

MAX_PER_MINUTE: Final = 30
"""Refused requests of one webhook that one process keeps in a minute."""
MAX_WEBHOOKS: Final = 10_000
"""Webhooks of which refused requests are kept in a minute."""


class Rejections:
    """Counts, minute by minute."""

    def __init__(self) -> None:
        self._minute = 0
        self._kept: Counter[str] = Counter()

    def keeps(self, webhook_id: str) -> bool:
        """Whether one more of this webhook's is to be kept."""
        minute = int(time.monotonic() // 60)
        if minute != self._minute:
            self._minute = minute
            self._kept.clear()
        if self._kept[webhook_id] >= MAX_PER_MINUTE or len(self._kept) > MAX_WEBHOOKS:
            return False
        self._kept[webhook_id] += 1
        return True
