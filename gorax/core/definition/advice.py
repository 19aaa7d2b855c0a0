"""What is allowed and yet suspicious: parts that never run, and reads that may find nothing."""

import re
from collections.abc import Iterator
from itertools import islice

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import FlowAction
from gorax.core.definition.model import Definition
from gorax.core.definition.outline import ActionNode, ListNode, Outline
from gorax.core.definition.outlining import outline_of
from gorax.core.definition.problems import MAX_PROBLEMS, Findings, Problem, join
from gorax.core.definition.shape import parts, shape_of
from gorax.core.definition.texts import Text, texts_in

_BARE_PATH = re.compile(r"(trigger|steps|vars|env)(\.[A-Za-z_][A-Za-z0-9_-]*)+")


def warnings_of(definition: Definition, catalogue: Catalogue) -> list[Problem]:
    """What its author may want to look at again, `MAX_PROBLEMS` at most.

    The definition must be one that `parse_definition` accepts with this catalogue, else `InvalidDefinition`.
    """
    findings = Findings()
    outline = outline_of(definition, catalogue, findings)
    texts = list(texts_in(outline, definition, findings))
    findings.settle()
    return list(islice(_advice(definition, outline, texts), MAX_PROBLEMS))


def _advice(definition: Definition, outline: Outline, texts: list[Text]) -> Iterator[Problem]:
    yield from _unreachable(outline.main)
    if outline.on_failure:
        yield from _unreachable(outline.on_failure)
    for node in outline:
        for inner in node.lists:
            yield from _unreachable(inner)
        yield from _of_action(node, definition)
    for text in texts:
        yield from _doubtful_reads(text)
    for name, value in definition.variables.items():
        if isinstance(value, str) and "{{" in value:
            pointer = join("/variables", name)
            yield Problem(pointer=pointer, message="variables are constants: {{ }} is not evaluated here")


def _unreachable(listed: ListNode) -> Iterator[Problem]:
    ends = {
        node.action.id
        for node in listed.nodes
        if isinstance(node.type, FlowAction) and node.type.ends and node.action.when is None
    }
    for node in listed.nodes:
        if reached := sorted(listed.before(node.action.id) & ends):
            message = f"never runs: '{reached[0]}' always ends the execution before"
            yield Problem(pointer=node.pointer, message=message)


def _of_action(node: ActionNode, definition: Definition) -> Iterator[Problem]:
    action = node.action
    when = (action.when or "").strip()
    if when in {"true", "false"}:
        effect = "never runs" if when == "false" else "always runs, as it does without a condition"
        yield Problem(pointer=join(node.pointer, "when"), message=f"always {when}: the action {effect}")
    if action.timeout is not None and action.timeout > definition.timeout:
        message = f"longer than the execution itself may take, which is {definition.timeout:g} s"
        yield Problem(pointer=join(node.pointer, "timeout"), message=message)
    if isinstance(node.type, FlowAction):
        for field in ("retry", "mode"):
            if getattr(action, field) is not None:
                message = f"has no effect: '{action.type}' runs inside the workflow, once"
                yield Problem(pointer=join(node.pointer, field), message=message)
        if node.type.at_once and (loop := _loop_around(node)):
            message = f"runs again and again inside '{loop.action.id}': only the first '{action.type}' counts"
            yield Problem(pointer=node.pointer, message=message)
    if node.type:
        yield from _of_config(node, join(node.pointer, "config"))


def _loop_around(node: ActionNode) -> ActionNode | None:
    listed = node.listed
    while owner := listed.owner:
        if listed.mark and listed.mark.runs == "repeatedly":
            return owner
        listed = owner.listed
    return None


def _of_config(node: ActionNode, pointer: str) -> Iterator[Problem]:
    assert node.type
    lists = 0
    for part in parts(shape_of(node.type.config), node.action.config, pointer):
        lists += part.leaf.kind == "actions"
        if part.leaf.kind == "template" and isinstance(part.value, str) and _BARE_PATH.fullmatch(part.value):
            message = f"is this text itself; for the value write {{{{{part.value}}}}}"
            yield Problem(pointer=part.pointer, message=message)
    if lists and not node.nested:
        yield Problem(pointer=pointer, message=f"'{node.action.id}' holds no actions")


def _doubtful_reads(text: Text) -> Iterator[Problem]:
    for path in sorted(text.compiled.references - text.compiled.optional_references):
        if len(path) > 1 and path[0] == "steps" and text.place.find(path[1]) == "maybe":
            message = f"'{path[1]}' may not have run here: read it with ?. or ??, or the action may fail"
            yield Problem(pointer=text.pointer, message=message, column=text.column(path))
