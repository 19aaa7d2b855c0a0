"""Definitions of the original's visual builder, compiled into the action form."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gorax.core.actions.catalogue import Catalogue
from gorax.core.builder.assembly import Assembly, steps_of
from gorax.core.builder.expressions import Rewriter
from gorax.core.builder.identifiers import Identifiers
from gorax.core.builder.names import Definitions
from gorax.core.builder.pointers import authored_pointer
from gorax.core.builder.reading import Node, read_canvas
from gorax.core.builder.regions import find_regions
from gorax.core.builder.wiring import wire
from gorax.core.definition.bounds import check_json
from gorax.core.definition.model import Definition
from gorax.core.definition.parsing import parse_definition
from gorax.core.definition.problems import Findings, InvalidDefinition, Problem

_FRAME = ("variables", "input_schema", "timeout")
"""Fields of a definition that may stand beside `nodes` and `edges`; `output` as well."""


@dataclass(frozen=True, slots=True)
class CompiledBuilder:
    """A definition in the action form, and where its parts come from."""

    definition: dict[str, Any]
    _raw: Mapping[str, Any]
    _nodes: Mapping[str, Node]
    """By action id: the node that the action comes from."""
    _trigger: Node | None

    def authored(self, problem: Problem) -> Problem:
        """A problem of the compiled definition as one of what was authored.

        It points to the node or to the field of its config; a column only counts in the compiled text, so it
        is left out.
        """
        pointer, field = authored_pointer(
            problem.pointer, self.definition, self._raw, self._nodes, self._trigger
        )
        return Problem(pointer=pointer, message=f"{field}: {problem.message}" if field else problem.message)

    def refused(self, error: InvalidDefinition) -> InvalidDefinition:
        """The refusal of the compiled definition as one of what was authored."""
        return InvalidDefinition([self.authored(problem) for problem in error.problems])


def is_builder_definition(raw: object) -> bool:
    """Whether this is meant as a definition of the visual builder: it has nodes, and no actions."""
    return isinstance(raw, Mapping) and "nodes" in raw and "actions" not in raw


def compile_builder(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The definition in the action form.

    The same nodes and edges always give the same actions. Nothing of `raw` is changed, and nothing of it is
    needed to run what comes out, but its author wants it back: store it beside.
    Raises `InvalidDefinition` with problems that point into `nodes` and `edges`. What it gives has yet to pass
    `parse_definition`, which checks configs and expressions.
    """
    return compile_with_sources(raw).definition


def compile_with_sources(raw: Mapping[str, Any]) -> CompiledBuilder:
    """The same, able to say where a problem that is found later was authored."""
    compiled, findings = _compiled(raw)
    findings.settle()
    return compiled


def parse_builder(raw: Mapping[str, Any], catalogue: Catalogue) -> tuple[Definition, CompiledBuilder]:
    """The definition, compiled and checked whole, and where its parts come from.

    Raises `InvalidDefinition` with what cannot be compiled, and, of the other nodes, with what `parse_definition`
    refuses. Where the nodes are not put together as they must be, there is nothing yet that it could look at.
    """
    compiled, findings = _compiled(raw)
    for problem in findings.problems:
        findings.close(_node_of(problem.pointer))
    try:
        definition = parse_definition(compiled.definition, catalogue)
    except InvalidDefinition as error:
        for problem in compiled.refused(error).problems:
            findings.add(problem.pointer, problem.message)
        findings.problems.sort(key=_place)
        raise InvalidDefinition(findings.problems) from error
    findings.settle()
    return definition, compiled


def _compiled(raw: Mapping[str, Any]) -> tuple[CompiledBuilder, Findings]:
    """What came of it, and the problems that did not stand in the way of that."""
    check_json(raw)
    findings = Findings()
    canvas = read_canvas(raw, findings)
    wiring = wire(canvas, findings)
    regions = find_regions(wiring, findings)
    identifiers = Identifiers(wiring.nodes[index].id for index in wiring.active)
    steps = steps_of(wiring, identifiers, findings)
    definitions = Definitions.of(steps, wiring.trigger, raw.get("variables"))
    assembly = Assembly(wiring, regions, identifiers, definitions, findings)
    definition: dict[str, Any] = {}
    if wiring.trigger:
        definition["trigger"] = {"type": wiring.trigger.kind, "config": dict(wiring.trigger.config)}
    definition["actions"] = assembly.actions()
    definition |= {name: raw[name] for name in _FRAME if name in raw}
    if "output" in raw:
        definition["output"] = Rewriter(assembly.names_outside(), findings).value(raw["output"], "/output")
    findings.problems.sort(key=_place)
    nodes = {action_id: wiring.nodes[index] for action_id, index in assembly.owners.items()}
    return CompiledBuilder(definition, raw, nodes, wiring.trigger), findings


def _node_of(pointer: str) -> str:
    return "/".join(pointer.split("/")[:3])


def _place(problem: Problem) -> list[tuple[int, str]]:
    """Nodes are compiled from the end: what is told goes by their place."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in problem.pointer.split("/")]
