"""Definitions to draw, and short ways to write them."""

from collections.abc import Mapping
from typing import Any

from gorax.core.actions.catalogue import flow_catalogue
from gorax.core.definition import load_definition
from gorax.core.diagram import Chart, Tally, chart_of

HOSTILE = "a\"b<script>alert('1')</script>&amp;`x` %%{init: {}}%% #quot; ;\n]) end style:#x; -->\\"
"""A name with all that Mermaid, HTML or XML could take for their own."""


def log(action_id: str, **rest: Any) -> dict[str, Any]:
    """An action that only computes."""
    return {"id": action_id, "type": "log", "config": {"message": "m"}, **rest}


def action(action_id: str, type_name: str, config: Mapping[str, Any], **rest: Any) -> dict[str, Any]:
    """Any action."""
    return {"id": action_id, "type": type_name, "config": dict(config), **rest}


def chart(*actions: Any, tallies: Mapping[str, Tally] | None = None, **rest: Any) -> Chart:
    """The chart of these actions; with `tallies`, of a running execution."""
    frame = {key: value for key, value in rest.items() if key != "title"}
    return chart_of(
        load_definition({"actions": list(actions), **frame}),
        flow_catalogue(),
        title=rest.get("title", "Test"),
        tallies=tallies,
        status=None if tallies is None else "running",
    )


def order() -> list[dict[str, Any]]:
    """One action of every form."""
    return [
        action(
            "size",
            "if",
            {"condition": "trigger.body.total > 1000", "then": [log("big")], "else": [log("small")]},
        ),
        action(
            "each",
            "for_each",
            {"items": "trigger.body.items", "actions": [log("one", on_error=[log("bad")]), log("two")]},
            name="Each item",
        ),
        action(
            "both",
            "parallel",
            {"branches": [{"name": "stock", "actions": [log("stock")]}, {"actions": [log("price")]}]},
        ),
        action(
            "safely",
            "try",
            {
                "actions": [log("pay")],
                "catch": [{"errors": ["http_4xx", "network"], "actions": [log("declined")]}],
                "finally": [log("tidy")],
            },
        ),
        action(
            "kind",
            "switch",
            {
                "value": "trigger.body.kind",
                "cases": [
                    {"equals": "gift", "actions": [log("wrap")]},
                    {"when": "trigger.body.total > 9", "actions": [log("vip")]},
                ],
                "default": [log("other")],
            },
        ),
        action("pause", "delay", {"duration": "1h"}, depends_on=["kind"], when="vars.slow"),
        log("beside", depends_on=["kind"]),
        log("join", depends_on=["pause", "beside", "each"]),
        action("away", "not_there", {"then": [1]}),
        action("done", "stop", {}),
    ]


def chain(count: int) -> list[dict[str, Any]]:
    """One after the other."""
    return [log(f"a{number}") for number in range(count)]


def fan(count: int) -> list[dict[str, Any]]:
    """All at once, and one that waits for all."""
    ids = [f"a{number}" for number in range(count - 1)]
    return [*(log(each, depends_on=[]) for each in ids), log("z", depends_on=ids)]


def dense(count: int) -> list[dict[str, Any]]:
    """Each waits for many before it."""
    ids = [f"a{number}" for number in range(count)]
    return [log(each, depends_on=ids[max(0, place - 130) : place]) for place, each in enumerate(ids)]


def nested(depth: int, inside: int) -> list[dict[str, Any]]:
    """Lists in lists, and many actions in the innermost."""
    actions = [log(f"leaf{number}") for number in range(inside)]
    for level in range(depth - 1):
        config = {"condition": "true", "then": actions, "else": [log(f"else{level}")]}
        actions = [action(f"if{level}", "if", config, on_error=[log(f"bad{level}")])]
    return actions


LARGE = {
    "chain": chain(500),
    "fan": fan(500),
    "dense": dense(500),
    "nested": nested(10, 470),
    "wide": [log(f"a{number}", depends_on=[], name="漢" * 200) for number in range(500)],
}
"""Definitions as large as they may be."""
