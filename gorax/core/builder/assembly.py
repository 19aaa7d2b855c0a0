"""Putting a definition together: every node's config, and the lists that hold them."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from gorax.core.builder import control, effects
from gorax.core.builder.activation import ALWAYS, Entry, entries
from gorax.core.builder.drafts import Action, Draft, Task
from gorax.core.builder.expressions import Rewriter
from gorax.core.builder.fields import Fields
from gorax.core.builder.identifiers import Identifiers
from gorax.core.builder.names import Definitions, Names, Step
from gorax.core.builder.paths import Part, is_plain, read_path, write_path
from gorax.core.builder.reading import Node
from gorax.core.builder.regions import OUTSIDE, Regions
from gorax.core.builder.retries import retry_of
from gorax.core.builder.wiring import Wiring
from gorax.core.definition.naming import TAKEN
from gorax.core.definition.problems import Findings, quoted

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,63}", re.ASCII)
_TAKEN = TAKEN | {"loop"}

_DRAFTS: Mapping[str, Callable[[Task], Draft]] = {
    "http": effects.http,
    "code": effects.code,
    "email": effects.email,
    "slack": effects.slack,
    "slack:send_dm": effects.slack,
    "slack:update_message": effects.slack,
    "slack:add_reaction": effects.slack,
    "sub_workflow": effects.sub_workflow,
    "approval": effects.approval,
    "if": control.if_,
    "loop": control.loop,
    "parallel": control.parallel,
    "fork": control.parallel,
    "join": control.join_,
    "try": control.try_,
    "delay": control.delay,
    "formula": control.formula,
    "transform": control.transform,
}


class Assembly:
    """Assembles one definition."""

    def __init__(
        self,
        wiring: Wiring,
        regions: Regions,
        identifiers: Identifiers,
        definitions: Definitions,
        findings: Findings,
    ) -> None:
        self._wiring = wiring
        self._regions = regions
        self._identifiers = identifiers
        self._definitions = definitions
        self._findings = findings
        self.owners: dict[str, int] = {}
        """By action id: the node that the action comes from."""
        self._actions: dict[int, Action] = {}
        self._entries: dict[int, Entry] = {}
        self._names: dict[int, Names] = {}
        self._indexes = {
            definitions.steps[wiring.nodes[index].id].action_id: index for index in wiring.active
        }
        self._steps = {index: definitions.steps[wiring.nodes[index].id] for index in wiring.active}

    def actions(self) -> list[Action]:
        """The definition's own list. What cannot be compiled goes to the findings."""
        expressions = {index: step.expression for index, step in self._steps.items()}
        self._entries = entries(self._wiring, self._regions, expressions, self._findings)
        self._names[OUTSIDE] = self.names_outside()
        order = self._regions.order
        for index in order:
            self._open(index)
        members: dict[int, list[int]] = {}
        for index in order:
            members.setdefault(self._regions.region[index], []).append(index)
        # From the end: whatever runs inside a node stands after it.
        for index in reversed(order):
            ports = self._wiring.ports_of(index)
            branches = {self._wiring.ports[port].name: self._list(members.get(port, [])) for port in ports}
            self._actions[index] = self._action(self._wiring.nodes[index], branches)
        for index in order:
            if self._wiring.nodes[index].kind == "join":
                self._join(index)
        return self._list(members.get(OUTSIDE, []))

    def names_outside(self) -> Names:
        """The names that there are in no branch; of use once there are actions."""
        return Names(self._definitions, doubtful=partial(self._doubtful, OUTSIDE))

    def _doubtful(self, reader: int, action_id: str) -> bool:
        """Whether a step may be missing for those who read it in a region, although it stands before them."""
        around = set(self._around(reader))
        index = self._indexes[action_id]
        while self._entries[index].certain:
            region = self._regions.region[index]
            if region in around:
                return False
            index = self._wiring.ports[region].owner
            if self._wiring.nodes[index].kind not in ("parallel", "fork"):
                return True
        return True

    def _around(self, region: int) -> Iterator[int]:
        while region != OUTSIDE:
            yield region
            region = self._regions.region[self._wiring.ports[region].owner]
        yield OUTSIDE

    def _open(self, index: int) -> None:
        """Note the names inside a node's branches."""
        node = self._wiring.nodes[index]
        around = self._names[self._regions.region[index]]
        fields = Fields(node, self._findings)
        for port in self._wiring.ports_of(index):
            names = replace(around, doubtful=partial(self._doubtful, port))
            if node.kind == "loop":
                names = names.in_loop(*self._variables(fields, *control.loop_names(fields)))
            elif self._wiring.ports[port].name == "catch":
                names = names.in_catch(fields.text("error_binding"))
            self._names[port] = names

    def _variables(
        self, fields: Fields, item: str, index: str, key: str | None
    ) -> tuple[str, str, str | None]:
        given = {"item_variable": item, "index_variable": index, "key_variable": key}
        for field, name in given.items():
            if name is not None and (not _VARIABLE.fullmatch(name) or name in _TAKEN):
                message = f"{quoted(name)} cannot be the name of a variable: use letters, digits and _"
                fields.refuse(message, field)
        if item == index:
            fields.refuse("must differ from the name of the item", "index_variable")
        if key in (item, index):
            fields.refuse("must differ from the names of the item and of its index", "key_variable")
        return item, index, key

    def _action(self, node: Node, branches: Mapping[str, list[Action]]) -> Action:
        action_id = self._steps[node.index].action_id
        self.owners[action_id] = node.index
        fields = Fields(node, self._findings)
        ports = self._wiring.ports_of(node.index)
        names = self._names[self._regions.region[node.index]]
        task = Task(
            fields=fields,
            rewrite=Rewriter(names, self._findings),
            all=self._definitions,
            inside=Rewriter(self._names[ports[0]] if ports else names, self._findings),
            branches=branches,
            new_id=lambda wanted: self._new_id(wanted, node.index),
            action_id=action_id,
            predecessors=len(self._regions.before[node.index]),
        )
        draft = _DRAFTS.get(node.kind, effects.other)(task)
        action: Action = {"id": action_id, "type": draft.type}
        if node.name:
            action["name"] = node.name
        action["config"] = draft.config
        retried_by = self._wiring.retried_by.get(node.index)
        retry_node = None if retried_by is None else self._wiring.nodes[retried_by]
        if (retry := retry_of(node, retry_node, self._findings)) is not None:
            action["retry"] = retry
            if retry_node and node.config.get("expected_status") is None:
                # What is to be tried again must be able to fail.
                draft.config.pop("expected_status", None)
        return action | draft.rest

    def _new_id(self, wanted: str, index: int) -> str:
        found = self._identifiers.new(wanted)
        self.owners[found] = index
        return found

    def _join(self, index: int) -> None:
        """Say of the fork before a join how many of its branches the join waits for."""
        node = self._wiring.nodes[index]
        fields = Fields(node, self._findings)
        if fields.get("join_strategy") in (None, "wait_all") and not fields.get("timeout_ms"):
            return
        needs = self._entries[index].needs
        fork = self._actions[needs[0]] if len(needs) == 1 else None
        branches = len(self._regions.before[index])
        if (
            fork is None
            or fork["type"] != "parallel"
            or len(fork["config"]["branches"]) != branches
            or self._followers(needs[0]) != [index]
        ):
            message = (
                "must wait for the branches of one fork, and be all that follows them, to wait for some only"
            )
            self._findings.add(node.pointer, message)
            return
        control.wait_for_some(fields, branches, fork)

    def _followers(self, index: int) -> list[int]:
        return [other for other, entry in self._entries.items() if index in entry.needs]

    def _list(self, members: list[int]) -> list[Action]:
        actions: list[Action] = []
        for index in members:
            entry = self._entries[index]
            needs = [self._actions[need]["id"] for need in entry.needs]
            if entry.anchored:
                # Something that is never skipped, so that the action is not skipped with all the others.
                anchor = self._new_id(f"{self._actions[index]['id']}_anyway", index)
                actions.append({"id": anchor, "type": "transform", "config": {"expression": "nil"}})
                if len(actions) > 1:
                    actions[-1]["depends_on"] = []
                needs = [anchor, *needs]
            actions.append(self._placed(index, needs, actions))
        return actions

    def _placed(self, index: int, needs: list[str], before: list[Action]) -> Action:
        action, entry = self._actions[index], self._entries[index]
        previous = [before[-1]["id"]] if before else []
        # A skip passes down only where the dependency is written out.
        implied = needs == previous and all(self._entries[need].certain for need in entry.needs)
        placed: Action = {key: action[key] for key in ("id", "type", "name") if key in action}
        if not implied:
            placed["depends_on"] = needs
        if entry.when != ALWAYS:
            placed["when"] = entry.when
        return placed | {key: value for key, value in action.items() if key not in placed}


