"""Executions whose histories are recorded: together they take every road through the interpreter."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Recording:
    """One execution to record."""

    definition: dict[str, Any]
    body: Any = None
    cancel_after: float | None = None
    """Seconds after which the run is cancelled."""


def _probe(name: str, config: dict[str, Any] | None = None, **rest: Any) -> dict[str, Any]:
    return {"id": name, "type": "probe", "config": config or {}, **rest}


RECORDINGS = {
    "pure": Recording(
        {
            "variables": {"rate": 0.19},
            "actions": [
                {"id": "shape", "type": "transform", "config": {"mapping": {"net": "trigger.body.net"}}},
                {
                    "id": "tax",
                    "type": "formula",
                    "config": {"expression": "steps.shape.output.net * vars.rate"},
                },
                {"id": "keep", "type": "set", "config": {"variables": {"tax": "{{steps.tax.output}}"}}},
                {
                    "id": "note",
                    "type": "log",
                    "config": {"message": "tax {{vars.tax}}", "data": {"ok": True}},
                },
                {"id": "off", "type": "log", "config": {"message": "never"}, "when": "vars.tax > 1e9"},
            ],
            "output": {"tax": "{{vars.tax}}", "id": "{{uuid()}}"},
        },
        {"net": 100},
    ),
    "sequence": Recording(
        {"actions": [_probe(f"s{number}", {"value": number}) for number in range(5)]},
    ),
    "fast": Recording(
        {
            "actions": [
                _probe("one", {"value": 1}, mode="fast"),
                _probe("two", {"value": 2, "fail_times": 1}, mode="fast", retry={"initial_interval": "10ms"}),
                _probe("three", {"value": 3, "sleep": 3.5}, mode="fast"),
            ]
        },
    ),
    "graph": Recording(
        {
            "actions": [
                _probe("a", {"sleep": 0.2}),
                _probe("b", {"sleep": 0.1}, depends_on=[]),
                _probe("off", depends_on=["b"], when="1 > 2"),
                _probe("after_off", depends_on=["off"]),
                _probe("join", {"value": "{{steps.a.status}}"}, depends_on=["a", "b"]),
                {"id": "wait", "type": "delay", "config": {"duration": "50ms"}, "depends_on": ["b"]},
            ]
        },
    ),
    "branches": Recording(
        {
            "actions": [
                {
                    "id": "choice",
                    "type": "if",
                    "config": {
                        "condition": "trigger.body.total > 10",
                        "then": [
                            _probe("big"),
                            {"id": "pause", "type": "delay", "config": {"duration": "20ms"}},
                        ],
                        "else": [{"id": "end", "type": "stop", "config": {}}],
                    },
                },
                {"id": "end_well", "type": "stop", "config": {"output": "{{steps.choice.output}}"}},
            ]
        },
        {"total": 11},
    ),
    "failure": Recording(
        {
            "timeout": "1h",
            "actions": [
                _probe("flaky", {"fail_times": 1}, retry={"initial_interval": "10ms"}),
                _probe("tolerated", {"fail_times": 9, "retryable": False}, on_error="continue"),
                _probe(
                    "mended",
                    {"fail_times": 9, "retryable": False},
                    on_error=[{"id": "mend", "type": "log", "config": {"message": "{{error.message}}"}}],
                ),
                {"id": "give_up", "type": "fail", "config": {"type": "no_stock", "message": "none left"}},
            ],
            "on_failure": [_probe("tell", {"value": "{{error.type}}"})],
        },
    ),
    "cancelled": Recording(
        {
            "actions": [_probe("long", {"sleep": 20}), _probe("beside", {"sleep": 20}, depends_on=[])],
            "on_failure": {"on": ["failed", "cancelled"], "actions": [_probe("tidy")]},
        },
        cancel_after=1.0,
    ),
    "yields": Recording(
        {
            "actions": [
                {"id": f"h{number}", "type": "formula", "config": {"expression": "sum(map(1..15000, # % 7))"}}
                for number in range(40)
            ]
        },
    ),
    "loops": Recording(
        {
            "variables": {"sum": 0},
            "actions": [
                {
                    "id": "few",
                    "type": "for_each",
                    "config": {
                        "items": 3,
                        "concurrency": 3,
                        "on_error": "continue",
                        "actions": [
                            _probe("call", {"value": "{{item}}"}),
                            {"id": "bad", "type": "fail", "config": {}, "when": "item == 1"},
                        ],
                        "output": "{{steps.call.output}}",
                    },
                },
                {
                    "id": "many",
                    "type": "for_each",
                    "config": {
                        "items": 600,
                        "actions": [
                            {
                                "id": "add",
                                "type": "set",
                                "config": {"variables": {"sum": "{{vars.sum + item}}"}},
                            }
                        ],
                        "output": None,
                    },
                },
                {
                    "id": "beside",
                    "type": "for_each",
                    "config": {
                        "items": 260,
                        "concurrency": 4,
                        "actions": [_probe("quick", {"value": "{{item}}"}, mode="fast")],
                        "break_when": "item == 100",
                    },
                },
                {
                    "id": "again",
                    "type": "while",
                    "config": {
                        "until": "steps.look.output == 3",
                        "interval": "10ms",
                        "actions": [_probe("look", {"value": "{{index}}"})],
                    },
                },
            ],
            "output": "{{vars.sum}}",
        },
    ),
    "forks": Recording(
        {
            "actions": [
                {
                    "id": "race",
                    "type": "parallel",
                    "config": {
                        "branches": [
                            {
                                "name": "slow",
                                "actions": [{"id": "wait", "type": "delay", "config": {"duration": "5s"}}],
                            },
                            {"name": "quick", "actions": [_probe("win", {"sleep": 0.1, "value": "won"})]},
                        ],
                        "wait": "first",
                    },
                },
                {
                    "id": "attempt",
                    "type": "try",
                    "config": {
                        "actions": [_probe("bad", {"fail_times": 9, "retryable": False})],
                        "catch": [
                            {"errors": ["network"], "actions": [_probe("mend", {"value": "{{error.type}}"})]}
                        ],
                        "finally": [{"id": "tidy", "type": "log", "config": {"message": "done"}}],
                    },
                },
                {
                    "id": "choose",
                    "type": "switch",
                    "config": {
                        "value": "steps.attempt.output.caught.type",
                        "cases": [{"equals": "network", "actions": [_probe("told")]}],
                    },
                },
            ]
        },
    ),
    "tidying": Recording(
        {
            "actions": [
                {
                    "id": "both",
                    "type": "parallel",
                    "config": {
                        "branches": [
                            {
                                "name": "good",
                                "actions": [
                                    {
                                        "id": "work",
                                        "type": "try",
                                        "timeout": 0.5,
                                        "config": {
                                            "actions": [_probe("long", {"sleep": 20})],
                                            "finally": [_probe("release", {"sleep": 2})],
                                        },
                                    }
                                ],
                            },
                            {"name": "beside", "actions": [_probe("slow", {"sleep": 20})]},
                        ]
                    },
                }
            ]
        },
        cancel_after=1.5,
    ),
    "expired": Recording(
        {
            "timeout": "500ms",
            "actions": [
                {
                    "id": "work",
                    "type": "try",
                    "config": {
                        "actions": [_probe("long", {"sleep": 20})],
                        "finally": [_probe("release", {"sleep": 0.1})],
                    },
                }
            ],
            "on_failure": [_probe("tell", {"value": "{{error.type}}"})],
        },
    ),
}
