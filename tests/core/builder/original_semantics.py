"""Two small machines: which nodes the original runs, and which actions a compiled definition runs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from gorax.core.definition import load_actions
from gorax.core.expressions import Environment, compile_expression
from gorax.core.graph import Plan
from tests.core.builder.canvases import lists_in

_START = datetime(2026, 1, 1, tzinfo=UTC)


def nodes_that_run(raw: Mapping[str, Any], results: Mapping[str, bool]) -> set[str]:
    """A node runs unless everything that leads to it was skipped, or lies on a branch that was not taken."""
    kinds = {node["id"]: node["type"] for node in raw["nodes"]}
    incoming: dict[str, list[Mapping[str, Any]]] = {node: [] for node in kinds}
    for edge in raw["edges"]:
        incoming[edge["target"]].append(edge)
    ran: dict[str, bool] = {}
    while len(ran) < len(kinds):
        for node, edges in incoming.items():
            if node not in ran and all(edge["source"] in ran for edge in edges):
                ran[node] = not edges or any(_leads_on(edge, kinds, ran, results) for edge in edges)
    return {node for node, did in ran.items() if did and not kinds[node].startswith("trigger")}


def _leads_on(
    edge: Mapping[str, Any], kinds: Mapping[str, str], ran: Mapping[str, bool], results: Mapping[str, bool]
) -> bool:
    source, label = edge["source"], edge.get("label")
    if kinds[source] == "control:if" and label is not None and (label == "true") != results[source]:
        return False
    return ran[source]


class Run:
    """Runs a compiled list as the interpreter does: in order, with its rules for what is skipped."""

    def __init__(self, results: Mapping[str, bool]) -> None:
        self._results = results
        self.steps: dict[str, Any] = {}

    @property
    def ran(self) -> set[str]:
        return {action_id for action_id, step in self.steps.items() if step["status"] == "completed"}

    def run(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """Run one list."""
        by_id = {action["id"]: action for action in actions}
        plan = Plan.of(load_actions(actions))
        for action_id in plan.order:
            needs = plan.dependencies(action_id)
            all_skipped = needs and all(self.steps[need]["status"] == "skipped" for need in needs)
            passed_down = plan.explicit(action_id) and all_skipped
            if passed_down or not self._holds(by_id[action_id].get("when", "true")):
                self._end(action_id, "skipped")
            else:
                self._perform(by_id[action_id])

    def _perform(self, action: Mapping[str, Any]) -> None:
        taken = {True: "then", False: "else"}[self._results.get(action["id"], True)]
        for name, listed in lists_in(action):
            if action["type"] != "if" or name == taken:
                self.run(listed)
        self._end(action["id"], "completed")

    def _end(self, action_id: str, status: str) -> None:
        result = self._results.get(action_id)
        output = None if status == "skipped" else {"result": result}
        self.steps[action_id] = {"status": status, "output": output}

    def _holds(self, condition: str) -> bool:
        environment = Environment({"steps": self.steps}, now=lambda: _START, uuid=str)
        value = compile_expression(condition).evaluate(environment)
        assert isinstance(value, bool)
        return value
