"""Who asks for something, as logs keep it."""

from collections.abc import Sequence

from starlette.requests import HTTPConnection

from api.dependencies import Services
from gorax.core.webhooks.networks import Network, remote_address
from gorax.store.credential_log import Reader


def address_of(connection: HTTPConnection) -> str | None:
    """Where a request comes from: as far as trusted proxies say so, from beyond them."""
    services: Services = connection.app.state.services
    return address_beyond(connection, services.settings.webhooks.trusted_proxies)


def address_beyond(connection: HTTPConnection, proxies: Sequence[Network]) -> str | None:
    """Where a request comes from, beyond these proxies."""
    return remote_address(
        connection.client.host if connection.client else None,
        # Each proxy may add a line of its own.
        ",".join(connection.headers.getlist("x-forwarded-for")),
        proxies,
    )


def reader_of(connection: HTTPConnection, user_id: str) -> Reader:
    """Whoever sent a request for the value of a credential."""
    return Reader(
        via="api",
        user_id=user_id,
        address=address_of(connection),
        request_id=connection.state.request_id,
    )
