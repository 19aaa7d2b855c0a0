"""Connectors as a worker runs them, with credentials that the test gives."""

from collections.abc import Mapping
from typing import Any

from activities.call import Call
from activities.resources import Resources
from gorax.core.actions.declaration import EffectAction
from gorax.core.contracts import RetryRule, StepRequest
from gorax.core.credentials import Secret
from gorax.core.definition import check_config
from gorax.core.errors import ErrorType, StepError
from gorax.core.masking import Mask, masking


class Given:
    """The credentials of one test: type and value by name."""

    def __init__(self, credentials: Mapping[str, tuple[str, Mapping[str, Any]]]) -> None:
        self._credentials = credentials

    async def read(self, step: StepRequest, attempt: int, name: str) -> Secret:
        """The one of that name."""
        del step, attempt
        if name not in self._credentials:
            raise StepError(ErrorType.CREDENTIAL, f"no credential named {name!r}")
        kind, value = self._credentials[name]
        return Secret(kind, value)


async def run(
    action: EffectAction[Any],
    resources: Resources,
    credentials: Mapping[str, tuple[str, Mapping[str, Any]]],
    *,
    within: float = 10.0,
    path: str = "step",
    **config: Any,
) -> Any:
    """The output of one attempt. Raises `StepError`."""
    step = StepRequest(
        tenant_id="acme",
        execution_id="exec_1",
        path=path,
        action_id=path,
        type=action.name,
        config=config,
        timeout=within,
        retry=RetryRule(),
    )
    with masking(Mask()):
        return await action.run(check_config(action, config), Call(step, 1, resources, Given(credentials)))
