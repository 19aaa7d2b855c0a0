"""The schema of a definition: it agrees with the check at save, as far as a schema can. `jsonschema` is the judge."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from gorax.core.actions.catalogue import Catalogue, full_catalogue
from gorax.core.definition import InvalidDefinition, parse_definition
from gorax.core.schema import definition_schema
from gorax.core.steering import action_form
from tests.core.builder.canvases import canvas
from tests.histories.corpus import RECORDINGS
from tests.support.probe import ACTION as PROBE

CATALOGUE = Catalogue([*full_catalogue(), PROBE])
SCHEMA = definition_schema(CATALOGUE)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)

_ROOT = Path(__file__).parents[3]


def accepted(raw: Any) -> bool:
    """What the check at save says."""
    try:
        parse_definition(action_form(raw), CATALOGUE)
    except InvalidDefinition:
        return False
    return True


def faults(raw: Any) -> list[str]:
    """What the schema says, by place."""
    return sorted({error.json_path for error in VALIDATOR.iter_errors(raw)})


def _documented() -> Iterator[tuple[str, Any]]:
    for page in sorted((_ROOT / "docs").glob("*.md")):
        blocks = re.findall(r"^```json\n(.*?)^```", page.read_text(), re.DOTALL | re.MULTILINE)
        for number, block in enumerate(blocks):
            if not block.startswith("{"):
                continue
            raw = json.loads(block)
            if "actions" in raw or "nodes" in raw:
                yield f"{page.stem}-{number}", raw
            elif {"id", "type", "config"} <= raw.keys():
                yield f"{page.stem}-{number}", {"actions": [raw]}


def _corpora() -> Iterator[tuple[str, Any]]:
    yield from _documented()
    for name, recording in RECORDINGS.items():
        yield f"recording-{name}", recording.definition
    for action_type in CATALOGUE:
        for name in (action_type.name, *action_type.aliases, f"action:{action_type.name}"):
            yield (
                f"example-{name}",
                {"actions": [{"id": "a", "type": name, "config": {**action_type.example}}]},
            )
    for file in sorted((_ROOT / "tests/core/builder/originals").glob("*.json")):
        for entry in json.loads(file.read_text()):
            variables = dict.fromkeys(entry["variables"], "value")
            drawn = canvas(entry["nodes"], entry["edges"], variables=variables)
            yield f"{file.stem}-{entry['name']}", drawn
            if "becomes" in entry:
                yield f"{file.stem}-{entry['name']}-compiled", action_form(drawn)


CORPUS = dict(_corpora())


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_every_reference_leads_somewhere() -> None:
    references = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(SCHEMA)))
    assert len(references) > 10
    for reference in references:
        found = SCHEMA
        for part in reference.split("/"):
            found = found[part]


@pytest.mark.parametrize("name", CORPUS)
def test_what_is_accepted_is_valid(name: str) -> None:
    raw = CORPUS[name]
    try:
        taken = accepted(raw)
    except InvalidDefinition:  # it does not even compile
        taken = False
    if taken:
        assert faults(raw) == []


def test_the_corpus_is_accepted() -> None:
    assert len(CORPUS) > 150
    # What is refused, the test above passes over.
    taken = [name for name in CORPUS if name.startswith(("recording", "example-", "definitions"))]
    assert len(taken) > 60
    assert all(accepted(CORPUS[name]) for name in taken)


ACTIONS = [{"id": "x", "type": "log", "config": {"message": "hello"}}]
VALUES = [
    *("{{trigger.body.x}}", "a {{trigger.body.x}}", ["{{trigger.body.x}}"], {"a": "{{trigger.body.x}}"}),
    *("5", "5.0", " 7 ", "1e3", "-0", "yes", "NO", "true", "x" * 70, "x" * 10_000, "", "x", "1 > 0"),
    *(5, 5.0, 5.5, -1, 0, 1, 10**7, True, False, None, [], {}, ["a"], [1], {"a": 1}, [None]),
    *("30s", "PT30S", "1h30m", "soon", "2026-01-01T00:00:00Z", "all", {"from": 1, "to": 2}),
    *({"{{trigger.body.x}}": 1}, {"to": "{{trigger.body.x}}"}, {"type": "{{trigger.body.x}}"}),
    *({"type": "bearer", "token": "{{trigger.body.x}}"}, {"type": "bearer"}, {"credential": "x"}),
    *(ACTIONS, [{"id": "x", "type": "nope"}], [{**ACTIONS[0], "oops": 1}], [{"actions": ACTIONS}]),
    *([{"name": "{{trigger.body.x}}", "actions": []}], [{"when": "true", "actions": ACTIONS}]),
]


def _variants() -> Iterator[tuple[str, str, Any, dict[str, Any]]]:
    for action_type in CATALOGUE:
        for name, field in action_type.config.model_fields.items():
            for value in VALUES:
                config = {**action_type.example, (field.alias or name): value}
                action = {"id": "a", "type": action_type.name, "config": config}
                yield action_type.name, name, value, {"actions": [action]}


def test_whatever_stands_in_a_config_the_schema_refuses_nothing_that_is_accepted() -> None:
    agreed = 0
    for type_name, field, value, raw in _variants():
        if accepted(raw):
            assert faults(raw) == [], (type_name, field, value)
        else:
            agreed += not VALIDATOR.is_valid(raw)
    # Of what the check refuses most is a matter of form.
    assert agreed > 1_500


def _of(*actions: Any, **rest: Any) -> dict[str, Any]:
    return {"actions": list(actions), **rest}


def _log(**rest: Any) -> dict[str, Any]:
    return {"id": "a", "type": "log", "config": {"message": "m"}, **rest}


BROKEN: dict[str, tuple[Any, str]] = {
    "nothing": ({}, "$"),
    "no object": ([], "$"),
    "no actions": (_of(), "$.actions"),
    "an unknown field": (_of(_log(), oops=1), "$"),
    "an unknown field of an action": (_of(_log(wen="true")), "$.actions[0]"),
    "no id": (_of({"type": "log", "config": {"message": "m"}}), "$.actions[0]"),
    "an id that is none": (_of(_log(id="a b")), "$.actions[0].id"),
    "an unknown type": (_of(_log(type="lgo")), "$.actions[0].type"),
    "an unknown prefix": (_of(_log(type="act:log")), "$.actions[0].type"),
    "no config where one is needed": (_of({"id": "a", "type": "http"}), "$.actions[0]"),
    "a typo in a config": (_of(_log(config={"mesage": "m"})), "$.actions[0].config"),
    "the config of another type": (_of(_log(type="http")), "$.actions[0].config"),
    "a duration that is none": (_of(_log(timeout="soon")), "$.actions[0].timeout"),
    "a timeout of nothing": (_of(_log(timeout=0)), "$.actions[0].timeout"),
    "too many attempts": (_of(_log(retry={"max_attempts": 101})), "$.actions[0].retry"),
    "another trigger": (_of(_log(), trigger={"type": "mail"}), "$.trigger.type"),
    "a template for actions": (
        _of({"id": "a", "type": "if", "config": {"condition": "true", "then": "{{trigger.body}}"}}),
        "$.actions[0].config.then",
    ),
    "a broken action deep inside": (
        _of({"id": "a", "type": "control:if", "config": {"condition": "true", "then": [_log(type="lgo")]}}),
        "$.actions[0].config.then[0].type",
    ),
    "a broken handler": (_of(_log(on_error=[_log(id="1")])), "$.actions[0].on_error"),
    "a broken case": (
        _of({"id": "a", "type": "switch", "config": {"cases": [{"when": "true", "do": []}]}}),
        "$.actions[0].config.cases[0]",
    ),
    "an expression that is none": (
        _of({"id": "a", "type": "transform", "config": {"mapping": {"x": 1}}}),
        "$.actions[0].config.mapping",
    ),
    "a variable that is none": (_of(_log(), variables={"a b": 1}), "$.variables"),
    "nodes without edges": ({"nodes": [{"id": "a", "type": "action:http"}]}, "$"),
    "a node without a type": ({"nodes": [{"id": "a"}], "edges": []}, "$.nodes[0]"),
    "an edge to nowhere": (
        {"nodes": [{"id": "a", "type": "action:http"}], "edges": [{"source": "a"}]},
        "$.edges[0]",
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_broken_is_refused_where_it_is(name: str) -> None:
    raw, place = BROKEN[name]
    with pytest.raises(InvalidDefinition):
        parse_definition(action_form(raw) if isinstance(raw, dict) else raw, CATALOGUE)
    # Where several forms are allowed, none of which it has, the place is where they stand.
    assert place in faults(raw)


def test_every_type_is_told_apart_by_all_its_names() -> None:
    for action_type in CATALOGUE:
        for name in (action_type.name, *action_type.aliases):
            for written in (name, f"action:{name}", f"control:{name}"):
                raw = _of({"id": "a", "type": written, "config": {"oops": 1}})
                assert "$.actions[0].config" in faults(raw), written


def test_editors_are_told_where_expressions_actions_and_scripts_stand() -> None:
    each = SCHEMA["$defs"]["config.for_each"]["properties"]
    assert each["items"]["x-gorax-expression"] is True
    assert each["actions"]["x-gorax-actions"] == "repeatedly"
    assert each["actions"]["items"] == {"$ref": "#/$defs/Action"}
    assert each["output"]["x-gorax-scope"] == {"names": ["item", "index"], "sees": ["actions"]}
    assert SCHEMA["$defs"]["config.code"]["properties"]["script"]["x-gorax-program"] is True
    assert SCHEMA["$defs"]["config.set"]["properties"]["variables"]["x-gorax-sets-variables"] is True
    assert each["concurrency"]["description"].startswith("Items at a time.")
