"""Answers of webhooks that wait for the result: what the workflow chose, made safe to be sent from here."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, NamedTuple

from api.responses import MEDIA_TYPE
from gorax.core.encoding import dumps
from gorax.engine.responses import Response, Responses, TruncatedError
from gorax.engine.runs import Run

MAX_WAITING: Final = 500
"""Senders that one process lets wait at a time; the next ones are answered as if their time were up."""
RESPONSE_BYTES: Final = 64_000
"""Of a body that is sent: what a history keeps of a step."""

TEXT: Final = "text/plain; charset=utf-8"
# What is sent comes from the workflow's author, and from the address of the API: in a browser it must not be able
# to act as one of its pages.
_HARMLESS: Final = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
_OURS: Final = frozenset(
    {
        *(
            "connection",
            "content-length",
            "keep-alive",
            "proxy-authenticate",
            "proxy-authorization",
            "te",
            "trailer",
        ),
        *("transfer-encoding", "upgrade", "date", "server", "x-request-id", "set-cookie", "set-cookie2"),
        *("clear-site-data", "service-worker-allowed", "strict-transport-security", "refresh", "alt-svc"),
        *("content-encoding", *(name.lower() for name in _HARMLESS)),
    }
)
_BODILESS: Final = frozenset({204, 205, 304})


class Reply(NamedTuple):
    """An answer to a sender."""

    status: int
    headers: dict[str, str]
    content: bytes


class Results:
    """Waits for the results of executions, for so many senders at a time."""

    def __init__(self, responses: Responses) -> None:
        self._responses = responses
        self._waiting = 0

    async def reply(
        self, tenant_id: str, execution_id: str, seconds: float, gone: Callable[[], Awaitable[None]]
    ) -> Reply | None:
        """What the execution answers; None when it did not in time, or when `gone` says that nobody waits any more.

        The execution goes on in either case.
        """
        if self._waiting >= MAX_WAITING or seconds <= 0:
            return None
        self._waiting += 1
        tasks = (
            asyncio.ensure_future(self._responses.wait(tenant_id, execution_id)),
            asyncio.ensure_future(gone()),
        )
        result = tasks[0]
        try:
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if not result.done():
                return None
            try:
                found = result.result()
            except TruncatedError:
                return _error(execution_id, f"the workflow's answer is larger than {RESPONSE_BYTES} bytes")
            return _of_response(found) if isinstance(found, Response) else _of_run(execution_id, found)
        finally:
            self._waiting -= 1
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def _of_response(response: Response) -> Reply:
    headers = _allowed(response.headers)
    if response.status in _BODILESS or response.body is None:
        return Reply(response.status, headers, b"")
    is_text = isinstance(response.body, str)
    if not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = TEXT if is_text else MEDIA_TYPE
    return Reply(response.status, headers, response.body.encode() if is_text else dumps(response.body))


def _allowed(headers: Mapping[str, str]) -> dict[str, str]:
    chosen = {
        name: value
        for name, value in headers.items()
        if name.lower() not in _OURS
        and not name.lower().startswith("access-control-")
        # On the wire a header has one byte for each character.
        and all(ord(character) < 256 for character in value)
    }
    return {**chosen, **_HARMLESS}


def _of_run(execution_id: str, run: Run) -> Reply:
    ending: Any = run.ending
    if run.status != "completed":
        # Why it failed is for its owner, who finds it in the execution.
        return _error(execution_id, f"the workflow did not complete: {run.status}", run.status)
    document = {"execution_id": execution_id, "status": run.status, "output": ending.output}
    return Reply(200, {"Content-Type": MEDIA_TYPE, **_HARMLESS}, dumps(document))


def _error(execution_id: str, message: str, status: str | None = None) -> Reply:
    document = {"error": message, "execution_id": execution_id, **({"status": status} if status else {})}
    return Reply(500, {"Content-Type": MEDIA_TYPE, **_HARMLESS}, dumps(document))
