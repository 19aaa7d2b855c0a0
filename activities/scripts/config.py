"""The config of the `code` action."""

from typing import Annotated, Any

from pydantic import Field, field_validator
from pydantic.json_schema import SkipJsonSchema

from gorax.core.actions.declaration import Config, Program
from gorax.core.durations import Duration

MAX_SCRIPT = 65_536
"""Characters."""
MAX_TIMEOUT = 60.0
MAX_RESULT_BYTES = 1_000_000
"""Of the result as JSON."""


class CodeConfig(Config):
    """A script, and what it is given."""

    script: Annotated[str, Program(), Field(min_length=1, max_length=MAX_SCRIPT)]
    """JavaScript: the body of an async function. It is no template."""
    input: Any = None
    """`context.input`; templates in it are rendered."""
    timeout: Duration | None = None
    """Of the script; never more than the action's own timeout."""
    memory_limit_mb: int = Field(default=32, ge=8, le=256)
    """Of the script's heap, its context included."""
    context: SkipJsonSchema[dict[str, Any]] = Field(default_factory=dict)
    """`trigger`, `steps` and the other names that the script mentions: the interpreter adds them."""

    @field_validator("timeout")
    @classmethod
    def _bounded(cls, value: float | None) -> float | None:
        if value is not None and not 0 < value <= MAX_TIMEOUT:
            raise ValueError(f"more than nothing and at most {MAX_TIMEOUT:g} seconds")
        return value
