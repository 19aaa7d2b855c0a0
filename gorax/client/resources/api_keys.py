"""API keys."""

from typing import Literal

from gorax.client.arguments import Time
from gorax.client.calls import NO_CONTENT, Call, data, page
from gorax.client.models.api_keys import ApiKey, NewApiKey
from gorax.client.models.common import Page
from gorax.client.resource import R, Resource, every, operation

_ONE = "/api/v1/api-keys/{keyID}"


class ApiKeys(Resource[R]):
    """`gorax.api_keys`."""

    @operation("listApiKeys", "GET", "/api/v1/api-keys")
    def list(self, *, limit: int = 100, offset: int = 0) -> Call[Page[ApiKey]]:
        """A page of the tenant's keys, without the keys themselves; `limit` is 100 at most."""
        return Call(page(ApiKey), query={"limit": limit, "offset": offset})

    iterate = every(list)

    @operation("createApiKey", "POST", "/api/v1/api-keys")
    def create(
        self,
        *,
        name: str,
        role: Literal["viewer", "operator", "editor", "admin"],
        expires_at: Time | None = None,
    ) -> Call[NewApiKey]:
        """Make a key. The answer has it, this once."""
        return Call(data(NewApiKey), body={"name": name, "role": role, "expires_at": expires_at})

    @operation("getApiKey", "GET", _ONE)
    def get(self, key_id: str) -> Call[ApiKey]:
        """One key."""
        return Call(data(ApiKey), (key_id,))

    @operation("revokeApiKey", "DELETE", _ONE)
    def revoke(self, key_id: str) -> Call[None]:
        """Have it open nothing any more, at once."""
        return Call(NO_CONTENT, (key_id,))
