"""What versions of workflows were authored as, kept by the process that receives events for them."""

from typing import Any, Final, NamedTuple

from gorax.core.cache import Cache
from gorax.core.encoding import dumps
from gorax.store.intake import Intake

KEPT_BYTES: Final = 32_000_000
"""Of definitions, as JSON."""


class Authored(NamedTuple):
    """A version of a workflow, which never changes."""

    id: str
    """Of the workflow."""
    version: int
    definition: dict[str, Any]
    bytes: int
    """Of the definition, as JSON."""


class AuthoredVersions:
    """Reads each of them once while there is room, so that an event does not bring a definition with it."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._kept: Cache[Authored] = Cache(KEPT_BYTES)

    async def of(self, workflow_id: str, version: int) -> Authored:
        """A version that there is. Raises `Unavailable`."""
        key = (workflow_id, version)
        if (known := self._kept.get(key)) is None:
            definition = await self._intake.definition(workflow_id, version)
            known = Authored(workflow_id, version, definition, len(dumps(definition)))
            self._kept.keep(key, known, known.bytes)
        return known
