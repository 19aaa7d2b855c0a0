"""Who was refused, for as long as there is no room for them."""

import time

from api.services.rates.windows import Verdict
from api.services.recent import Recent


class Refusals:
    """Refusals by key. While there are none, nothing has to be looked up."""

    def __init__(self, most: int) -> None:
        self._refused: Recent[tuple[Verdict, float]] = Recent(most)
        self._until = 0.0

    def __bool__(self) -> bool:
        return time.monotonic() < self._until

    def keep(self, key: str, verdict: Verdict) -> None:
        """This is refused until there is room."""
        until = time.monotonic() + verdict.wait
        self._refused.keep(key, (verdict, until), verdict.wait)
        self._until = max(self._until, until)

    def get(self, key: str) -> Verdict | None:
        """The refusal, with what is left to wait by now."""
        kept = self._refused.get(key)
        if kept is None:
            return None
        verdict, until = kept
        return verdict._replace(wait=until - time.monotonic())
