"""What can be written in a definition."""

from typing import Any

from gorax.client.calls import Answer, Call, data, listed, plain
from gorax.client.models.catalogue import ActionType
from gorax.client.resource import R, Resource, operation

_SCHEMA: Answer[dict[str, Any]] = plain(dict[str, Any])


class Catalogue(Resource[R]):
    """`gorax.catalogue`."""

    @operation("listActionTypes", "GET", "/api/v1/action-types")
    def action_types(self) -> Call[list[ActionType]]:
        """Every action type of the server, by name."""
        return Call(listed(ActionType))

    @operation("getActionType", "GET", "/api/v1/action-types/{typeName}")
    def action_type(self, name: str) -> Call[ActionType]:
        """One action type, by its name or an alias."""
        return Call(data(ActionType), (name,))

    @operation("getDefinitionSchema", "GET", "/api/v1/definition-schema")
    def definition_schema(self) -> Call[dict[str, Any]]:
        """The JSON Schema (draft 2020-12) of a whole definition, for editors."""
        return Call(_SCHEMA)
