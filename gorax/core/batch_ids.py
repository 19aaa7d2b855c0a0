"""The Temporal workflow ids of the batches of loops.

`{tenant}:{execution}/{path of the loop}[{first}-{last}]`: whoever lists workflows reads where a batch belongs.
"""

import hashlib
import re
from dataclasses import dataclass
from typing import Self

MAX_LENGTH = 255
"""Of an id: where Temporal keeps its state in SQL, its column has no room for more."""
PATH_MEMO = "path"
"""The memo with the path of the loop, of a batch whose id has it in short."""

_SHORTENED = "~"
"""Before the digest of a path: no path has it."""
_DIGEST = 16
_ID = re.compile(r"[^/]*/(?P<path>.+)\[(?P<first>\d+)-(?P<last>\d+)\]")


@dataclass(frozen=True, slots=True)
class BatchId:
    """Which iterations of which loop."""

    path: str
    """Of the loop's step."""
    first: int
    last: int

    @classmethod
    def parse(cls, workflow_id: str) -> Self | None:
        """The batch that an id stands for; None of another id. Its path may be in short."""
        found = _ID.fullmatch(workflow_id)
        return None if found is None else cls(found["path"], int(found["first"]), int(found["last"]))

    @property
    def name(self) -> str:
        """What it is called, such as `each_order[0-249]`."""
        return f"{self.path}[{self.first}-{self.last}]"

    @property
    def is_short(self) -> bool:
        """Whether the path is only what an id has room for."""
        return _SHORTENED in self.path

    def within(self, run: str) -> str:
        """The workflow id, `run` being the workflow id of the execution."""
        return f"{run}/{self.name}"

    def shortened(self, run: str) -> Self:
        """This with as much of its path as an id has room for, and a digest of it all."""
        digest = f"{_SHORTENED}{hashlib.sha256(self.path.encode()).hexdigest()[:_DIGEST]}"
        room = MAX_LENGTH - len(self.within(run)) + len(self.path) - len(digest)
        return type(self)(self.path[:room] + digest, self.first, self.last)
