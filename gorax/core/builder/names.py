"""What the names of the original mean at one node: steps, the trigger's data, loop variables, errors."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from gorax.core.builder.fields import snake
from gorax.core.builder.outputs import ERROR_FIELDS, output_of
from gorax.core.builder.paths import Part, Path, literal, write_path
from gorax.core.builder.reading import Node
from gorax.core.definition.names import FIELDS, TRIGGER_FIELDS
from gorax.core.definition.problems import did_you_mean, quoted

_FOREIGN = re.compile(r"[\W_]+")
_EXECUTION = {"id": "execution_id", "started_at": "started_at"}
_WORKFLOW = {"id": "workflow_id", "name": "workflow_name", "version": "version"}


class Untranslatable(Exception):
    """A reference, or a piece of JavaScript, that has no counterpart."""


@dataclass(frozen=True, slots=True)
class Step:
    """One node, as others refer to it."""

    action_id: str
    kind: str
    keys: frozenset[str] = frozenset()
    """Fields of the output that the node's config names itself."""
    whole: frozenset[str] = frozenset()
    """Names under which the original's users read the output as a whole."""
    mapped: Mapping[str, str] = field(default_factory=dict)
    """Fields of the output that stand for a path in it, as a sub-workflow's `output_mapping` says."""

    @property
    def expression(self) -> str:
        """The step in an expression."""
        return write_path("steps", [Part(self.action_id)])


@dataclass(frozen=True, slots=True)
class Definitions:
    """What can be referred to in the whole definition."""

    steps: Mapping[str, Step]
    """By node id; a retry node stands for the node that it tries again."""
    trigger_id: str | None
    trigger_type: str
    variables: frozenset[str]
    loose: Mapping[str, str] = field(default_factory=dict)
    """Node ids by their letters and digits alone, where only one node has these."""

    @classmethod
    def of(cls, steps: Mapping[str, Step], trigger: Node | None, variables: Any) -> "Definitions":
        """Of the steps of a definition."""
        loose: dict[str, list[str]] = {}
        for node_id in steps:
            loose.setdefault(_letters(node_id), []).append(node_id)
        return cls(
            steps,
            trigger.id if trigger else None,
            trigger.kind if trigger else "manual",
            frozenset(variables) if isinstance(variables, dict) else frozenset(),
            {letters: ids[0] for letters, ids in loose.items() if len(ids) == 1},
        )

    def find(self, name: str) -> Step | None:
        """The step of a node id, also of one that is written without its hyphens, as the templates do."""
        return self.steps.get(name) or self.steps.get(self.loose.get(_letters(name), ""))

    def longest_id(self, text: str) -> str:
        """As much of a text with hyphens as is a known id; otherwise all of it."""
        end = len(text)
        while end > 0:
            if text[:end] in self.steps or text[:end] == self.trigger_id:
                return text[:end]
            end = text.rfind("-", 0, end)
        return text


