"""Which workflows use a credential."""

import asyncio
from typing import Any

from pydantic import ValidationError

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import EffectAction
from gorax.core.credentials import uses_in
from gorax.core.definition import InvalidDefinition, all_actions, load_definition
from gorax.core.steering import action_form
from gorax.store.session import Database
from gorax.store.tables import Credential
from gorax.store.workflows import Workflows


class CredentialUsers:
    """Looks through the current definitions of a tenant."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def of(self, tenant_id: str, credential: Credential) -> dict[str, str]:
        """The names of the workflows that name it, by their ids, oldest first."""
        users: dict[str, str] = {}
        last = ""
        while True:
            async with self._database.session(tenant_id) as session:
                rows = await Workflows(session, tenant_id).mentioning(
                    [credential.name, credential.id], after=last
                )
            if not rows:
                return users
            for row in rows:
                # A large definition takes a tenth of a second: other requests go on meanwhile.
                if await asyncio.to_thread(self._uses, row.definition, credential):
                    users[row.id] = row.name
            last = rows[-1].id

    def _uses(self, authored: dict[str, Any], credential: Credential) -> bool:
        try:
            definition = load_definition(action_form(authored))
        except (InvalidDefinition, ValidationError):
            return True  # saved under older rules: its text has the name in it, and nobody can tell what for
        return any(
            use.name in {credential.name, credential.id}
            for _, action in all_actions(definition, self._catalogue)
            if isinstance(self._catalogue.get(action.type), EffectAction)
            for use in uses_in(action.config)
        )