def steps_of(wiring: Wiring, identifiers: Identifiers, findings: Findings) -> dict[str, Step]:
    """Every node as others refer to it, by node id."""
    steps: dict[str, Step] = {}
    for index in wiring.active:
        node = wiring.nodes[index]
        steps[node.id] = _step(node, identifiers.of(node.id), findings)
    for index, retry in wiring.retried_by.items():
        steps[wiring.nodes[retry].id] = steps[wiring.nodes[index].id]
    return steps


def _step(node: Node, action_id: str, findings: Findings) -> Step:
    fields = Fields(node, findings)
    match node.kind:
        case "formula":
            variable = fields.text("output_variable")
            return Step(action_id, node.kind, whole=frozenset({"result", variable or "result"}))
        case "transform":
            return Step(action_id, node.kind, keys=frozenset(fields.mapping("mapping") or ()))
        case "sub_workflow":
            mapping = fields.mapping("output_mapping") or {}
            output = f"{Step(action_id, node.kind).expression}.output.output"
            mapped = {key: _mapped(output, value, fields) for key, value in mapping.items()}
            return Step(action_id, node.kind, mapped=mapped)
        case _:
            return Step(action_id, node.kind)


def _mapped(output: str, value: Any, fields: Fields) -> str:
    """What one name of an `output_mapping` stands for: a path in the output of the sub-workflow."""
    text = value.strip() if isinstance(value, str) else ""
    for opening, closing in (("${", "}"), ("{{", "}}")):
        if text.startswith(opening) and text.endswith(closing):
            text = text[len(opening) : -len(closing)].strip()
    path = read_path(text, 0, plain=True, longest_id=str) if is_plain(text) else None
    if path is None or path.end < len(text):
        fields.refuse(f"must name paths such as output.status, not {quoted(value)}", "output_mapping")
        return output
    own = () if path.root == "output" else (Part(path.root),)
    return write_path(output, [*own, *path.parts])
