"""Exports: lists that come as they are read, however long they are."""

from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from gorax.client.calls import Call, Operation
from gorax.client.connection import Connection
from gorax.client.errors import UnexpectedAnswer, Unreachable
from gorax.client.flows import Emit, Feed, receive

M = TypeVar("M", bound=BaseModel)


def exported(connection: Connection, operation: Operation, call: Call[Any], model: type[M]) -> Feed[M]:
    """What stands on the lines of an answer. Raises `Unreachable` where they break off."""
    yield from connection.answer(operation, call, keep_open=True)
    try:
        while isinstance(line := (yield from receive()), str):
            if line:
                yield Emit(model.model_validate_json(line))
    except httpx.TransportError as error:
        raise Unreachable(f"{connection.base_url}: the export broke off: {error}") from error
    except ValidationError as error:
        raise UnexpectedAnswer(f"a line of the export is no {model.__name__}") from error
