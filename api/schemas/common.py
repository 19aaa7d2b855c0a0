"""The shapes that all sections share: strict requests, envelopes, errors, pages."""

import re
from typing import Annotated, Any, Generic, NotRequired, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from typing_extensions import TypedDict

from api.limits import DEFAULT_PAGE, MAX_OFFSET, MAX_PAGE

T = TypeVar("T")

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_INTEGER = re.compile(r"-?[0-9]{1,20}")


class RequestBody(BaseModel):
    """Base of request bodies: nothing unknown passes, nothing is converted."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)


def is_line(text: str) -> str:
    """The text, if it is one line and not blank. Raises `ValueError`."""
    if _CONTROL.search(text):
        raise ValueError("must not contain line breaks or other control characters")
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _is_text(text: str) -> str:
    if "\0" in text:
        raise ValueError("must not contain NUL characters")
    return text


Name = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(is_line)]
"""What people call a thing: one line, not blank."""
Description = Annotated[str, Field(max_length=5_000), AfterValidator(_is_text)]
"""Free text, of any number of lines."""
Note = Annotated[str, Field(max_length=1_000), AfterValidator(_is_text)]
"""A short remark."""


def _plain_integer(value: object) -> object:
    # Pydantic would also read "1_0", " 1" and "1.0".
    if isinstance(value, str) and not _INTEGER.fullmatch(value):
        raise ValueError("must be a whole number, written in digits")
    return value


InDigits = BeforeValidator(_plain_integer)
Limit = Annotated[int, Field(ge=1, le=MAX_PAGE), InDigits]
Offset = Annotated[int, Field(ge=0, le=MAX_OFFSET), InDigits]


class PageQuery(BaseModel):
    """Which part of a list is wanted. An unknown parameter is an error: a typo must not widen a list."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False)

    limit: Limit = Field(default=DEFAULT_PAGE, description="Maximum number of results.")
    offset: Offset = Field(default=0, description="Number of results to skip.")


class Data(TypedDict, Generic[T]):
    """The envelope around one thing."""

    data: T


class Page(TypedDict, Generic[T]):
    """The envelope around a list."""

    data: list[T]
    limit: int
    offset: int
    total: int


class FieldProblem(TypedDict):
    """One thing that is wrong: a field of the request, or a place in the definition."""

    field: NotRequired[str]
    pointer: NotRequired[str]
    message: str
    column: NotRequired[int]


class Error(TypedDict):
    """What every error looks like."""

    error: str
    details: NotRequired[list[FieldProblem]]
    request_id: NotRequired[str]
    retry_after: NotRequired[int]


JsonObject = dict[str, Any]
