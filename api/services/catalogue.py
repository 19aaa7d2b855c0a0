"""What can be written in a definition, for editors: made once, when somebody first asks."""

from functools import cached_property

from api.documents import Document
from api.schemas.catalogue import action_type_view
from gorax.core.actions.catalogue import Catalogue
from gorax.core.encoding import dumps
from gorax.core.errors import NotFound
from gorax.core.schema import definition_schema

SCHEMA_TYPE = "application/schema+json"


class CatalogueService:
    """The catalogue as documents. The first call of each takes a moment: not for the event loop."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    @cached_property
    def all_types(self) -> Document:
        """Every type, by name."""
        return Document(dumps({"data": [action_type_view(action_type) for action_type in self._catalogue]}))

    def one_type(self, name: str) -> Document:
        """The type of that name, alias or prefixed name. Raises `NotFound`."""
        action_type = self._catalogue.get(name)
        if action_type is None:
            raise NotFound("action type not found")
        return Document(dumps({"data": action_type_view(action_type)}))

    @cached_property
    def schema(self) -> Document:
        """The schema of a definition."""
        return Document(dumps(definition_schema(self._catalogue)), SCHEMA_TYPE)
