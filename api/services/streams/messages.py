"""The messages of streams, as they are sent: see docs/streams.md."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from api.schemas.executions import ExecutionSummary
from api.services.streams.reader import Message
from gorax.core.encoding import dumps
from gorax.engine.live import Counted, Position

UPDATE = "execution_update"
PART_BYTES = 256_000
"""From about this size on, a snapshot is sent in several messages."""


def heartbeat() -> Message:
    """That the stream lives, and nothing has changed."""
    return Message(_text({"type": "heartbeat", "timestamp": _now()}), heartbeat=True)


def notice(state: str, reason: str | None = None) -> Message:
    """That changes cannot be seen at the moment, or can be seen again."""
    return Message(_text({"type": "stream_state", "state": state, "reason": reason, "timestamp": _now()}))


def executions_snapshot(executions: Sequence[ExecutionSummary], id_: str) -> Message:
    """The newest executions of a feed, as they are now."""
    body = {"type": UPDATE, "event": "snapshot", "id": id_, "executions": executions, "timestamp": _now()}
    return Message(_text(body), id_)


def execution_changed(execution: ExecutionSummary, id_: str) -> Message:
    """An execution of a feed that has begun, ended, or changed in between."""
    body = {
        "type": UPDATE,
        "event": "execution",
        "id": id_,
        "execution_id": execution["id"],
        "workflow_id": execution["workflow_id"],
        "status": execution["status"],
        "execution": execution,
        "timestamp": _now(),
    }
    return Message(_text(body), id_)


class Envelope:
    """What all messages about one execution have in common."""

    def __init__(self, execution_id: str, workflow_id: str) -> None:
        self._ids = {"execution_id": execution_id, "workflow_id": workflow_id}

    def snapshot(
        self, status: str, counted: Counted, steps: Sequence[bytes], position: Position | None
    ) -> Iterator[Message]:
        """Everything there is: one message, or several of which the last has an id."""
        part: list[bytes] = []
        size = 0
        for step in steps:
            if part and size + len(step) > PART_BYTES:
                yield self._snapshot(status, counted, part, None, more=True)
                part, size = [], 0
            part.append(step)
            size += len(step)
        yield self._snapshot(status, counted, part, position, more=False)

    def _snapshot(
        self, status: str, counted: Counted, steps: Sequence[bytes], position: Position | None, *, more: bool
    ) -> Message:
        content = {"steps": [orjson.Fragment(step) for step in steps], "more": more}
        return self._message("snapshot", status, counted, position, _now(), **content)

    def status(self, event: str, status: str, counted: Counted, position: Position | None) -> Message:
        """That the execution has another status, or that the stream goes on from where the client was."""
        return self._message(event, status, counted, position, _now())

    def step(
        self, status: str, counted: Counted, step: bytes, milliseconds: int, position: Position | None
    ) -> Message:
        """A step as it is now."""
        at = datetime.fromtimestamp(milliseconds / 1000, UTC)
        return self._message("step", status, counted, position, at, step=orjson.Fragment(step))

    def end(
        self,
        status: str,
        counted: Counted,
        position: Position | None,
        *,
        output: Any,
        error: Any,
        at: datetime | None,
    ) -> Message:
        """How the execution ended."""
        return self._message("end", status, counted, position, at or _now(), output=output, error=error)

    def _message(
        self,
        event: str,
        status: str,
        counted: Counted,
        position: Position | None,
        at: datetime,
        **content: Any,
    ) -> Message:
        id_ = None if position is None else str(position)
        body = {
            "type": UPDATE,
            "event": event,
            "id": id_,
            **self._ids,
            "status": status,
            **content,
            "progress": counted._asdict(),
            "timestamp": at,
        }
        return Message(_text(body), id_)


def _text(body: dict[str, Any]) -> str:
    return dumps(body).decode()


def _now() -> datetime:
    return datetime.now(UTC)
