"""An API in production, whose users a Kratos of the test's own knows."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from dev.guard import Guard
from dev.ports import free_port
from dev.stack import api_part, base_url
from gorax.settings import Env, KratosSettings, Settings
from gorax.store.session import Database
from gorax.store.tenants import Tenants
from tests.support.http import client_of
from tests.support.kratos import FakeKratos, Person
from tests.support.processes import Server

ORIGIN = "https://app.example"
"""Of the pages that may use the cookie."""
CACHE_SECONDS = 2.5
TIMEOUT_SECONDS = 1.0


class Production:
    """One API process in production mode."""

    def __init__(self, settings: Settings, directory: Path, guard: Guard) -> None:
        """Start it."""
        self.settings = settings.model_copy(update={"port": free_port()})
        self.url = base_url(self.settings)
        self.server = Server(api_part(self.settings), directory, guard)

    def client(
        self, person: Person | None = None, *, tenant: str | None = None, key: str | None = None
    ) -> httpx.AsyncClient:
        """A client that speaks as this person, or with this key, for this tenant."""
        headers = {} if person is None else dict(person.headers)
        if tenant is not None:
            headers["X-Tenant-ID"] = tenant
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        return client_of(self.url, headers, 10)


def production_settings(settings: Settings, kratos_url: str) -> Settings:
    """Settings with which an API starts in production."""
    return settings.model_copy(
        update={
            "env": Env.production,
            "cors_origins": (ORIGIN,),
            "master_keys": SecretStr(f"k1:{'A' * 43}="),
            "kratos": KratosSettings(url=kratos_url, cache_seconds=CACHE_SECONDS, timeout=TIMEOUT_SECONDS),
        }
    )


@pytest.fixture(scope="session")
async def session_kratos() -> AsyncIterator[FakeKratos]:
    """The Kratos of all tests of this directory; a test takes it by `kratos`."""
    async with FakeKratos() as kratos:
        yield kratos


@pytest.fixture(scope="session")
def production(
    settings: Settings,
    session_kratos: FakeKratos,
    tmp_path_factory: pytest.TempPathFactory,
    guard: Guard,
) -> Iterator[Production]:
    """An API in production, shared by the tests of this directory."""
    directory = tmp_path_factory.mktemp("production")
    running = Production(production_settings(settings, session_kratos.url), directory, guard)
    yield running
    running.server.stop()


@pytest.fixture
def kratos(session_kratos: FakeKratos) -> Iterator[FakeKratos]:
    """Kratos, as it should be before and after the test."""
    session_kratos.requests.clear()
    yield session_kratos
    session_kratos.failure = None
    session_kratos.gate = None


@asynccontextmanager
async def store(settings: Settings) -> AsyncIterator[Database]:
    """The run's database."""
    database = Database(settings)
    try:
        yield database
    finally:
        await database.close()


@pytest.fixture
async def company(settings: Settings, tenant: str) -> str:
    """The test's own tenant, which exists."""
    async with store(settings) as database, database.platform() as session:
        await Tenants(session).ensure(tenant)
        await session.commit()
    return tenant


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The API's own database."""
    database = Database(settings)
    yield database
    await database.close()
