"""Who asks for the value of a credential, as its access log keeps it."""

from starlette.requests import HTTPConnection

from gorax.store.credential_log import Reader


def reader_of(connection: HTTPConnection, user_id: str) -> Reader:
    """Whoever sent a request."""
    return Reader(
        via="api",
        user_id=user_id,
        address=connection.client.host if connection.client else None,
        request_id=connection.state.request_id,
    )
