"""The config of the `sql` action."""

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from gorax.core.actions.declaration import Config, Program
from gorax.core.durations import Duration

MAX_QUERY = 65_536
MAX_PARAMS = 1_000
MAX_ROWS = 100_000


def _without_data(query: str) -> str:
    if "{{" in query:
        raise ValueError(
            "must not hold {{, since a template would make data a part of the statement: write %(name)s there, and "
            "the value in params; an array of arrays is ARRAY[[1, 2], [3, 4]]"
        )
    return query


class SqlConfig(Config):
    """One statement, with its values apart from it."""

    credential: str = Field(min_length=1, max_length=255)
    """Name of a credential of type `postgres`."""
    query: Annotated[str, Program(), Field(min_length=1, max_length=MAX_QUERY), AfterValidator(_without_data)]
    """One statement, as it is, without `{{`. Its values are `%s`, from a list of `params`, or
    `%(name)s`, from an object; a percent sign is `%%` where there are params."""
    params: (
        Annotated[list[Any], Field(max_length=MAX_PARAMS)]
        | Annotated[dict[str, Any], Field(max_length=MAX_PARAMS)]
    ) = Field(default_factory=list)
    """Objects in it are sent as JSON, and so are lists that hold anything but texts, numbers and booleans; those
    are sent as arrays."""
    read_only: bool = True
    """Let the database refuse whatever would change it."""
    timeout: Annotated[Duration, Field(gt=0, le=3_600)] | None = None
    """Of the statement, in the database itself; never more than the action's own timeout."""
    max_rows: int = Field(default=1_000, ge=1, le=MAX_ROWS)
    """More rows than this are not in the output, and `truncated` says so."""
