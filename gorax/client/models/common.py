"""What all models have in common, and the two envelopes."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Model(BaseModel):
    """What the API answers. Fields that this version of the client does not know are kept, and shown again."""

    model_config = ConfigDict(extra="allow", frozen=True, populate_by_name=True)


class Data(BaseModel, Generic[T]):
    """The envelope around one thing."""

    data: T


class Part(Protocol[T_co]):
    """A part of a list, by which the next one is asked for."""

    @property
    @abstractmethod
    def items(self) -> Sequence[T_co]:
        """What is on it."""

    @property
    @abstractmethod
    def going_on(self) -> Mapping[str, Any] | None:
        """How the query differs that asks for the next part; None after the last one."""


class Page(Model, Generic[T]):
    """A part of a list."""

    data: list[T]
    limit: int
    offset: int
    total: int

    @property
    def items(self) -> Sequence[T]:
        """What is on it."""
        return self.data

    @property
    def going_on(self) -> Mapping[str, Any] | None:
        """How the query differs that asks for the next page; None after the last one."""
        reached = self.offset + len(self.data)
        return {"offset": reached} if self.data and reached < self.total else None


class DefinitionProblem(Model):
    """One thing that is wrong, or suspicious, at a place in a definition."""

    pointer: str
    """A JSON pointer."""
    message: str
    column: int | None = None
    """In an expression."""


class Problem(Model):
    """The same, or of a field of a request."""

    message: str
    field: str | None = None
    pointer: str | None = None
    column: int | None = None
