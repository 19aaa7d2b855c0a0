"""From edges to ports: which edges lead on after a node, and which lead into one of its branches."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from gorax.core.builder.fields import Fields
from gorax.core.builder.kinds import BRANCHING
from gorax.core.builder.reading import Canvas, Edge, Node
from gorax.core.definition.problems import Findings, did_you_mean, join, quoted

_TRUE = frozenset({"true", "yes", "then"})
_FALSE = frozenset({"false", "no", "else"})
_BODY = frozenset({"body", "loop", "loop-body", "loop_body", "each", "item", "iteration"})
_DONE = frozenset({"done", "exit", "after", "complete", "completed", "next", "end"})
_TRY_PORTS = ("try", "catch", "finally")
_ON_FAILURE = frozenset({"failed", "failure", "error"})


@dataclass(slots=True)
class Port:
    """One way from a node into nodes of its own, such as `true` of an if."""

    owner: int
    name: str
    heads: list[int] = field(default_factory=list)
    listed: Sequence[int] = ()
    """The nodes that the config names, where it does: they run in this order."""


@dataclass(slots=True)
class Wiring:
    """The nodes without triggers and retry nodes, and what follows what."""

    nodes: list[Node]
    active: list[int]
    """The nodes that become actions, in authored order."""
    after: dict[int, list[int]] = field(default_factory=dict)
    """By node: what follows it."""
    ports: list[Port] = field(default_factory=list)
    started: set[int] = field(default_factory=set)
    """The nodes that follow the trigger."""
    trigger: Node | None = None
    retried_by: dict[int, int] = field(default_factory=dict)
    """By node: the retry node around it."""

    _owned: dict[int, list[int]] = field(default_factory=dict)

    def add_port(self, port: Port) -> None:
        """Give a node another port."""
        self._owned.setdefault(port.owner, []).append(len(self.ports))
        self.ports.append(port)

    def ports_of(self, owner: int) -> list[int]:
        """The numbers of a node's ports."""
        return self._owned.get(owner, [])


def wire(canvas: Canvas, findings: Findings) -> Wiring:
    """The wiring of a canvas. What is wrong with it goes to `findings`, which are settled."""
    wiring = _Wirer(canvas, findings).wire()
    findings.settle()
    return wiring


