"""Every definition that the original product ships or documents: what becomes of it, or why it is refused.

The files under `originals/` hold their structure: nodes, configs with what they refer to, and edges. Names and most
of the prose are left out. Values that the original's authors expected in `env` are given as variables.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from gorax.core.actions.catalogue import full_catalogue
from gorax.core.builder import compile_with_sources
from gorax.core.definition import InvalidDefinition, parse_definition
from tests.core.builder.canvases import canvas, outline

_FILES = sorted((Path(__file__).parent / "originals").glob("*.json"))
_ORIGINALS = {
    f"{file.stem}-{entry['name']}": entry for file in _FILES for entry in json.loads(file.read_text())
}


def _compiled(entry: dict[str, Any]) -> dict[str, Any]:
    """The compiled definition, accepted by the language. Raises `InvalidDefinition` in the author's terms."""
    authored = canvas(entry["nodes"], entry["edges"], variables=dict.fromkeys(entry["variables"], "value"))
    before = json.dumps(authored)
    compiled = compile_with_sources(authored)
    assert json.dumps(authored) == before
    try:
        parse_definition(compiled.definition, full_catalogue())
    except InvalidDefinition as error:
        raise compiled.refused(error) from error
    return compiled.definition


@pytest.mark.parametrize("name", [name for name, entry in _ORIGINALS.items() if "becomes" in entry])
def test_is_accepted_and_keeps_its_shape(name: str) -> None:
    entry = _ORIGINALS[name]
    assert outline(_compiled(entry)["actions"]) == entry["becomes"]


@pytest.mark.parametrize("name", [name for name, entry in _ORIGINALS.items() if "refused" in entry])
def test_is_refused_where_the_reason_lies(name: str) -> None:
    entry = _ORIGINALS[name]
    with pytest.raises(InvalidDefinition) as refused:
        _compiled(entry)
    problems = refused.value.problems
    assert [problem.pointer for problem in problems] == [pointer for pointer, _ in entry["refused"]]
    for problem, (_, reason) in zip(problems, entry["refused"], strict=True):
        assert problem.message.startswith(reason)


def test_all_of_them_are_here() -> None:
    counts = {file.stem: len(json.loads(file.read_text())) for file in _FILES}
    assert counts == {"error_handling": 5, "examples": 5, "seeds": 6, "specification": 10, "templates": 31}


def test_environment_variables_are_refused_unless_they_are_variables() -> None:
    entry = _ORIGINALS["templates-document_processing"]
    with pytest.raises(InvalidDefinition) as refused:
        _compiled({**entry, "variables": []})
    assert [problem.pointer for problem in refused.value.problems] == [
        "/nodes/1/data/config/url",
        "/nodes/3/data/config/url",
    ]
    assert "put the value under variables" in refused.value.problems[0].message
