"""A failure on its way up through the simulation."""

from gorax.core.actions.declaration import ActionFailed
from gorax.core.definition import Problem
from gorax.core.errors import ErrorInfo


class Failed(ActionFailed):
    """An action failed, and nothing has taken care of it. `problem` is there when nobody meant it to."""

    def __init__(self, error: ErrorInfo, problem: Problem | None) -> None:
        super().__init__(error)
        self.problem = problem
