"""How a failed action travels through the interpreter."""

from gorax.core.errors import ErrorInfo


class ActionFailed(Exception):
    """An action failed for good; handlers on the way up may still take care of it."""

    def __init__(self, error: ErrorInfo) -> None:
        super().__init__(error.message)
        self.error = error
