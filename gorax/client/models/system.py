"""The API itself: whether it works, tickets for streams, and Temporal's payloads."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from gorax.client.models.common import Model


class Health(Model):
    """That a process answers."""

    status: Literal["ok", "stopping"] | str
    timestamp: datetime


class Readiness(Model):
    """Whether it can work; each part by name, `healthy` or the reason why not."""

    status: Literal["ok", "degraded", "stopping"] | str
    timestamp: datetime
    checks: dict[str, str]


class StreamTicket(Model):
    """Opens one stream, within seconds, for who cannot send headers with it, such as a browser."""

    ticket: str
    expires_at: datetime


class Payload(Model):
    """One of Temporal's payloads, as its JSON has them: bytes are in base64."""

    metadata: dict[str, str] = Field(default_factory=dict)
    data: str = ""


class Payloads(Model):
    """Payloads, in order."""

    payloads: list[Payload]
