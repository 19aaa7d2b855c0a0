"""What a running expression works on."""

from collections.abc import Callable
from typing import Any, Final

Frame = list[Any]
"""Names, meter and environment, then the slots of variables and predicates."""
Run = Callable[[Frame], Any]
"""A compiled node."""

NAMES: Final = 0
METER: Final = 1
ENVIRONMENT: Final = 2
FIRST_SLOT: Final = 3
