"""What is known before anything runs, and evaluating as far as that goes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from gorax.core.definition.problems import join
from gorax.core.errors import ErrorType, StepError
from gorax.core.expressions import (
    DEFAULT_FUEL,
    Environment,
    Expression,
    ExpressionError,
    Meter,
    Template,
    compile_expression,
    compile_template,
)
from gorax.core.weight import TooHeavyError, weigh

FUEL = 4_000_000
"""Evaluation steps that a whole dry run may take: about a second of CPU."""
MAX_VALUE_BYTES = 1_500_000
"""Largest value of an expression or template, as in a real run."""
BYTES_PER_FUEL = 4
STEP_PRICE = 2_000
"""What the simulation of one action costs besides its expressions."""
_MAX_VISITED = 10_000


class Unknown(Exception):
    """Something is not known before a real run. The message says what."""


class UnknownText(str):
    """A template, as authored, whose value is not known."""

    __slots__ = ()


class DefectError(StepError):
    """Something that fails with the test data, and that nobody meant to fail.

    `pointer` says where in the action, `column` where in the text.
    """

    def __init__(
        self,
        message: str,
        column: int | None = None,
        *,
        kind: str = ErrorType.EXPRESSION,
        pointer: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(kind, message, details=details)
        self.pointer = pointer
        self.column = column


class Allowance:
    """What all of a dry run's expressions may cost together."""

    def __init__(self) -> None:
        self.left = FUEL

    @property
    def spent(self) -> bool:
        """Whether there is nothing left."""
        return self.left <= 0

    def spend(self, fuel: int) -> None:
        """Pay. Raises `Unknown` when there is nothing left."""
        self.left -= fuel
        if self.left < 0:
            raise Unknown("the dry run has used up its allowance of evaluation steps")


@dataclass
class Clock:
    """The time that a run would see: waiting moves it on."""

    now: datetime
    ids: int = 0

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.now += timedelta(seconds=seconds)

    def over(self, limit: float | None, begun: datetime) -> bool:
        """Whether more than `limit` seconds have passed; then a run would have ended what took so long."""
        if limit is None or (self.now - begun).total_seconds() <= limit:
            return False
        self.now = begun + timedelta(seconds=limit)
        return True

    def uuid(self) -> str:
        """An identifier in the place of a random one."""
        self.ids += 1
        return f"00000000-0000-4000-8000-{self.ids:012x}"


@dataclass
class Part:
    """What is under one name that is always there, such as `steps`, as it is now."""

    values: Mapping[str, Any]
    unknown: set[str] = field(default_factory=set)
    """The keys whose values are not known."""

    def copy(self) -> "Part":
        """The same, which changes by itself from now on."""
        return Part(self.values, set(self.unknown))


@dataclass
class Knowledge:
    """The names of one scope. Scopes share `steps` and `vars`, but for those of iterations; handlers and loops add
    names."""

    parts: Mapping[str, Part]
    """`trigger`, `steps`, `vars` and `env`."""
    clock: Clock
    allowance: Allowance
    names: Mapping[str, Any] = field(default_factory=dict)
    """Those that handlers and loops have added."""
    unknown_names: frozenset[str] = frozenset()
    """Of those, the ones whose values are not known."""

    def with_names(self, known: Mapping[str, Any], unknown: Iterable[str] = ()) -> "Knowledge":
        """A scope inside this one."""
        return replace(
            self,
            names={**self.names, **known},
            unknown_names=(self.unknown_names | frozenset(unknown)) - known.keys(),
        )

    def iteration(self, known: Mapping[str, Any], steps: Part, *, own: bool) -> "Knowledge":
        """The scope of one iteration of a loop, which adds to `steps`; `own` variables end with it."""
        variables = self.parts["vars"]
        parts = {**self.parts, "steps": steps, "vars": variables.copy() if own else variables}
        return replace(self.with_names(known), parts=parts)

    def learn(self, root: str, key: str, value: Any) -> None:
        """Note a value; one that holds an `UnknownText` anywhere is not known."""
        part = self.parts[root]
        # A new map: what an expression took as a value, such as all of `steps`, stays as it was then.
        part.values = {**part.values, key: value}
        if self.is_known(value):
            part.unknown.discard(key)
        else:
            part.unknown.add(key)

    def forget(self, root: str, key: str) -> None:
        """Note that a value is not known."""
        self.parts[root].unknown.add(key)

    def is_known(self, value: Any) -> bool:
        """Whether there is no `UnknownText` in a value; false where it is too large to be looked through."""
        stack, visited, known = [value], 0, True
        while stack and known:
            item = stack.pop()
            visited += 1
            known = visited <= _MAX_VISITED and not isinstance(item, UnknownText)
            if isinstance(item, dict | list):
                stack.extend(item.values() if isinstance(item, dict) else item)
        self.allowance.left -= visited
        return known

    def evaluate(self, source: str) -> Any:
        """The value of an expression.

        Raises `Unknown` where it reads what is not known, `DefectError` where it fails.
        """
        expression = compile_expression(source)
        if missing := self._missing(expression):
            raise Unknown(f"it depends on {missing}")
        return self._evaluate(expression)

    def render(self, unknown: list[str], pointer: str, value: Any) -> Any:
        """A config with its templates rendered; `unknown` takes what they read and is not known.

        Raises `DefectError` with the pointer of the text that fails.
        """
        if isinstance(value, dict):
            return {key: self.render(unknown, join(pointer, key), item) for key, item in value.items()}
        if isinstance(value, list):
            return [self.render(unknown, join(pointer, index), item) for index, item in enumerate(value)]
        if not isinstance(value, str) or "{{" not in value:
            return value
        template = compile_template(value)
        if missing := self._missing(template):
            unknown.append(missing)
            return UnknownText(value)
        try:
            return self._evaluate(template)
        except DefectError as defect:
            defect.pointer = pointer
            raise

    def _missing(self, compiled: Expression | Template) -> str | None:
        for path in sorted(compiled.references):
            if not path:
                if self.unknown_names or any(part.unknown for part in self.parts.values()):
                    return "all names"
                continue
            root = path[0]
            keys = self.parts[root].unknown if root in self.parts else ()
            if root in self.unknown_names or (path[1] in keys if len(path) > 1 else keys):
                return ".".join(path)
        return None

    def _evaluate(self, compiled: Expression | Template) -> Any:
        meter = Meter(max(min(DEFAULT_FUEL, self.allowance.left), 1))
        names = {**self.names, **{name: part.values for name, part in self.parts.items()}}
        environment = Environment(names, lambda: self.clock.now, self.clock.uuid)
        try:
            if isinstance(compiled, Template):
                value = compiled.render(environment, meter)
            else:
                value = compiled.evaluate(environment, meter)
        except ExpressionError as error:
            self.allowance.spend(meter.spent + 1 if meter.fuel < DEFAULT_FUEL else meter.spent)
            raise DefectError(error.message, error.column or None) from error
        self.allowance.spend(meter.spent)
        try:
            self.allowance.spend(weigh(value, MAX_VALUE_BYTES) // BYTES_PER_FUEL)
        except TooHeavyError as heavy:
            self.allowance.spend(MAX_VALUE_BYTES // BYTES_PER_FUEL)
            raise DefectError(f"its value {heavy}") from heavy
        return value
