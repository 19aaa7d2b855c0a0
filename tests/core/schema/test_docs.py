"""The page about the catalogue holds what it says."""

import json
import re
from pathlib import Path
from typing import Any

from api.schemas.catalogue import action_type_view
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.schema import definition_schema
from tests.docs.fences import fences

FILE = Path(__file__).parents[3] / "docs" / "catalogue.md"
PAGE = FILE.read_text()
SCHEMA = definition_schema(full_catalogue())


def keywords(schema: Any) -> set[str]:
    """The keywords for editors that are used."""
    match schema:
        case dict():
            own = {key for key in schema if key.startswith("x-gorax-")}
            return own.union(*map(keywords, schema.values()))
        case list():
            return set().union(*map(keywords, schema))
    return set()


def test_the_type_that_is_shown_is_so() -> None:
    formula = full_catalogue().get("formula")
    assert formula
    [shown] = fences(FILE, "json")
    assert json.loads(shown.text) == {"data": action_type_view(formula)}


def test_every_keyword_for_editors_is_told() -> None:
    assert set(re.findall(r"^\| `(x-gorax-[a-z-]+)`", PAGE, re.MULTILINE)) == keywords(SCHEMA)
