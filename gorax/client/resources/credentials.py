"""Credentials, their versions, and who read them."""

from collections.abc import Mapping
from typing import Any, TypedDict, Unpack

from gorax.client.arguments import Duration, Time, TimeRange
from gorax.client.calls import JSON_LINES, NO_CONTENT, Call, data, fields, page
from gorax.client.flows import Feed
from gorax.client.lines import exported
from gorax.client.models.common import Page
from gorax.client.models.credentials import (
    Credential,
    CredentialAccess,
    CredentialValue,
    CredentialVersion,
    RotatedCredential,
)
from gorax.client.resource import Iterating, R, Resource, every, operation

_ONE = "/api/v1/credentials/{credentialID}"


class CredentialFields(TypedDict, total=False):
    """What a credential may have beside name, type and value."""

    description: str | None
    expires_at: Time | None


class CredentialChanges(CredentialFields, total=False):
    """What of a credential changes; what is left out stays as it is."""

    name: str


class Credentials(Resource[R]):
    """`gorax.credentials`."""

    @operation("listCredentials", "GET", "/api/v1/credentials")
    def list(self, *, limit: int = 100, offset: int = 0) -> Call[Page[Credential]]:
        """A page of the tenant's credentials, without their values; `limit` is 100 at most."""
        return Call(page(Credential), query={"limit": limit, "offset": offset})

    iterate = every(list)

    @operation("createCredential", "POST", "/api/v1/credentials")
    def create(
        self,
        *,
        name: str,
        type: str,  # noqa: A002 - the field's name
        value: Mapping[str, Any],
        **more: Unpack[CredentialFields],
    ) -> Call[Credential]:
        """Keep a secret, encrypted."""
        return Call(data(Credential), body={"name": name, "type": type, "value": value, **more})

    @operation("getCredential", "GET", _ONE)
    def get(self, credential_id: str) -> Call[Credential]:
        """One credential, without its value."""
        return Call(data(Credential), (credential_id,))

    @operation("updateCredential", "PUT", _ONE)
    def update(self, credential_id: str, **changes: Unpack[CredentialChanges]) -> Call[Credential]:
        """Change what is known of it. A new value is a rotation."""
        return Call(data(Credential), (credential_id,), body={**changes})

    @operation("deleteCredential", "DELETE", _ONE)
    def delete(self, credential_id: str, *, force: bool = False) -> Call[None]:
        """Delete it; with `force` also while workflows use it, whose steps will fail."""
        return Call(NO_CONTENT, (credential_id,), {"force": force})

    @operation("getCredentialValue", "GET", f"{_ONE}/value")
    def value(self, credential_id: str) -> Call[CredentialValue]:
        """The value, for administrators; that they read it is logged."""
        return Call(data(CredentialValue), (credential_id,))

    @operation("rotateCredential", "POST", f"{_ONE}/rotate")
    def rotate(
        self,
        credential_id: str,
        new_value: Mapping[str, Any],
        *,
        grace_period: Duration = "24h",
        expires_at: Time | None = None,
    ) -> Call[RotatedCredential]:
        """Give it a new value. The one before stays valid for executions that began with it, for `grace_period`."""
        body = {"new_value": new_value, "grace_period": grace_period, "expires_at": expires_at}
        return Call(data(RotatedCredential), (credential_id,), body=body)

    @operation("listCredentialVersions", "GET", f"{_ONE}/versions")
    def versions(
        self, credential_id: str, *, limit: int = 100, offset: int = 0
    ) -> Call[Page[CredentialVersion]]:
        """The values that it has and had: when, and by whom."""
        return Call(page(CredentialVersion), (credential_id,), {"limit": limit, "offset": offset})

    iterate_versions = every(versions)

    @operation("listCredentialAccesses", "GET", f"{_ONE}/access-log")
    def accesses(
        self, credential_id: str, *, limit: int = 100, offset: int = 0
    ) -> Call[Page[CredentialAccess]]:
        """Who read its value, and who was refused; newest first."""
        return Call(page(CredentialAccess), (credential_id,), {"limit": limit, "offset": offset})

    iterate_accesses = every(accesses)

    @operation("exportCredentialAccessLog", "GET", "/api/v1/credentials/access-log")
    def _access_log(self, **range_: Unpack[TimeRange]) -> Call[str]:
        return Call(JSON_LINES, query=fields(range_))

    @Iterating
    def access_log(self, **range_: Unpack[TimeRange]) -> Feed[CredentialAccess]:
        """Who read which value of the tenant, oldest first, however many they are."""
        described = Credentials._access_log
        call = described.build(self, **range_)
        return exported(self._connection, described.operation, call, CredentialAccess)
