"""Who opens a stream. Browsers cannot send headers with it, so what headers would say may stand in the address."""

from collections.abc import Iterable

from starlette.requests import HTTPConnection

from api.auth import ROLE_HEADER, TENANT_HEADER, USER_HEADER, authorize_for
from api.dependencies import Services
from api.errors import Unauthenticated, status_of
from api.identity import Identity
from api.origins import check_origin
from api.presented import SESSION_TOKEN_HEADER
from api.readers import address_of
from api.services.streams.reader import TRY_AGAIN, Close
from api.services.streams.tickets import MAX_TICKET, Sealed
from gorax.core.errors import GoraxError, Invalid, LimitReached, Unavailable
from gorax.core.ids import REQUEST, new_id
from gorax.settings import Env
from gorax.store.audit import Action

TICKET = "ticket"
# Headers that say which page and which machine the request comes from, and not from whom.
_FROM_WHERE = frozenset({b"host", b"origin", b"sec-fetch-site", b"x-forwarded-for"})
_PARAMETERS = {"tenant_id": TENANT_HEADER, "user_id": USER_HEADER}


class Access:
    """The right to one stream: proved when it is opened, and again while it lasts."""

    def __init__(self, connection: HTTPConnection, operation: str) -> None:
        self._connection = connection
        self._operation = operation
        self._shown = connection
        self._services: Services = connection.app.state.services

    async def open(self) -> Identity:
        """Who opens the stream. Raises what `authorize` does; a ticket is used up by it."""
        settings = self._services.settings
        if settings.env is Env.production and self._connection.scope["type"] == "websocket":
            check_origin(self._connection, settings.cors_origins)
        text = self._parameter(TICKET, MAX_TICKET)
        if text is None:
            self._shown = _with_headers(self._connection, self._from_address())
            identity = await self._identity()
        else:
            identity = await self._by_ticket(text)
        self._connection.state.tenant_id = identity.tenant_id
        return identity

    async def _by_ticket(self, text: str) -> Identity:
        ticket = self._services.tickets.read(text)
        self._shown = _with_headers(self._connection, ticket.headers.items(), alone=True)
        identity = await self._identity()
        if identity.tenant_id != ticket.tenant_id:
            raise Unauthenticated("ticket: is of another tenant")
        await self._services.tickets.use(ticket, self._action(ticket, identity))
        return identity

    async def refusal(self) -> Close | None:
        """Why who opened the stream may not have it any more; None while they may, and while nobody can tell."""
        try:
            await self._identity()
        except (Unavailable, LimitReached):
            return None
        except GoraxError as error:
            return close_of(error)
        return None

    async def _identity(self) -> Identity:
        await authorize_for(self._shown, self._operation)
        identity: Identity = self._shown.state.identity
        return identity

    def _from_address(self) -> Iterable[tuple[str, str]]:
        sent = self._connection.headers
        for name, header in _PARAMETERS.items():
            value = self._parameter(name, 255)
            if value is not None and header.lower() not in sent:
                yield header, value

    def _parameter(self, name: str, longest: int) -> str | None:
        values = self._connection.query_params.getlist(name)
        if len(values) > 1:
            raise Invalid(f"{name}: must be given once")
        if not values or not values[0]:
            return None
        if len(values[0]) > longest or not (values[0].isascii() and values[0].isprintable()):
            raise Invalid(f"{name}: must be at most {longest} printable ASCII characters")
        return values[0]

    def _action(self, ticket: Sealed, identity: Identity) -> Action:
        caller = self._shown.state.caller
        connection = self._connection
        return Action(
            tenant_id=ticket.tenant_id,
            operation=self._operation,
            path=connection.scope["raw_path"].decode("latin-1"),
            user_id=identity.user_id,
            via=caller.via,
            via_id=caller.via_id,
            address=address_of(connection),
            request_id=getattr(connection.state, "request_id", None) or new_id(REQUEST),
        )


def identity_headers(connection: HTTPConnection, tenant_id: str, cookie_name: str) -> dict[str, str]:
    """The headers of a request that say who sends it, for a ticket to say the same."""
    found = {TENANT_HEADER: tenant_id}
    for name in ("Authorization", SESSION_TOKEN_HEADER, USER_HEADER, ROLE_HEADER):
        if (value := connection.headers.get(name)) is not None:
            found[name] = value
    if (cookie := connection.cookies.get(cookie_name)) is not None:
        found["Cookie"] = f"{cookie_name}={cookie}"
    return found


def _with_headers(
    connection: HTTPConnection, headers: Iterable[tuple[str, str]], *, alone: bool = False
) -> HTTPConnection:
    """The connection as if it had come with these headers too, or `alone` with these."""
    own = [] if alone else connection.scope["headers"]
    added = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers]
    kept = [(name, value) for name, value in connection.scope["headers"] if alone and name in _FROM_WHERE]
    # A state of its own: each look at who it is writes it.
    scope = {**connection.scope, "headers": [*own, *kept, *added], "state": dict(connection.scope["state"])}
    return HTTPConnection(scope)


def close_of(error: GoraxError) -> Close:
    """The refusal as a socket is closed with it: 4000 and the status of HTTP, or that it may be tried again."""
    status = status_of(error)
    if status in {429, 503}:
        return Close(TRY_AGAIN, str(error))
    return Close(4000 + status, str(error))
