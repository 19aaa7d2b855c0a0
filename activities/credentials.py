"""Stored credentials, as the steps of executions use them."""

from typing import Protocol

from gorax.core.contracts import StepRequest
from gorax.core.credentials import Secret
from gorax.core.errors import ErrorType, GoraxError, StepError, Unavailable
from gorax.store.credential_log import Reader
from gorax.store.credential_values import CredentialValues


class CredentialSource(Protocol):
    """Where steps get their credentials from."""

    async def read(self, step: StepRequest, attempt: int, name: str) -> Secret:
        """The value of the credential that the step's tenant has under this name, or id.

        Raises `StepError` of type `credential`.
        """


class StoredCredentials:
    """The credentials of all tenants, in the vault. Every read is in the access log before its value is used."""

    def __init__(self, values: CredentialValues) -> None:
        self._values = values

    async def read(self, step: StepRequest, attempt: int, name: str) -> Secret:
        """The value that the step's execution began with while that is valid, else the current one.

        Raises `StepError` of type `credential`; another attempt may help where a server did not answer.
        """
        reader = Reader(via="step", execution_id=step.execution_id, path=step.path, attempt=attempt)
        try:
            revealed = await self._values.for_use(step.tenant_id, name, step.accepted_at, reader)
        except GoraxError as error:
            retryable = isinstance(error, Unavailable)
            raise StepError(ErrorType.CREDENTIAL, str(error), retryable=retryable) from error
        return Secret(revealed.type, revealed.value)
