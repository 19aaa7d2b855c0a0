"""Bodies whose fields may be written in snake_case or in camelCase."""

from typing import Any

from pydantic import model_validator
from pydantic.alias_generators import to_camel

from api.schemas.common import RequestBody


class EitherCase(RequestBody):
    """Reads `workflowId` as `workflow_id`. Errors, and the document, name the fields in snake_case."""

    @model_validator(mode="before")
    @classmethod
    def _read_camel_case(cls, body: Any) -> Any:
        if not isinstance(body, dict):
            return body
        names = {to_camel(name): name for name in cls.model_fields}
        read: dict[Any, Any] = {}
        for key, value in body.items():
            name = names.get(key, key)
            if name in read:
                raise ValueError(f"has {name} twice, in snake_case and in camelCase")
            read[name] = value
        return read
