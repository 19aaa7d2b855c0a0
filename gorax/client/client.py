"""The two clients: the same resources, run in two ways."""

import ssl
from abc import abstractmethod
from types import TracebackType
from typing import Any, Generic, Self
from urllib.parse import urlsplit
from urllib.request import getproxies

import httpx

from gorax.client.connection import Connection
from gorax.client.resource import R
from gorax.client.resources.administration import Admin, Audit
from gorax.client.resources.api_keys import ApiKeys
from gorax.client.resources.approvals import Approvals
from gorax.client.resources.catalogue import Catalogue
from gorax.client.resources.credentials import Credentials
from gorax.client.resources.executions import Executions
from gorax.client.resources.metrics import Metrics
from gorax.client.resources.schedules import Schedules
from gorax.client.resources.system import Codec, System
from gorax.client.resources.webhooks import Events, Webhooks
from gorax.client.resources.workflows import Workflows
from gorax.client.runners import Blocking, Concurrent
from gorax.client.sockets import SocketOptions

LOCAL = "http://127.0.0.1:8080"
"""Where `make dev` has the API."""


class _Client(Generic[R]):
    """All groups of operations."""

    def __init__(
        self,
        base_url: str = LOCAL,
        *,
        tenant: str | None = None,
        token: str | None = None,
        user: str | None = None,
        role: str | None = None,
        timeout: float = 30.0,
        retries: int = 4,
        ssl_context: ssl.SSLContext | None = None,
        trust_env: bool = True,
    ) -> None:
        """Reach the API at `base_url` for a tenant; nothing is sent yet.

        `token` is an API key, which knows its tenant, or that of a session. In development, `user` and `role` are
        believed. `timeout` is in seconds, to connect and between two parts of an answer. A request is repeated up to
        `retries` times where that cannot do something twice. `trust_env` uses the proxies that the environment names.
        Raises `ValueError` for a `base_url` that is none.
        """
        connection = Connection(
            base_url=_address(base_url),
            tenant=tenant,
            token=token,
            user=user,
            role=role,
            timeout=timeout,
            retries=retries,
        )
        sockets = SocketOptions(timeout, ssl_context, trust_env)
        verify = ssl_context or _has_tls(connection.base_url, trust_env)
        runner = self._runner_with({"verify": verify, "trust_env": trust_env}, sockets)
        self._connection = connection
        self._runner: R = runner
        self.workflows: Workflows[R] = Workflows(connection, runner)
        self.executions: Executions[R] = Executions(connection, runner)
        self.approvals: Approvals[R] = Approvals(connection, runner)
        self.webhooks: Webhooks[R] = Webhooks(connection, runner)
        self.events: Events[R] = Events(connection, runner)
        self.schedules: Schedules[R] = Schedules(connection, runner)
        self.credentials: Credentials[R] = Credentials(connection, runner)
        self.metrics: Metrics[R] = Metrics(connection, runner)
        self.api_keys: ApiKeys[R] = ApiKeys(connection, runner)
        self.audit: Audit[R] = Audit(connection, runner)
        self.admin: Admin[R] = Admin(connection, runner)
        self.catalogue: Catalogue[R] = Catalogue(connection, runner)
        self.codec: Codec[R] = Codec(connection, runner)
        self.system: System[R] = System(connection, runner)

    @staticmethod
    @abstractmethod
    def _runner_with(http: dict[str, Any], sockets: SocketOptions) -> R:
        """What runs the flows, with a client of httpx that has these options."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._connection!r})"


class Gorax(_Client[Blocking]):
    """A client of the API for one tenant, whose methods block. Threads may share it.

    A context manager, which closes its connections at the end.
    """

    @staticmethod
    def _runner_with(http: dict[str, Any], sockets: SocketOptions) -> Blocking:
        return Blocking(httpx.Client(**http), sockets)

    def close(self) -> None:
        """Close its connections."""
        self._runner.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


class AsyncGorax(_Client[Concurrent]):
    """The same client for an event loop: its methods are coroutines, its iterators async ones.

    An async context manager, which closes its connections at the end.
    """

    @staticmethod
    def _runner_with(http: dict[str, Any], sockets: SocketOptions) -> Concurrent:
        return Concurrent(httpx.AsyncClient(**http), sockets)

    async def close(self) -> None:
        """Close its connections."""
        await self._runner.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


def _has_tls(base_url: str, trust_env: bool) -> bool:
    """Whether certificates can be met with, as reading those that are trusted takes 50 ms."""
    return base_url.startswith("https:") or (trust_env and bool(getproxies()))


def _address(base_url: str) -> str:
    parts = urlsplit(base_url)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.query or parts.fragment:
        raise ValueError(f"base_url: must be an address such as {LOCAL}, not {base_url[:100]!r}")
    return base_url.rstrip("/")
