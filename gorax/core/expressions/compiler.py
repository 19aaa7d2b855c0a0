"""A syntax tree to closures.

Every node becomes a function of the frame. Straight-line code is paid for once, where it is entered: the
number of nodes of an expression, of a predicate per element. What costs more than its nodes pays for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from .chains import compile_chain, compile_name
from .closures import apply_step, binary, function_call, read_slot, whole_environment
from .errors import ExpressionError
from .frame import FIRST_SLOT, METER, Frame, Run
from .functions import FUNCTIONS, METHOD_COST
from .meter import MAX_TREE_DEPTH
from .nodes import (
    Array,
    Block,
    Call,
    Chain,
    Comparison,
    Conditional,
    Let,
    Literal,
    Map,
    Method,
    Name,
    Node,
    Operation,
    Pointer,
    Step,
    Unary,
)
from .operators import OPERATORS, negate, require_bool
from .patterns import compiled
from .predicates import PREDICATES, Loop
from .values import NUMBERS, type_name

_ENTRY_PRICE: Final = 3
"""What an evaluation takes beside its nodes."""


@dataclass(frozen=True, slots=True)
class Code:
    """A compiled expression."""

    run: Run
    price: int
    """What entering it costs."""
    slots: int
    """How many variables it keeps."""
    loops: bool
    """It runs something for every element of a list."""


def compile_tree(node: Node, source: str) -> Code:
    """Closures for ``node``; raises ExpressionError for what only the whole tree shows to be wrong."""
    compiler = _Compiler(source)
    run = compiler.compile(node)
    return Code(run, _ENTRY_PRICE + compiler.price(), compiler.slots, compiler.loops)


@dataclass(frozen=True, slots=True)
class _Scope:
    """The slots of one predicate."""

    function: str
    item: int
    index: int
    accumulator: int


class _Compiler:
    def __init__(self, source: str) -> None:
        self.slots = 0
        self.loops = False
        self._nodes = 0
        self._fixed = 0
        self._source = source
        self._depth = 0
        self._variables: dict[str, int] = {}
        self._scopes: list[_Scope] = []

    def price(self) -> int:
        """Fuel for running once what was compiled since the counts began; three nodes take a unit's time."""
        return 1 + self._nodes // 3 + self._fixed

    def compile(self, node: Node, *, lenient: bool = False) -> Run:
        self._depth += 1
        if self._depth > MAX_TREE_DEPTH:
            self._fail("the expression is nested too deeply", node.column)
        self._nodes += 1
        run = self._node(node, lenient)
        self._depth -= 1
        return run

    def _node(self, node: Node, lenient: bool) -> Run:
        match node:
            case Literal(value=value):
                return lambda _frame: value
            case Name():
                return self._name(node, lenient)
            case Pointer():
                return self._pointer(node)
            case Chain():
                return self._chain(node, lenient)
            case Unary():
                return self._unary(node)
            case Operation():
                return self._operation(node)
            case Comparison():
                return self._comparison(node)
            case Conditional():
                return self._conditional(node)
            case Block():
                return self._block(node)
            case Array():
                return self._array(node)
            case Map():
                return self._map(node)
            case Call():
                return self._predicate_call(node) if node.name in PREDICATES else self._call(node)

    def _fail(self, message: str, column: int) -> Any:
        raise ExpressionError(message, column, self._source)

    def _slot(self) -> int:
        self.slots += 1
        return FIRST_SLOT + self.slots - 1

    # Reading

    def _name(self, node: Name, lenient: bool) -> Run:
        slot = self._variables.get(node.name)
        if slot is not None:
            return read_slot(slot)
        if node.name == "$env":
            return whole_environment
        return compile_name(node, lenient=lenient)

    def _pointer(self, node: Pointer) -> Run:
        scope = self._scopes[-1]
        if node.name == "acc":
            if scope.function != "reduce":
                self._fail("#acc is only available in the predicate of reduce", node.column)
            return read_slot(scope.accumulator)
        return read_slot(scope.index if node.name == "index" else scope.item)

    def _chain(self, node: Chain, lenient: bool) -> Run:
        self._nodes += len(node.links)
        self._fixed += METHOD_COST * sum(isinstance(link, Method) for link in node.links)
        first_optional = not lenient and _starts_optional(node)
        base = self.compile(node.base, lenient=lenient or first_optional)
        free = isinstance(node.base, Name) and node.base.name not in (*self._variables, "$env")
        return compile_chain(node, base, self.compile, lenient=lenient, free=free)

    # Operators

    def _unary(self, node: Unary) -> Run:
        operand, column, operator = self.compile(node.operand), node.column, node.operator

        def run(frame: Frame) -> Any:
            value = operand(frame)
            try:
                if operator == "not":
                    return not require_bool(value, "not")
                if operator == "-":
                    return negate(value)
                if type(value) not in NUMBERS:
                    raise ExpressionError(f"+ needs a number, got {type_name(value)}")
            except ExpressionError as error:
                error.at(column)
                raise
            return value

        return run

    def _operation(self, node: Operation) -> Run:
        # `??` forgives what is missing on its left, which in a ?? b ?? c is a and b.
        operands = [node.first, *(step.operand for step in node.steps)]
        operators = [*(step.operator for step in node.steps), ""]
        runs = [
            self.compile(operand, lenient=operator == "??")
            for operand, operator in zip(operands, operators, strict=True)
        ]
        self._nodes += len(node.steps)
        for step in node.steps:
            self._check_pattern(step)
        applied = [apply_step(step, run) for step, run in zip(node.steps, runs[1:], strict=True)]
        first = runs[0]
        if len(applied) == 1:
            only = applied[0]
            return lambda frame: only(first(frame), frame)

        def run(frame: Frame) -> Any:
            value = first(frame)
            for apply in applied:
                value = apply(value, frame)
            return value

        return run

    def _check_pattern(self, step: Step) -> None:
        if step.operator in ("matches", "not matches") and isinstance(step.operand, Literal):
            pattern = step.operand.value
            if isinstance(pattern, str):
                try:
                    compiled(pattern)
                except ExpressionError as error:
                    error.at(step.operand.column, self._source)
                    raise

    def _comparison(self, node: Comparison) -> Run:
        first = self.compile(node.first)
        self._nodes += len(node.steps)
        steps = tuple(
            (OPERATORS[step.operator], self.compile(step.operand), step.column) for step in node.steps
        )
        if len(steps) == 1:
            return binary(first, *steps[0])

        def run(frame: Frame) -> bool:
            left = first(frame)
            for operator, operand, column in steps:
                right = operand(frame)
                try:
                    if not operator(left, right, frame[METER]):
                        return False
                except ExpressionError as error:
                    error.at(column)
                    raise
                left = right
            return True

        return run

    def _conditional(self, node: Conditional) -> Run:
        condition, column = self.compile(node.condition), node.column
        then, otherwise = self.compile(node.then), self.compile(node.otherwise)

        def run(frame: Frame) -> Any:
            answer = condition(frame)
            if answer is True:
                return then(frame)
            if answer is False:
                return otherwise(frame)
            raise ExpressionError(f"a condition must be true or false, got {type_name(answer)}", column)

        return run

    def _block(self, node: Block) -> Run:
        outer = self._variables
        self._variables = dict(outer)
        statements: list[tuple[int | None, Run]] = []
        for statement in node.statements:
            if isinstance(statement, Let):
                self._nodes += 1
                value = self.compile(statement.value)
                if statement.name in self._variables or statement.name == "$env":
                    self._fail(f"the variable {statement.name!r} is already declared", statement.column)
                slot = self._variables[statement.name] = self._slot()
                statements.append((slot, value))
            else:
                statements.append((None, self.compile(statement)))
        self._variables = outer
        (_, last), *reversed_steps = reversed(statements)
        steps = tuple(reversed(reversed_steps))

        def run(frame: Frame) -> Any:
            for slot, statement in steps:
                value = statement(frame)
                if slot is not None:
                    frame[slot] = value
            return last(frame)

        return run

    # Literals of arrays and maps

    def _array(self, node: Array) -> Run:
        items = [self.compile(item) for item in node.items]
        self._nodes += 3 + len(items)
        return lambda frame: [item(frame) for item in items]

    def _map(self, node: Map) -> Run:
        entries = [(self.compile(key), self.compile(value), key.column) for key, value in node.entries]
        self._nodes += 4 + 2 * len(entries)
        names = [key.value for key, _ in node.entries if isinstance(key, Literal)]
        if len(names) == len(entries) and all(type(name) is str for name in names):
            constant = [(name, value) for name, (_, value, _) in zip(names, entries, strict=True)]
            return lambda frame: {name: value(frame) for name, value in constant}

        def run(frame: Frame) -> dict[str, Any]:
            built: dict[str, Any] = {}
            for key, value, column in entries:
                name = key(frame)
                if type(name) is not str:
                    raise ExpressionError(f"a map key must be a string, got {type_name(name)}", column)
                built[name] = value(frame)
            return built

        return run

    # Functions

    def _call(self, node: Call) -> Run:
        function = FUNCTIONS[node.name]
        self._fixed += function.cost
        self.loops = self.loops or function.loops
        arguments = [self.compile(argument) for argument in node.arguments]
        return function_call(function, arguments, node.column)

    def _predicate_call(self, node: Call) -> Run:
        source = self.compile(node.arguments[0])
        argument = self.compile(node.arguments[1]) if len(node.arguments) > 1 else None
        self.loops = True
        scope = _Scope(node.name, self._slot(), self._slot(), self._slot())
        self._nodes += 3
        outside, self._nodes, self._fixed = (self._nodes, self._fixed), 0, 0
        self._scopes.append(scope)
        body = self.compile(node.predicate) if node.predicate else read_slot(scope.item)
        self._scopes.pop()
        price = self.price()
        self._nodes, self._fixed = outside
        loop = Loop(node.name, source, body, argument, scope.item, scope.index, scope.accumulator, price)
        run, column = PREDICATES[node.name].build(loop), node.column

        def call(frame: Frame) -> Any:
            try:
                return run(frame)
            except ExpressionError as error:
                error.at(column)
                raise

        return call


def _starts_optional(node: Chain) -> bool:
    first = node.links[0]
    return getattr(first, "optional", False)
