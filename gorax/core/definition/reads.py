"""What a definition reads: whether it can be there at that point."""

from collections.abc import Collection

from gorax.core.definition.model import Definition
from gorax.core.definition.names import FIELDS, HANDLER_ROOT, ROOTS, STEP_FIELDS, TRIGGER_FIELDS
from gorax.core.definition.outline import Outline, Place
from gorax.core.definition.problems import Findings, did_you_mean, quoted
from gorax.core.definition.standing import Standing
from gorax.core.definition.texts import Text

Path = tuple[str, ...]


class ReadCheck:
    """Judges what the texts of one definition read."""

    def __init__(
        self,
        outline: Outline,
        definition: Definition,
        variables: Collection[str] | None,
        standing: Standing,
        findings: Findings,
    ) -> None:
        self._outline = outline
        self._variables = variables
        self._standing = standing
        self._trigger = definition.trigger.type
        self._findings = findings

    def check(self, text: Text) -> None:
        """Note every path that certainly cannot be there."""
        for path in sorted(text.compiled.references):
            if message := self._fault(text.place, path):
                self._findings.add(text.pointer, message, text.column(path))
        for path in sorted(text.credentials):
            if not text.with_credentials:
                message = "credentials can only be used in the config of an action that connects to something"
                self._findings.add(text.pointer, message, text.column(("credentials", *path)))

    def _fault(self, place: Place, path: Path) -> str | None:
        # The empty path is the environment as a whole, which is always there.
        root = path[0] if path else "env"
        if place.has_name(root) and root != HANDLER_ROOT:
            return None
        if root == HANDLER_ROOT and not place.has_name(root):
            return "error can only be read in handlers: on_error, on_failure and the like"
        if root not in ROOTS and root != HANDLER_ROOT:
            if not self._standing.names:
                return None
            names = {*ROOTS, *(name for around in place.chain() for name in around.names)}
            return f"there is no name {quoted(root)} here{did_you_mean(root, names)}"
        if len(path) < 2:
            return None
        if root == "steps":
            return self._step_fault(place, path[1]) or _step_field_fault(path)
        if root == "trigger":
            return self._trigger_fault(path[1])
        if root == "vars":
            return self._variable_fault(path[1])
        known = FIELDS.get(root)
        if known and path[1] not in known:
            return f"there is no {'.'.join(path[:2])}{did_you_mean(path[1], known)}"
        return None

    def _trigger_fault(self, name: str) -> str | None:
        known = TRIGGER_FIELDS[self._trigger]
        if name in known or not self._standing.trigger:
            return None
        for trigger, fields in TRIGGER_FIELDS.items():
            if name in fields:
                return f'trigger.{name} is only there when trigger.type is "{trigger}"'
        return f"there is no trigger.{name}{did_you_mean(name, known)}; what was sent is trigger.body"

    def _variable_fault(self, name: str) -> str | None:
        if self._variables is None or name in self._variables or not self._standing.variables:
            return None
        hint = did_you_mean(name, self._variables)
        return f"nothing sets vars.{name}: neither variables nor an action{hint}"

    def _step_fault(self, place: Place, action_id: str) -> str | None:
        if place.find(action_id) in ("certain", "maybe"):
            return None
        node = self._outline.by_id.get(action_id)
        if not self._standing.tree and (node or self._standing.may_have(action_id)):
            return None
        if node is None:
            return f"there is no action {quoted(action_id)}{did_you_mean(action_id, self._outline.by_id)}"
        for around in place.chain():
            current = around.current
            if current is None:
                continue
            if node is current:
                return f"'{action_id}' cannot read itself: it has not finished here"
            if node.listed is current.listed:
                if current.action.id in node.listed.before(action_id):
                    return f"'{action_id}' runs after '{current.action.id}'"
                return (
                    f"'{action_id}' need not have finished before '{current.action.id}' starts: "
                    f"name it in depends_on of '{current.action.id}'"
                )
        owner = node.listed.owner
        inside = f"inside '{owner.action.id}'" if owner else "in on_failure"
        return f"'{action_id}' runs {inside}, and cannot be read here"


def _step_field_fault(path: Path) -> str | None:
    if len(path) < 3 or path[2] in STEP_FIELDS:
        return None
    step = ".".join(path[:2])
    return f"{step} has no {quoted(path[2])}; what the action gave is {step}.output"
