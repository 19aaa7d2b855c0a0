"""Streams: where a client wants to go on, and tickets."""

from datetime import datetime

from pydantic import BaseModel, Field
from typing_extensions import TypedDict


class StreamQuery(BaseModel):
    """Where a stream begins, and who opens it where no header can say that."""

    last_event_id: str | None = Field(
        default=None,
        max_length=100,
        description="The `id` of the last message that the client has seen: what came after it is sent.",
    )
    ticket: str | None = Field(
        default=None, description="From `POST /api/v1/ws/ticket`; it opens one stream."
    )
    tenant_id: str | None = Field(
        default=None, max_length=64, description="Stands for the header `X-Tenant-ID` where none can be sent."
    )
    user_id: str | None = Field(
        default=None, max_length=255, description="In development, stands for the header `X-User-ID`."
    )


class TicketView(TypedDict):
    """A ticket, which opens one stream."""

    ticket: str
    expires_at: datetime
