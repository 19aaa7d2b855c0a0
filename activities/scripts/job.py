"""What goes into the sandbox and what comes out of it."""

import re
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from activities.scripts.child.frames import HEADER, JOB, Order
from gorax.core.encoding import dumps

# More digits than a JavaScript number holds exactly; inside a text they do no harm.
_LONG_NUMBER = re.compile(rb"\d{16}")


@dataclass(frozen=True, slots=True)
class Job:
    """One script to run."""

    script: str
    context: dict[str, Any]
    seconds: float
    memory_bytes: int
    result_bytes: int
    """Most that the result may have, as JSON."""

    def encoded(self, deadline: float) -> bytes:
        """As the sandbox reads it; the script must have ended by then on the monotonic clock."""
        context = dumps(self.context)
        order: Order = {
            "script": self.script,
            "exact": _LONG_NUMBER.search(context) is not None,
            "deadline": deadline,
            "memory_bytes": self.memory_bytes,
            "result_bytes": self.result_bytes,
        }
        head = dumps(order)
        return b"".join((JOB, HEADER.pack(len(head)), head, HEADER.pack(len(context)), context))


class _Reported(BaseModel):
    # What comes out of the sandbox is checked like anything that comes from outside.
    model_config = ConfigDict(extra="forbid", strict=True)


class LogLine(_Reported):
    """One line that the script wrote."""

    level: Literal["debug", "info", "warning", "error"]
    message: str


class Failure(_Reported):
    """Why there is no result."""

    kind: Literal["script", "timeout", "memory", "output", "crash"]
    name: str = "Error"
    message: str = ""
    line: int | None = None
    stack: str = ""


class Outcome(_Reported):
    """What came of a script."""

    result: Any = None
    logs: list[LogLine] = Field(default_factory=list, max_length=1_002)
    error: Failure | None = None