@dataclass(frozen=True, slots=True)
class Names:
    """The names at one node."""

    all: Definitions
    variables: Mapping[str, str] = field(default_factory=dict)
    """Variables of the loops around, each with the name that ours has."""
    loop: Mapping[str, str] = field(default_factory=dict)
    """Fields of `loop`, in a loop."""
    errors: frozenset[str] = frozenset()
    """Names of the error, in a catch."""
    doubtful: Callable[[str], bool] | None = None
    """Whether the step of an action may be missing here, as one in a branch that was not taken is."""

    def in_loop(self, item: str, index: str, key: str | None = None) -> "Names":
        """The names inside a loop; with a `key`, ours has pairs of key and value as its items."""
        loop = {"item": f"{item}[1]" if key else item, "index": index}
        variables = {**self.variables, item: loop["item"], index: index}
        if key:
            loop["key"] = variables[key] = f"{item}[0]"
        return replace(self, variables=variables, loop=loop)

    def in_catch(self, binding: str | None) -> "Names":
        """The names inside a catch."""
        return replace(self, errors=frozenset({"error", binding or "error"}))

    def resolve(self, path: Path, *, optional: bool = False) -> str | None:
        """The path in our names; None where it does not begin with a name of the original.

        Raises `Untranslatable`.
        """
        root, parts = path.root, path.parts
        if root in self.errors:
            return self._error(parts)
        if root in self.variables:
            return write_path(self.variables[root], parts, optional=optional)
        match root:
            case "steps" if parts and isinstance(parts[0].key, str):
                return self._step(parts[0].key, parts[1:], optional)
            case "trigger":
                return self._trigger(parts, optional)
            case "env" if parts:
                return self._env(parts, optional)
            case "execution" | "workflow" if parts:
                known = _EXECUTION if root == "execution" else _WORKFLOW
                return self._metadata(root, parts, known)
            case "credential" | "credentials":
                return write_path("credentials", parts)
            case "loop" if self.loop and parts:
                return self._loop(parts, optional)
            case "null":
                return "nil"
            case _ if root in self.all.steps:
                return self._step(root, parts, optional)
            case _:
                return None

    def _step(self, name: str, parts: Sequence[Part], optional: bool) -> str:
        if name in self.variables:
            return write_path(self.variables[name], parts, optional=optional)
        if name == "_loop" and self.loop and parts:
            return self._loop(parts, optional)
        if name == self.all.trigger_id:
            return self._trigger(parts, optional)
        step = self.all.find(name)
        if step is None:
            raise Untranslatable(f"there is no node {quoted(name)}{did_you_mean(name, self.all.steps)}")
        if step.kind == "join":
            keys = [part.key for part in parts[:3] if part.key != "output"]
            if keys[:1] == ["branch_outputs"] and len(keys) > 1:
                skipped = 2 if parts[0].key == "branch_outputs" else 3
                return self._step(str(keys[1]), parts[skipped:], optional)
        doubtful = self.doubtful is not None and self.doubtful(step.action_id)
        return _step_path(step, parts, optional or doubtful)

    def _trigger(self, parts: Sequence[Part], optional: bool) -> str:
        kind = self.all.trigger_type
        if not parts:
            return "trigger"
        first, rest = parts[0], parts[1:]
        if kind == "schedule" and first.key == "timestamp":
            return write_path("trigger", [Part("scheduled_at"), *rest], optional=optional)
        if kind == "schedule" and first.key == "cron":
            raise Untranslatable("trigger.cron is not kept: what a schedule has is trigger.scheduled_at")
        if first.key in TRIGGER_FIELDS[kind]:
            return write_path("trigger", parts, optional=optional)
        return write_path("trigger", [Part("body"), *parts], optional=optional)

    def _env(self, parts: Sequence[Part], optional: bool) -> str:
        name = parts[0].key
        if name in FIELDS["env"]:
            return write_path("env", parts, optional=optional)
        if name in self.all.variables:
            return write_path("vars", parts, optional=optional)
        raise Untranslatable(
            f"there is no env.{name}: put the value under variables of the definition, beside nodes, "
            "or a secret into a credential"
        )

    def _metadata(self, root: str, parts: Sequence[Part], known: Mapping[str, str]) -> str:
        name = parts[0].key
        if name not in known:
            raise Untranslatable(f"{root}.{name} cannot be read while it runs; there are {', '.join(known)}")
        return write_path("env", [Part(known[str(name)]), *parts[1:]])

    def _loop(self, parts: Sequence[Part], optional: bool) -> str:
        name, rest = str(parts[0].key), parts[1:]
        if name == "is_first":
            return f"({self.loop['index']} == 0)"
        found = self.loop.get(name) or self.variables.get(name)
        if found is None:
            raise Untranslatable(f"loop.{name} is not kept; there are {', '.join([*self.loop, 'is_first'])}")
        return write_path(found, rest, optional=optional)

    def _error(self, parts: Sequence[Part]) -> str:
        if not parts:
            return "error"
        name = snake(str(parts[0].key))
        if name not in ERROR_FIELDS:
            raise Untranslatable(
                f"an error has no {quoted(parts[0].key)}; there are {', '.join(ERROR_FIELDS)}"
            )
        return write_path("error", [*map(Part, ERROR_FIELDS[name]), *parts[1:]])


def _step_path(step: Step, parts: Sequence[Part], optional: bool) -> str:
    output = [Part(step.action_id), Part("output")]

    def written(*rest: Part) -> str:
        return write_path("steps", [*output, *rest], optional=optional)

    # In the original a step is its output; its users write `.output` as often as not.
    if parts and parts[0].key == "output" and "output" not in step.keys:
        parts = parts[1:]
    if not parts:
        return written()
    first, rest = parts[0], parts[1:]
    name = str(first.key)
    if name in step.mapped:
        return write_path(step.mapped[name], rest, optional=optional)
    if name in step.whole:
        return written(*rest)
    if name == "error" and name not in step.keys:
        return write_path("steps", [Part(step.action_id), *parts], optional=optional)
    known = output_of(step.kind)
    if first.key in known.fields:
        return written(*map(Part, known.fields[name]), *rest)
    if known.others is None:
        there = f"; there are {', '.join(known.fields)}" if known.fields else ""
        raise Untranslatable(f"the output of {quoted(step.action_id)} has no {literal(name)}{there}")
    return written(*map(Part, known.others), *parts)


def _letters(text: str) -> str:
    return _FOREIGN.sub("", text).lower()
