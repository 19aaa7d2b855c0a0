"""JSON Schemas (draft 2020-12) of what the language accepts, for editors to validate and complete with.

They are made of the models that the check at save uses. Where `gorax.core.json_schema` checks schemas and bodies of
strangers, this only describes.
"""

from gorax.core.schema.config import config_schema
from gorax.core.schema.definition import DIALECT, definition_schema

__all__ = ["DIALECT", "config_schema", "definition_schema"]
