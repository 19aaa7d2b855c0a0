"""The way out of a worker for connectors that do not speak HTTP."""

from activities.egress import AddressPolicy, Egress
from gorax.core.actions.declaration import Resource
from gorax.settings import Settings


class Outside(Resource):
    """The worker's egress, which decides what may be reached from here."""

    def __init__(self, settings: Settings) -> None:
        self.egress = Egress(AddressPolicy(settings.http.allowed_networks))

    async def close(self) -> None:
        """Nothing is held."""
