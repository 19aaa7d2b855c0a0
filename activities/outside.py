"""The way out of a worker for connectors that do not speak HTTP."""

import ssl
from functools import cached_property

from activities.egress import AddressPolicy, Egress, authorities
from gorax.core.actions.declaration import Resource
from gorax.settings import Settings


class Outside(Resource):
    """The worker's egress, which decides what may be reached from here."""

    def __init__(self, settings: Settings) -> None:
        self.egress = Egress(AddressPolicy(settings.http.allowed_networks))

    @cached_property
    def tls(self) -> ssl.SSLContext:
        """What certificates are checked with. Built at first use: reading the authorities takes some time."""
        return authorities()

    async def close(self) -> None:
        """Nothing is held."""
