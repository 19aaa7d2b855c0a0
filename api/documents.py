"""Documents that change only with the program: clients keep them, and ask whether theirs is still the one."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from api.responses import MEDIA_TYPE

MAX_AGE = 300
"""Seconds for which a client need not even ask."""


class Document:
    """A body with the tag that it is known by."""

    def __init__(self, body: bytes, media_type: str = MEDIA_TYPE) -> None:
        self._body = body
        self._media_type = media_type
        # A weak one: what travels may be compressed.
        self._tag = f'W/"{sha256(body).hexdigest()[:32]}"'

    def answer(self, request: Request) -> Response:
        """The document, or 304 when the client has it."""
        headers = {"ETag": self._tag, "Cache-Control": f"private, max-age={MAX_AGE}"}
        if self._is_among(request.headers.getlist("if-none-match")):
            return Response(status_code=304, headers=headers)
        return Response(self._body, headers=headers, media_type=self._media_type)

    def _is_among(self, lines: list[str]) -> bool:
        tags = {tag.strip().removeprefix("W/") for line in lines for tag in line.split(",")}
        return "*" in tags or self._tag.removeprefix("W/") in tags
