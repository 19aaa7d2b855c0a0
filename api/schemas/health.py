"""Health and readiness."""

from datetime import datetime
from typing import Literal

from typing_extensions import TypedDict


class Health(TypedDict):
    """The process answers, and takes requests or is about to end."""

    status: Literal["ok", "stopping"]
    timestamp: datetime


class Readiness(TypedDict):
    """The parts that the API depends on, each `healthy` or `unhealthy: ` and why."""

    status: Literal["ok", "degraded", "stopping"]
    timestamp: datetime
    checks: dict[str, str]