class _Wirer:
    def __init__(self, canvas: Canvas, findings: Findings) -> None:
        self._nodes = canvas.nodes
        self._index = {node.id: node.index for node in canvas.nodes}
        self._findings = findings
        self._edges: dict[int, list[Edge]] = {node.index: [] for node in canvas.nodes}
        for edge in canvas.edges:
            self._edges[edge.source].append(edge)
        self._wiring = Wiring(canvas.nodes, [])
        self._listed_in: dict[int, Port] = {}

    def wire(self) -> Wiring:
        wiring = self._wiring
        triggers = [node for node in self._nodes if node.is_trigger]
        for node in triggers[1:]:
            message = (
                f"{quoted(node.id)} is a second trigger beside {quoted(triggers[0].id)}: a workflow has one"
            )
            self._findings.add(node.pointer, message)
        if triggers:
            wiring.trigger = triggers[0]
        if len(triggers) == len(self._nodes):
            self._findings.add("/nodes", "there is only a trigger, and nothing for it to start")
        self._unwrap_retries()
        for node in self._nodes:
            if not node.is_trigger and node.kind != "retry":
                wiring.active.append(node.index)
                self._wire_node(node)
        for node in triggers:
            wiring.started.update(self._target(edge) for edge in self._edges[node.index])
        self._lift_out_of_lists()
        return wiring

    def _unwrap_retries(self) -> None:
        """A retry node is no step: it says how the one node behind it is tried again."""
        for node in self._nodes:
            if node.kind != "retry":
                continue
            edges = self._edges[node.index]
            if any(_ON_FAILURE.intersection(edge.names) for edge in edges):
                message = (
                    "what runs after the last failed attempt goes into catch_nodes of a try around this node"
                )
                self._findings.add(node.pointer, message)
            elif len({edge.target for edge in edges}) != 1:
                message = "a retry node must lead to the one node that it tries again"
                self._findings.add(node.pointer, f"{message}, not to {len(edges)}")
            else:
                self._unwrap(node, self._nodes[edges[0].target])

    def _unwrap(self, retry: Node, inner: Node) -> None:
        if inner.kind in BRANCHING | {"retry", "join", "delay"}:
            message = (
                f"{quoted(inner.id)} cannot be tried again: a retry node goes before a node with effects"
            )
            self._findings.add(retry.pointer, message)
        elif inner.index in self._wiring.retried_by:
            self._findings.add(retry.pointer, f"there is another retry node before {quoted(inner.id)}")
        else:
            self._wiring.retried_by[inner.index] = retry.index

    def _target(self, edge: Edge) -> int:
        return self._behind_retry(edge.target)

    def _behind_retry(self, index: int) -> int:
        node = self._nodes[index]
        # A broken retry node was noted; that it stands for itself only keeps the search going.
        return self._edges[index][0].target if node.kind == "retry" and self._edges[index] else index

    def _wire_node(self, node: Node) -> None:
        edges = self._edges[node.index]
        match node.kind:
            case "if":
                plain = self._if(node, edges)
            case "loop":
                plain = self._loop(node, edges)
            case "parallel" | "fork":
                plain = self._parallel(node, edges)
            case "try":
                plain = self._try(node, edges)
            case _:
                plain = edges
        self._wiring.after[node.index] = _unique(self._target(edge) for edge in plain)

    def _port(self, node: Node, name: str, edges: Sequence[Edge] = (), listed: Sequence[int] = ()) -> Port:
        heads = _unique(self._target(edge) for edge in edges)
        port = Port(node.index, name, heads or list(listed[:1]), listed)
        self._wiring.add_port(port)
        return port

    def _if(self, node: Node, edges: list[Edge]) -> list[Edge]:
        fields = Fields(node, self._findings)
        words = {"true": _TRUE, "false": _FALSE}
        for name in ("true", "false"):
            if own := fields.text(f"{name}_branch"):
                words[name] = words[name] | {own.lower()}
        branches: dict[str, list[Edge]] = {"true": [], "false": []}
        plain = []
        for edge in edges:
            called = {*edge.names, edge.id.lower()}
            if found := next((name for name, known in words.items() if called & known), None):
                branches[found].append(edge)
            elif not edge.names:
                plain.append(edge)
            else:
                message = (
                    f"{quoted(edge.names[0])} is no branch of {quoted(node.id)}: label it true or false, "
                    "or name it in true_branch or false_branch of the node"
                )
                self._findings.add(edge.pointer, message)
        for name, into in branches.items():
            self._port(node, name, into)
        return plain

    def _loop(self, node: Node, edges: list[Edge]) -> list[Edge]:
        body = [edge for edge in edges if _BODY.intersection(edge.names)]
        rest = [edge for edge in edges if edge not in body]
        open_ended = [edge for edge in rest if not _DONE.intersection(edge.names)]
        if not body and open_ended:
            # The original takes the first edge for the body and the others for ways out.
            body = open_ended[:1]
            rest.remove(body[0])
        self._port(node, "body", body)
        return rest

    def _parallel(self, node: Node, edges: list[Edge]) -> list[Edge]:
        fields = Fields(node, self._findings)
        branches = fields.listed("branches") if node.kind == "parallel" else None
        if not branches:
            targets = _unique(self._target(edge) for edge in edges)
            for target in targets:
                self._wiring.add_port(Port(node.index, self._nodes[target].id, [target]))
            return []
        named: set[int] = set()
        names: set[str] = set()
        for number, branch in enumerate(branches):
            at = join(fields.at("branches"), number)
            if not isinstance(branch, dict) or not isinstance(branch.get("nodes"), list):
                self._findings.add(at, 'must be {"name": …, "nodes": [ids of nodes]}')
                continue
            listed = self._listed(branch["nodes"], join(at, "nodes"))
            name = branch.get("name")
            if not isinstance(name, str) or not name or name in names:
                self._findings.add(join(at, "name"), "must be a text that no other branch has")
                continue
            names.add(name)
            self._own(self._port(node, name, (), listed))
            named.update(listed)
        return [edge for edge in edges if self._target(edge) not in named]

    def _try(self, node: Node, edges: list[Edge]) -> list[Edge]:
        fields = Fields(node, self._findings)
        plain = list(edges)
        for name in _TRY_PORTS:
            field_name = f"{name}_nodes"
            listed = self._listed(fields.listed(field_name) or [], fields.at(field_name))
            into = [edge for edge in edges if name in edge.names]
            port = self._port(node, name, into, listed)
            if listed:
                self._own(port)
            plain = [edge for edge in plain if edge not in into and self._target(edge) not in listed]
            if name == "try" and not port.heads:
                self._findings.add(
                    fields.at(field_name), "a try must hold at least one node: name it in try_nodes"
                )
        return plain

    def _listed(self, ids: list[Any], pointer: str) -> list[int]:
        found: list[int] = []
        for number, node_id in enumerate(ids):
            index = self._index.get(node_id) if isinstance(node_id, str) else None
            if index is None:
                hint = did_you_mean(node_id, self._index) if isinstance(node_id, str) else ""
                self._findings.add(join(pointer, number), f"there is no node {quoted(node_id)}{hint}")
            elif self._nodes[index].is_trigger:
                self._findings.add(join(pointer, number), f"{quoted(node_id)} is the trigger")
            else:
                found.append(self._behind_retry(index))
        return _unique(found)

    def _own(self, port: Port) -> None:
        for index in port.listed:
            if index in self._listed_in or index == port.owner:
                message = f"{quoted(self._nodes[index].id)} stands in two lists of nodes, or in its own"
                self._findings.add(self._nodes[index].pointer, message)
            self._listed_in[index] = port

    def _lift_out_of_lists(self) -> None:
        """What follows a listed node without being listed itself runs after the node that lists it."""
        after = self._wiring.after
        for index, port in self._listed_in.items():
            inside = [target for target in after[index] if self._listed_in.get(target) is port]
            outside = [target for target in after[index] if target not in inside and target != port.owner]
            after[port.owner] = _unique([*after[port.owner], *outside])
            after[index] = inside
        for port in {id(port): port for port in self._listed_in.values()}.values():
            port.heads = [head for head in port.heads if head in port.listed] or list(port.listed[:1])
            for first, second in zip(port.listed, port.listed[1:], strict=False):
                after[first] = _unique([*after[first], second])


def _unique(indexes: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(indexes))
