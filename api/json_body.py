"""Request bodies: JSON, whatever the Content-Type says.

Users forget the header, and curl sends another by default, so the bytes decide.
"""

import asyncio
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from api.errors import InvalidFields
from api.limits import read_body
from api.problems import details_of
from api.strict_json import parse_json
from gorax.core.errors import Invalid

M = TypeVar("M", bound=BaseModel)


class JsonBody(Generic[M]):
    """A dependency: the request's body as an instance of `model`.

    Raises `InvalidFields` naming the first field that is wrong, `Invalid` for what is not JSON.
    """

    def __init__(
        self, model: type[M], *, optional: bool = False, limit: int | None = None, slow: bool = False
    ) -> None:
        """Read an object of at most `limit` bytes, by default those that the settings say.

        One that is `slow` to check is checked while other requests go on.
        """
        self._slow = slow
        self._model = model
        self._optional = optional
        self._limit = limit

    async def __call__(self, request: Request) -> M:
        """Read, parse and validate the body."""
        limits = request.app.state.services.settings.limits
        body = await read_body(request, self._limit or limits.request_bytes)
        if not body.strip():
            if not self._optional:
                raise Invalid("body: is required, send a JSON object")
            body = b"{}"
        try:
            value = parse_json(body)
            if self._slow:
                return await asyncio.to_thread(self._model.model_validate, value)
            return self._model.model_validate(value)
        except ValidationError as error:
            known = [field.alias or name for name, field in self._model.model_fields.items()]
            raise InvalidFields(details_of(error.errors(include_url=False), known=known)) from None


async def read_json(request: Request, limit: int) -> Any:
    """The value that the request's body holds, at most `limit` bytes of it; an empty object for no body.

    Raises `Invalid` for what is not JSON, `TooLarge`, `BodyTooSlow`.
    """
    body = await read_body(request, limit)
    return parse_json(body) if body.strip() else {}
