"""Forms of approvals: what may be asked, and what passes as an answer."""

from typing import Any

import pytest

from gorax.core.forms import MAX_FIELDS, load_form
from gorax.core.json_schema import SchemaError

FIELDS = [
    {"name": "why", "type": "text", "required": True, "label": "Why?", "placeholder": "because"},
    {"name": "more", "type": "textarea"},
    {"name": "amount", "type": "number", "default": 5},
    {"name": "urgent", "type": "boolean"},
    {"name": "kind", "type": "select", "options": ["a", {"value": 1, "label": "One"}, {"value": "c"}]},
    {"name": "due", "type": "date"},
]
FILLED = {"why": "because", "more": "", "amount": 1.5, "urgent": False, "kind": 1, "due": "2024-02-29"}


def problems(form: Any, values: Any) -> list[tuple[str, str]]:
    loaded = load_form(form)
    return [(violation.pointer, violation.message) for violation in loaded.violations(loaded.filled(values))]


def test_fields_filled_in_as_asked_pass() -> None:
    assert problems(FIELDS, FILLED) == []
    assert problems(FIELDS, {"why": "because"}) == []
    assert load_form(FIELDS).filled({"why": "x"}) == {"why": "x", "amount": 5}
    assert load_form(FIELDS).filled({"amount": None}) == {"amount": None}


@pytest.mark.parametrize(
    ("values", "pointer", "message"),
    [
        ({**FILLED, "why": None}, "/why", "is required"),
        ({**FILLED, "why": ""}, "/why", "is required"),
        ({**FILLED, "why": 1}, "/why", "must be text"),
        ({**FILLED, "more": []}, "/more", "must be text"),
        ({**FILLED, "amount": "5"}, "/amount", "must be a number"),
        ({**FILLED, "amount": True}, "/amount", "must be a number"),
        ({**FILLED, "urgent": 1}, "/urgent", "must be true or false"),
        ({**FILLED, "kind": "b"}, "/kind", "is not one of the options"),
        ({**FILLED, "kind": True}, "/kind", "is not one of the options"),
        ({**FILLED, "kind": ["a"]}, "/kind", "is not one of the options"),
        ({**FILLED, "due": "2024-02-30"}, "/due", 'must be a date such as "2024-01-31"'),
        ({**FILLED, "due": "20240229"}, "/due", 'must be a date such as "2024-01-31"'),
        ({**FILLED, "due": 7}, "/due", 'must be a date such as "2024-01-31"'),
        ({**FILLED, "a/b~c": 1}, "/a~1b~0c", "is not a field of the form"),
        ([], "", "must be an object"),
        ("x", "", "must be an object"),
    ],
)
def test_what_is_wrong_is_pointed_out(values: Any, pointer: str, message: str) -> None:
    assert problems(FIELDS, values) == [(pointer, message)]


def test_nothing_is_as_good_as_an_empty_form() -> None:
    assert problems(FIELDS, None) == [("/why", "is required")]
    assert problems([{"name": "a"}], None) == []
    schema = {"type": "object", "required": ["a"]}
    assert problems(schema, None) == [("/a", "is required")]


def test_no_more_than_twenty_problems_are_told() -> None:
    assert len(problems([], {str(number): 1 for number in range(1000)})) == 20


@pytest.mark.parametrize(
    ("form", "pointer"),
    [
        (7, ""),
        ("text", ""),
        (None, ""),
        ([7], "/0"),
        ([{}], "/0/name"),
        ([{"name": ""}], "/0/name"),
        ([{"name": "x" * 101}], "/0/name"),
        ([{"name": 1}], "/0/name"),
        ([{"name": "a", "type": "file"}], "/0/type"),
        ([{"name": "a", "type": "select"}], "/0"),
        ([{"name": "a", "type": "select", "options": [{}]}], "/0/options/0"),
        ([{"name": "a", "type": "number", "default": "x"}], "/0"),
        ([{"name": "a"}, {"name": "b"}, {"name": "a"}], "/2/name"),
        ([{"name": str(number)} for number in range(MAX_FIELDS + 1)], ""),
        ({"type": "objekt"}, "/type"),
    ],
)
def test_a_form_that_cannot_be_one_is_refused(form: Any, pointer: str) -> None:
    with pytest.raises(SchemaError) as raised:
        load_form(form)
    assert raised.value.pointer.startswith(pointer)
    assert raised.value.message
