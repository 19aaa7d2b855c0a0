"""One attempt of a step, as its connector sees it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from activities.credentials import CredentialSource
from activities.resources import Resources
from gorax.core.actions.declaration import Resource
from gorax.core.contracts import StepRequest
from gorax.core.credentials import Secret, SecretReference, filled, secret_texts
from gorax.core.masking import current_mask

R = TypeVar("R", bound=Resource)


@dataclass(frozen=True, slots=True)
class Call:
    """What the worker offers a connector while one attempt runs."""

    step: StepRequest
    attempt: int
    resources: Resources
    credentials: CredentialSource
    _read: dict[str, Secret] = field(default_factory=dict)

    @property
    def tenant_id(self) -> str:
        """Whose execution this is."""
        return self.step.tenant_id

    @property
    def execution_id(self) -> str:
        """The execution."""
        return self.step.execution_id

    @property
    def path(self) -> str:
        """Where the step stands in it."""
        return self.step.path

    @property
    def timeout(self) -> float:
        """Seconds until this attempt is cancelled."""
        return self.step.timeout

    @property
    def idempotency_key(self) -> str:
        """The same for all attempts of this step, and for no other step."""
        return f"{self.step.execution_id}:{self.step.path}"

    def resource(self, kind: type[R]) -> R:
        """The worker's shared object of that kind."""
        return self.resources.get(kind)

    async def credential(self, name: str) -> Mapping[str, Any]:
        """The value of the tenant's credential of that name; the read is audited, the value masked from now on.

        Raises `StepError` of type `credential` when there is none, or it has expired.
        """
        return (await self._secret(name)).value

    async def config(self, addresses: Collection[str] = ()) -> dict[str, Any]:
        """The step's config with the credentials that its author named in it; `addresses` are its fields that are URLs.

        Raises `StepError`.

        Whatever else looks like a reference is data, and stays.
        """
        places = self.step.secrets
        names = {
            segment.name
            for segments in places.values()
            for segment in segments
            if isinstance(segment, SecretReference)
        }
        secrets = {name: await self._secret(name) for name in sorted(names)}
        return filled(self.step.config, places, secrets, addresses)

    async def _secret(self, name: str) -> Secret:
        # One entry in the access log for each attempt, however often the attempt asks.
        if name not in self._read:
            secret = await self.credentials.read(self.step, self.attempt, name)
            mask = current_mask()
            for text in secret_texts(secret.type, secret.value):
                mask.add(text)
            self._read[name] = secret
        return self._read[name]
