"""What the garbage collector looks at in a process that serves."""

import gc
from typing import Final

YOUNG_OBJECTS: Final = 5_000
"""So many more objects than before make the collector look through the new ones. What a request makes is nearly all
gone without it, by counting; the default of 700 is reached in the middle of one."""


def settle() -> None:
    """Take all that a process has loaded by now out of the collector's sight: it stays until the end.

    Libraries make a quarter of a million objects. Each time that the collector goes through them it finds nothing, and
    all requests stand still for a fifth of a second. What becomes garbage later is found as before.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG_OBJECTS, *gc.get_threshold()[1:])
