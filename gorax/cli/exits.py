"""Exit codes, which scripts can rely on; docs/cli.md lists them."""

from collections.abc import Mapping
from enum import IntEnum

from gorax.client import (
    Forbidden,
    GoraxError,
    NotEnded,
    NotFound,
    RateLimited,
    Refused,
    ServerError,
    StreamClosed,
    Unauthorized,
    Unreachable,
)


class Exit(IntEnum):
    """What an exit code means."""

    DONE = 0
    BAD = 1
    """It was done, and what came of it is not good: an execution failed, a definition is not valid, a file differs."""
    USAGE = 2
    """The command was not called as it should be, or a file cannot be read."""
    NOT_ALLOWED = 3
    NOT_FOUND = 4
    REFUSED = 5
    LIMITED = 6
    UNAVAILABLE = 7
    NOT_ENDED = 8
    """What was waited for goes on."""
    INTERRUPTED = 130


_BY_ERROR: Mapping[type[GoraxError], Exit] = {
    Unauthorized: Exit.NOT_ALLOWED,
    Forbidden: Exit.NOT_ALLOWED,
    NotFound: Exit.NOT_FOUND,
    RateLimited: Exit.LIMITED,
    ServerError: Exit.UNAVAILABLE,
    Refused: Exit.REFUSED,
    NotEnded: Exit.NOT_ENDED,
    Unreachable: Exit.UNAVAILABLE,
    StreamClosed: Exit.UNAVAILABLE,
    GoraxError: Exit.UNAVAILABLE,
}


def exit_of(error: GoraxError) -> Exit:
    """The exit code of an error: that of the nearest class in the table."""
    return next(_BY_ERROR[kind] for kind in type(error).__mro__ if kind in _BY_ERROR)


class Wrong(Exception):
    """The command cannot do what it was asked to, and says why; the API was not asked, or has no part in it."""
