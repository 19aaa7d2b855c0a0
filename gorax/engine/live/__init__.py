"""Executions as they run: what changes in them, a moment after it does."""

from gorax.engine.live.counts import Counted
from gorax.engine.live.following import CUT, VALUE_BYTES, Change, Following, Look, follow, trimmed
from gorax.engine.live.position import Position

__all__ = ["CUT", "VALUE_BYTES", "Change", "Counted", "Following", "Look", "Position", "follow", "trimmed"]
