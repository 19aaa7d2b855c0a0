"""How far somebody has seen an execution: the same in every process, as it names places in Temporal's histories."""

import re
from dataclasses import dataclass
from typing import Self

OVERLAP_MILLISECONDS = 2_000
"""Histories of batches are ordered among each other by the clocks of Temporal's servers, which differ a little."""

_RUN = 8
_TEXT = re.compile(rf"([0-9a-z-]{{{_RUN}}})\.(\d{{1,9}})\.(\d{{1,15}})(\.end)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """A place in the history of an execution, and one in time for the histories of its batches."""

    run: str
    """The last characters of the id of Temporal's run."""
    event_id: int
    milliseconds: int
    """Since 1970, of the last event that was seen in any of the histories."""
    end: bool = False
    """Whether that was all there will ever be."""

    @classmethod
    def of(cls, run_id: str, event_id: int, milliseconds: int) -> Self:
        """The place in a run of Temporal's."""
        return cls(run_id[-_RUN:], event_id, milliseconds)

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The position that a text stands for; None of any other text."""
        found = _TEXT.fullmatch(text or "")
        return None if found is None else cls(found[1], int(found[2]), int(found[3]), found[4] is not None)

    def __str__(self) -> str:
        return f"{self.run}.{self.event_id}.{self.milliseconds}{'.end' if self.end else ''}"

    def has_seen(self, event_id: int | None, milliseconds: int) -> bool:
        """Whether an event came before. One of a batch has no `event_id`, and counts as new for a moment."""
        if event_id is not None:
            return event_id <= self.event_id
        return milliseconds < self.milliseconds - OVERLAP_MILLISECONDS
