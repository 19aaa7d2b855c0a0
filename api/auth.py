"""Who sends a request, and for which tenant.

In development the headers are believed. In production they are not: until an identity provider is connected,
every authenticated route answers 401 there.
"""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from api.dependencies import Services
from api.errors import Unauthenticated
from api.identity import Identity, Role
from gorax.core.errors import Invalid
from gorax.core.ids import TENANT_ID
from gorax.settings import Env

TENANT_HEADER = "X-Tenant-ID"
USER_HEADER = "X-User-ID"
ROLE_HEADER = "X-User-Role"

ANONYMOUS = "anonymous"
"""The user of a development request that names none: the reference's own examples leave the header out."""
MAX_USER_ID = 255


def _believe_headers(request: Request) -> Identity:
    tenant_id = request.headers.get(TENANT_HEADER)
    if not tenant_id:
        raise Unauthenticated(f"authentication required: send the header {TENANT_HEADER}")
    if not TENANT_ID.fullmatch(tenant_id):
        raise Invalid(
            f"{TENANT_HEADER}: must be 1 to 64 letters, digits, '_', '.' or '-', "
            "beginning with a letter or digit"
        )
    for name in (TENANT_HEADER, USER_HEADER, ROLE_HEADER):
        if len(request.headers.getlist(name)) > 1:
            # A proxy in front may have read the other one.
            raise Invalid(f"{name}: must be sent once")
    user_id = request.headers.get(USER_HEADER) or ANONYMOUS
    if len(user_id) > MAX_USER_ID or not (user_id.isascii() and user_id.isprintable()):
        raise Invalid(f"{USER_HEADER}: must be at most {MAX_USER_ID} printable ASCII characters")
    try:
        role = Role(request.headers.get(ROLE_HEADER) or Role.admin)
    except ValueError:
        raise Invalid(f"{ROLE_HEADER}: must be one of {', '.join(Role)}") from None
    return Identity(tenant_id, user_id, role)


async def _current_identity(request: Request) -> Identity:
    services: Services = request.app.state.services
    if services.settings.env is not Env.development:
        raise Unauthenticated(
            "authentication required: no identity provider is configured, "
            "and headers are trusted in development only"
        )
    identity = _believe_headers(request)
    await services.known_tenants.ensure(identity.tenant_id)
    request.state.tenant_id = identity.tenant_id
    return identity


CurrentIdentity = Annotated[Identity, Depends(_current_identity)]
"""In a route's signature: the user and tenant of the request, which is refused without one."""


async def _current_tenant(identity: CurrentIdentity) -> str:
    return identity.tenant_id


CurrentTenant = Annotated[str, Depends(_current_tenant)]
"""In a route's signature: the tenant whose things the route may see, and no other's."""
