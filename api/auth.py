"""Who sends a request, for which tenant, and whether they may.

`authorize` stands before every route: it finds out who it is by an API key, a session or, in development, headers
that are believed, and holds what that person is against the table in `gorax.core.roles`.
"""

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from api.dependencies import Services
from api.errors import Forbidden, Unauthenticated
from api.identity import Caller, Identity
from api.origins import SAFE_METHODS, check_origin
from api.presented import presented
from api.rates import check_stranger, count, counted
from api.readers import address_of, reader_of
from api.services.trail import Trail
from gorax.core.errors import Invalid
from gorax.core.ids import TENANT_ID
from gorax.core.roles import CHANGE_NOTHING, Access, Role, access_to
from gorax.settings import Env
from gorax.store.audit import Action
from gorax.store.session import COMPANION

TENANT_HEADER = "X-Tenant-ID"
USER_HEADER = "X-User-ID"
ROLE_HEADER = "X-User-Role"

ANONYMOUS = "anonymous"
"""The user of a development request that names none: the reference's own examples leave the header out."""
MAX_USER_ID = 255
READ_VALUE = "getCredentialValue"
"""The operation whose every call is in a log of its own."""


async def authorize(connection: HTTPConnection) -> None:
    """Let the request through to its route, or raise.

    `Invalid` for headers that cannot be read, `Unauthenticated` for nobody we know, `Forbidden` for a tenant that
    is not theirs, a role that is not enough or a tenant that is suspended, `Unavailable` when nobody can tell,
    `RateLimited` when there are too many requests.
    """
    await authorize_for(connection, getattr(connection.scope["route"], "operation_id", None))


async def authorize_for(connection: HTTPConnection, operation: str | None) -> None:
    """Let a request through that asks for this operation, or raise; see `authorize`."""
    needed = access_to(operation)
    if needed is Access.anybody:
        return
    changes = connection.scope.get("method", "GET") not in SAFE_METHODS and operation not in CHANGE_NOTHING
    tenant_id = _header(connection, TENANT_HEADER)
    if tenant_id is not None and not TENANT_ID.fullmatch(tenant_id):
        raise Invalid(
            f"{TENANT_HEADER}: must be 1 to 64 letters, digits, '_', '.' or '-', "
            "beginning with a letter or digit"
        )
    connection.state.caller = caller = await _caller(connection, tenant_id, changes=changes)
    if needed.role is None:
        if caller.platform_admin:
            services: Services = connection.app.state.services
            count(connection, await services.rates.admin(caller.user_id))
        if changes:
            # Who may not do it writes nothing into the log of a tenant that the path names.
            _follow(connection, caller, _named_tenant(connection) if caller.platform_admin else None)
        await _platform_admin(connection)
    else:
        await _let_in(connection, _member(connection, caller, tenant_id), needed.role, changes=changes)


async def _let_in(connection: HTTPConnection, identity: Identity, needed: Role, *, changes: bool) -> None:
    services: Services = connection.app.state.services
    tenants, tenant_id = services.known_tenants, identity.tenant_id
    await tenants.check_there(tenant_id, create=identity.via == "headers")
    connection.state.identity = identity
    connection.state.tenant_id = tenant_id
    # Before anything is written or looked up for it; once, although a stream asks again and again whether it may be.
    if not counted(connection):
        limit = await tenants.requests_per_minute(tenant_id)
        count(connection, await services.rates.tenant(tenant_id, limit))
    if changes:
        _follow(connection, connection.state.caller, tenant_id)
    if not identity.role.covers(needed):
        refusal = Forbidden(f"this needs the role {needed}; in {tenant_id} you are {identity.role}")
        if getattr(connection.scope["route"], "operation_id", None) == READ_VALUE:
            # The log of who read a credential's value has those, too, who were refused.
            asked, reader = connection.path_params["credentialID"], reader_of(connection, identity.user_id)
            await services.credentials.refuse(tenant_id, asked, reader, refusal)
        raise refusal
    if changes:
        await tenants.check_active(tenant_id)


