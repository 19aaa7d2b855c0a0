"""The texts of a step's config that name credentials, taken apart where their author wrote the references.

They travel with the step. What a rendered text merely looks like says nothing: data from outside may spell a
reference, and would have a secret delivered to wherever the text goes.
"""

from pydantic import BaseModel, ConfigDict


class SecretText(BaseModel):
    """Text that is rendered already, between references."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    text: str


class SecretReference(BaseModel):
    """A place for a credential's value, or for one field of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    field: str | None = None


SecretSegment = SecretText | SecretReference
