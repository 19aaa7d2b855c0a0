"""The page about the catalogue holds what it says."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema

from api.schemas.catalogue import action_type_view
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.schema import definition_schema

PAGE = (Path(__file__).parents[3] / "docs" / "catalogue.md").read_text()
SCHEMA = definition_schema(full_catalogue())


def block(language: str) -> str:
    """The one block of a language."""
    [found] = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


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
    assert json.loads(block("json")) == {"data": action_type_view(formula)}


def test_every_keyword_for_editors_is_told() -> None:
    assert set(re.findall(r"^\| `(x-gorax-[a-z-]+)`", PAGE, re.MULTILINE)) == keywords(SCHEMA)


def test_the_program_prints_what_is_shown(capsys: Any) -> None:
    program = block("python")
    request = re.search(r"^schema = (.*)$", program, re.MULTILINE)
    assert request
    exec(program.replace(request[1], "SCHEMA").replace("httpx, ", ""), {"SCHEMA": SCHEMA})
    assert sorted(capsys.readouterr().out.splitlines()) == sorted(block("text").splitlines())
    assert jsonschema.__name__ in program
