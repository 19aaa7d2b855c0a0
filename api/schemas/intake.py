"""What the sender of an event is answered."""

from typing import Literal, NotRequired

from typing_extensions import TypedDict


class ReceivedEvent(TypedDict):
    """What became of an event."""

    execution_id: str | None
    """The execution that it began, or that the first event of its key began; null of one that is `filtered`."""
    event_id: str
    status: Literal["queued", "duplicate", "filtered"]
    duplicate: NotRequired[bool]
    """True of a `duplicate`."""
    duplicate_of: NotRequired[str]
    """The event that it repeats."""
    reason: NotRequired[str]
    """Why it is `filtered`."""
