"""The bounds that an execution is begun with."""

from gorax.core.contracts import Bounds
from gorax.settings import Settings


def bounds_of(settings: Settings) -> Bounds:
    """What the settings of today allow, for an execution to hold until its end."""
    return Bounds(
        step_output_bytes=settings.limits.step_output_bytes, inline_bytes=settings.payloads.inline_bytes
    )
