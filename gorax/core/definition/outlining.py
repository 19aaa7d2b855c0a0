"""Building the tree of a definition, and finding what is wrong with its form on the way."""

from collections.abc import Sequence

from pydantic import ValidationError

from gorax.core.actions.catalogue import Catalogue
from gorax.core.definition.model import MAX_ACTIONS, Action, Definition, load_actions
from gorax.core.definition.outline import ActionNode, ListNode, Outline, Place
from gorax.core.definition.problems import Findings, InvalidDefinition, Problem, did_you_mean, join, quoted
from gorax.core.definition.repair import readable
from gorax.core.definition.shape import Part, parts, shape_of
from gorax.core.graph import Plan, PlanError

MAX_NESTING = 10
"""Lists of actions inside each other."""

_ERROR = frozenset({"error"})


def outline_of(definition: Definition, catalogue: Catalogue, findings: Findings) -> Outline:
    """The tree of a definition. What is wrong with ids, types, order and nesting goes to `findings`.

    Raises `InvalidDefinition` when there are more actions than any definition may have.
    """
    return _Builder(catalogue, findings).build(definition)


class _Builder:
    def __init__(self, catalogue: Catalogue, findings: Findings) -> None:
        self._catalogue = catalogue
        self._findings = findings
        self._nodes: list[ActionNode] = []
        self._by_id: dict[str, ActionNode] = {}
        self._count = 0

    def build(self, definition: Definition) -> Outline:
        main = self._fill(ListNode("/actions", None), definition.actions, 1)
        on_failure = None
        if handler := definition.on_failure:
            # Nothing is certain to have run when an execution fails.
            end = Place(main, None, maybe=True, names=_ERROR)
            on_failure = ListNode(f"/on_failure{handler.actions_pointer}", None, outer=end)
            self._fill(on_failure, handler.actions, 1)
        return Outline(main, on_failure, self._nodes, self._by_id)

    def _fill(self, listed: ListNode, actions: Sequence[Action], depth: int) -> ListNode:
        if depth > MAX_NESTING:
            self._findings.add(listed.pointer, f"actions must not be nested deeper than {MAX_NESTING} lists")
            return listed
        pointers = [join(listed.pointer, index) for index in range(len(actions))]
        nodes = [
            self._node(listed, action, pointer) for action, pointer in zip(actions, pointers, strict=True)
        ]
        # Where an id is not one action's, nobody can say what others wait for.
        nameless = {*pointers, *(join(pointer, "id") for pointer in pointers)}
        if nameless.isdisjoint(problem.pointer for problem in self._findings.problems):
            try:
                listed.order(Plan.of(actions))
            except PlanError as error:
                for fault in error.faults:
                    entry = () if fault.entry is None else (fault.entry,)
                    self._findings.add(join(pointers[fault.position], "depends_on", *entry), fault.message)
        for node in nodes:
            listed.nodes.append(node)
            self._fill_action(node, depth)
        listed.close()
        return listed

    def _node(self, listed: ListNode, action: Action, pointer: str) -> ActionNode:
        self._count += 1
        if self._count > MAX_ACTIONS:
            message = f"must have at most {MAX_ACTIONS} actions in all, nested ones included"
            raise InvalidDefinition([*self._findings.problems, Problem(pointer="/actions", message=message)])
        node = ActionNode(action, pointer, listed, self._catalogue.get(action.type))
        first = self._by_id.setdefault(action.id, node)
        if first is not node:
            message = (
                f"'{action.id}' is the id of {first.pointer} too, and must be unique in the whole definition"
            )
            self._findings.add(join(pointer, "id"), message)
        return node

    def _fill_action(self, node: ActionNode, depth: int) -> None:
        action, action_type, pointer, listed = node.action, node.type, node.pointer, node.listed
        self._nodes.append(node)
        if action_type is None:
            names = [known.name for known in self._catalogue]
            message = f"there is no action type {quoted(action.type)}{did_you_mean(action.type, names)}"
            self._findings.add(join(pointer, "type"), message)
        else:
            for part in parts(shape_of(action_type.config), action.config, join(pointer, "config")):
                if part.leaf.kind == "actions" and isinstance(part.value, list) and part.value:
                    self._nested(node, part, depth)
            for inner in node.nested:
                # A place may see lists that are beside it, so it is known when all of them are.
                inner.outer = node.place_of(inner.scope)
        if action.handlers:
            after = Place(listed, listed.before(action.id) | {action.id}, names=_ERROR)
            handlers = ListNode(join(pointer, "on_error"), node, outer=after)
            node.handlers = self._fill(handlers, action.handlers, depth + 1)

    def _nested(self, node: ActionNode, part: Part, depth: int) -> None:
        try:
            actions = readable(part.value, load_actions, Action, part.pointer, self._findings)
        except ValidationError:
            return
        field = part.pointer[len(node.pointer) :].split("/")[2]
        inner = ListNode(part.pointer, node, field, part.leaf.nested, part.leaf.scope)
        node.nested.append(inner)
        self._fill(inner, actions, depth + 1)
