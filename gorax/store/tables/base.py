"""What all tables share: the types of their columns, and how their constraints are named.

Text that people write is bounded by the API, not here: a bound that moves must not need a migration.
"""

from typing import ClassVar

from sqlalchemy import JSON, MetaData, String
from sqlalchemy.dialects.postgresql import TIMESTAMP
from sqlmodel import SQLModel

# Ids are compared byte by byte: faster than a language's order, and the order in which they were made.
IDENTIFIER = String(collation="C")
INSTANT = TIMESTAMP(timezone=True)

# `json`, not `jsonb`: what users wrote comes back as they wrote it (order of keys, spelling of numbers, and
# NUL characters, which `jsonb` refuses), and nothing is ever searched inside it.
DOCUMENT = JSON(none_as_null=True)


class Table(SQLModel):
    """Base of all tables, with names of constraints that do not depend on who created them."""

    metadata: ClassVar[MetaData] = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_idx",
            "uq": "%(table_name)s_%(column_0_N_name)s_key",
            "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
            "pk": "%(table_name)s_pkey",
        }
    )
