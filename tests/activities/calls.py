"""Running the `http` action as a worker does: config checked, resources shared, one attempt."""

import ipaddress
import ssl
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from activities.call import Call
from activities.connectors.http import ACTION
from activities.credentials import CredentialSource
from activities.egress import Resolver
from activities.http.client import HttpClient
from activities.resources import Resources
from gorax.core.actions.declaration import Resource
from gorax.core.contracts import RetryRule, StepRequest
from gorax.core.credentials import Secret
from gorax.core.definition import check_config
from gorax.core.errors import ErrorType, StepError
from gorax.settings import Env, HttpSettings, Settings

R = TypeVar("R", bound=Resource)

LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("::1/128"))


class Names(Resolver):
    """A name service whose answers a test decides; addresses answer for themselves."""

    def __init__(self, **names: Sequence[str]) -> None:
        """`_` in a keyword stands for the dot."""
        self.answers: dict[str, list[Sequence[str]]] = {
            name.replace("_", "."): [addresses] for name, addresses in names.items()
        }
        self.asked: list[str] = []

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        """Each answer in turn, the last for ever."""
        self.asked.append(host)
        answers = self.answers.get(host)
        if answers is None:
            return [str(ipaddress.ip_address(host))]
        return answers.pop(0) if len(answers) > 1 else answers[0]


NONE: Mapping[str, Mapping[str, Any]] = {}


class Given(CredentialSource):
    """Credentials that a test hands out, by name."""

    def __init__(self, values: Mapping[str, Mapping[str, Any]] = NONE) -> None:
        self._values = values

    async def read(self, step: StepRequest, attempt: int, name: str) -> Secret:
        """The value, as of a type that has no form."""
        if name not in self._values:
            raise StepError(ErrorType.CREDENTIAL, f"no credential named {name!r}")
        return Secret("custom", self._values[name])


class _Resources(Resources):
    def __init__(self, settings: Settings, client: HttpClient) -> None:
        super().__init__(settings)
        self._client = client

    def get(self, kind: type[R]) -> R:
        """The test's client, with its own name service and authorities; all else as a worker builds it."""
        return self._client if isinstance(self._client, kind) else super().get(kind)


class Worker:
    """The part of a worker that a connector sees."""

    def __init__(
        self, http: HttpSettings, *, resolver: Resolver | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        settings = Settings(env=Env.production, http=http)
        self.client = HttpClient(settings, resolver=resolver, tls=tls)
        self.resources = _Resources(settings, self.client)

    async def run(
        self,
        *,
        within: float = 10.0,
        tenant_id: str = "acme",
        path: str = "step",
        credentials: Mapping[str, Mapping[str, Any]] = NONE,
        **config: Any,
    ) -> dict[str, Any]:
        """The output of one attempt by a tenant that has these credentials. Raises `StepError`."""
        step = StepRequest(
            tenant_id=tenant_id,
            execution_id="exec_1",
            path=path,
            action_id=path,
            type="http",
            config=config,
            timeout=within,
            retry=RetryRule(),
        )
        call = Call(step, 1, self.resources, Given(credentials))
        output: dict[str, Any] = await ACTION.run(check_config(ACTION, config), call)
        return output

    async def close(self) -> None:
        """Close the resources."""
        await self.resources.close()
        await self.client.close()


def allowing(*networks: str, **settings: Any) -> HttpSettings:
    """Settings that open these networks besides the public ones."""
    return HttpSettings(allowed_networks=tuple(map(ipaddress.ip_network, networks)), **settings)
