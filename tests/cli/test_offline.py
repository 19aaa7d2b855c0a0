"""Checking definitions without a server, which says what a save would."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.action_types import declared
from dev.parts import ROOT
from gorax.cli.declared import catalogue_of, shipped_catalogue
from gorax.cli.definitions import check
from gorax.core.actions.catalogue import full_catalogue
from gorax.core.actions.declaration import EffectAction
from tests.cli.conftest import Command

EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
EFFECTS = [one for one in full_catalogue() if isinstance(one, EffectAction)]

WRONG_OR_RIGHT: list[Any] = [
    *(None, [], {}, -1, True),
    *("{{steps.none.output}}", "{{trigger.body.x}}"),
    {"deep": ["{{trigger.bdy}}"]},
]

each_effect = pytest.mark.parametrize("effect", [pytest.param(one, id=one.name) for one in EFFECTS])


def test_the_types_that_it_brings_are_those_of_this_version() -> None:
    shipped = (ROOT / "gorax" / "cli" / "action_types.json").read_bytes()
    assert shipped == declared(full_catalogue()), "run `make action-types`"


def places(type_: str, config: Any, *, shipped: bool) -> list[str]:
    """Where a definition with one action of this config is wrong."""
    raw = {"actions": [{"id": "one", "type": type_, "config": config}]}
    found = check(raw, shipped_catalogue() if shipped else full_catalogue())
    return sorted(problem.pointer for problem in found.errors)


def variants(example: dict[str, Any]) -> list[Any]:
    """Configs near one that is accepted: right ones and wrong ones."""
    made: list[Any] = [example, {}, {**example, "unknown_field": 1}]
    for name in example:
        rest = {other: value for other, value in example.items() if other != name}
        made += [
            rest,
            *({**example, name: value} for value in WRONG_OR_RIGHT),
        ]
    return made


@each_effect
def test_it_says_what_a_save_says(effect: EffectAction[Any]) -> None:
    """Save for what only a type's own code looks at, it is wrong in the same places."""
    wrong = 0
    for config in variants(dict(effect.example)):
        at_save = places(effect.name, config, shipped=False)
        here = places(effect.name, config, shipped=True)
        # A place inside a field may be told as the field's own.
        assert {_field(one) for one in here} <= {_field(one) for one in at_save}, config
        wrong += bool(here)
    assert wrong >= 3


def _field(pointer: str) -> str:
    return "/".join(pointer.split("/")[:5])


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_the_examples_are_valid(command: Command, file: Path) -> None:
    assert "valid" in command("validate", file).out


def test_what_is_wrong_is_told_with_its_place(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(
        """\
name: Wrong
definition:
  actions:
    - {id: ask, type: http, config: {urll: "https://example.com"}}
    - {id: say, type: log, config: {message: "{{steps.aks.output}}"}}
---
actions:
  - {id: fine, type: log, config: {message: fine}}
"""
    )
    told = command("validate", file, code=1)
    assert "wrong.yaml: Wrong: " in told.out
    assert "error  /actions/0/config/urll  unknown field; did you mean 'url'?" in told.out
    assert "/actions/1/config/message" in told.out
    first, second = command("validate", file, "--json", code=1).json()
    assert (first["valid"], second["valid"]) == (False, True)
    assert {problem["pointer"] for problem in first["errors"]} >= {"/actions/0/config/urll"}


def test_canvases_are_checked_where_they_were_drawn(command: Command) -> None:
    drawn = {
        "nodes": [
            {"id": "t", "type": "trigger", "data": {"nodeType": "trigger:webhook", "config": {}}},
            {"id": "h", "type": "action", "data": {"nodeType": "action:http", "config": {"method": "GET"}}},
        ],
        "edges": [{"id": "e", "source": "t", "target": "h"}],
    }
    [told] = command("validate", "-", "--json", stdin=json.dumps(drawn), code=1).json()
    assert told["errors"][0]["pointer"].startswith("/nodes/1/data/config")


def test_types_of_a_server_of_ones_own(command: Command, tmp_path: Path) -> None:
    own = {
        "name": "fax",
        "kind": "effect",
        "config_schema": {
            "type": "object",
            "properties": {"to": {"type": "string", "minLength": 3}, "copy": {"type": "boolean"}},
            "required": ["to"],
        },
    }
    types = tmp_path / "types.json"
    types.write_text(json.dumps({"data": [own]}))

    def verdict(config: Any, code: int) -> str:
        raw = {"actions": [{"id": "a", "type": "fax", "config": config}]}
        return command("validate", "-", "--types", types, stdin=json.dumps(raw), code=code).out

    verdict({"to": "+49 30 1234", "copy": True, "additional": 1}, 0)
    verdict({"to": "{{trigger.body.number}}"}, 0)
    assert "/actions/0/config/to" in verdict({"to": "1"}, 1)
    assert "is required" in verdict({}, 1)
    types.write_text('[{"name": "x"}]')
    assert "no action types" in command("validate", "-", "--types", types, stdin="{actions: []}", code=2).err
    assert catalogue_of([own]).get("fax") is not None


def test_a_file_is_rehearsed_without_a_server(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "sum.yaml"
    file.write_text(
        """\
actions:
  - {id: sum, type: formula, config: {expression: trigger.body.a + trigger.body.b}}
  - {id: tell, type: http, config: {url: "https://example.com/{{steps.sum.output}}"}}
output: "{{steps.sum.output}}"
"""
    )
    told = command("dry-run", file, "--data", '{"a": 1, "b": 2}')
    assert "success  sum  formula" in told.out
    assert "would_run  tell  http" in told.out
    assert told.out.endswith("3\n")
    found = command("dry-run", file, "--json", code=1).json()
    assert found["valid"] is False
    file.write_text("actions: [{id: x, type: nothing}]")
    assert "nothing" in command("dry-run", file, code=1).out
    assert command("dry-run", file, "--json", code=1).json()["valid"] is False