async def _caller(connection: HTTPConnection, tenant_id: str | None, *, changes: bool) -> Caller:
    services: Services = connection.app.state.services
    settings = services.settings
    shown = presented(connection, settings.kratos.cookie)
    if shown is not None and shown.kind == "key":
        check_stranger(connection, services.rates, settings, shown)
        caller = await services.api_keys.caller(shown.secret)
        services.rates.proved(shown.secret)
        return caller
    if shown is not None and services.kratos.configured:
        check_stranger(connection, services.rates, settings, shown)
        # Nobody but the server keeps the pages of others from opening sockets, and from reading them.
        if shown.kind == "cookie" and (changes or connection.scope["type"] == "websocket"):
            check_origin(connection, settings.cors_origins)
        caller = await services.kratos.caller(shown)
        services.rates.proved(shown.secret)
        return caller
    if settings.env is Env.development and not services.kratos.configured:
        return _believed(connection, tenant_id)
    raise Unauthenticated("authentication required: send a session or an API key")


def _believed(connection: HTTPConnection, tenant_id: str | None) -> Caller:
    """Whoever the headers say. Without roles by tenant there is one admin, who runs the platform too."""
    user_id = _header(connection, USER_HEADER) or ANONYMOUS
    if len(user_id) > MAX_USER_ID or not (user_id.isascii() and user_id.isprintable()):
        raise Invalid(f"{USER_HEADER}: must be at most {MAX_USER_ID} printable ASCII characters")
    try:
        role = Role(_header(connection, ROLE_HEADER) or Role.admin)
    except ValueError:
        raise Invalid(f"{ROLE_HEADER}: must be one of {', '.join(Role)}") from None
    tenants = {} if tenant_id is None else {tenant_id: role}
    return Caller(user_id=user_id, via="headers", tenants=tenants, platform_admin=role is Role.admin)


def _header(connection: HTTPConnection, name: str) -> str | None:
    values = connection.headers.getlist(name)
    if len(values) > 1:
        # A proxy in front may have read the other one.
        raise Invalid(f"{name}: must be sent once")
    return values[0] or None if values else None


def _member(connection: HTTPConnection, caller: Caller, tenant_id: str | None) -> Identity:
    if tenant_id is None:
        # Pages cannot send headers with a socket.
        own = "" if connection.scope["type"] == "http" else " or the parameter tenant_id"
        if caller.via == "headers":
            raise Unauthenticated(f"authentication required: send the header {TENANT_HEADER}{own}")
        if caller.via == "session":
            raise Invalid(
                f"{TENANT_HEADER}{own}: is required: it says which of your tenants the request is for"
            )
        [tenant_id] = caller.tenants
    role = caller.tenants.get(tenant_id)
    if role is None:
        raise Forbidden(f"you do not belong to the tenant {tenant_id}")
    return Identity(tenant_id, caller.user_id, role, caller.via)


def _named_tenant(connection: HTTPConnection) -> str | None:
    named = connection.path_params.get("tenantID")
    return named if isinstance(named, str) and TENANT_ID.fullmatch(named) else None


def _follow(connection: HTTPConnection, caller: Caller, tenant_id: str | None) -> None:
    """From here on, what becomes of the request is in the audit log."""
    services: Services = connection.app.state.services
    route = connection.scope["route"]
    action = Action(
        tenant_id=tenant_id,
        operation=route.operation_id or route.path,
        path=connection.scope["raw_path"].decode("latin-1"),
        user_id=caller.user_id,
        via=caller.via,
        via_id=caller.via_id,
        address=address_of(connection),
        request_id=connection.state.request_id,
    )
    connection.state.trail = trail = Trail(services.database, action)
    COMPANION.set(trail)


async def _current_identity(connection: HTTPConnection) -> Identity:
    identity: Identity = connection.state.identity
    return identity


CurrentIdentity = Annotated[Identity, Depends(_current_identity)]
"""In a route's signature: the user and tenant of the request, which is refused without one."""


async def _current_tenant(identity: CurrentIdentity) -> str:
    return identity.tenant_id


CurrentTenant = Annotated[str, Depends(_current_tenant)]
"""In a route's signature: the tenant whose things the route may see, and no other's."""


async def _platform_admin(connection: HTTPConnection) -> Caller:
    caller: Caller = connection.state.caller
    if not caller.platform_admin:
        raise Forbidden("this is for administrators of the platform")
    return caller


PlatformAdmin = Annotated[Caller, Depends(_platform_admin)]
"""In a route's signature: who runs the platform, and belongs to no tenant as such."""
