"""Tokens to a syntax tree: a Pratt parser with the operator precedences of Expr."""

from typing import Final

from .errors import ExpressionError
from .functions import FUNCTIONS, METHODS, suggestion
from .lexer import Kind, Token, tokenize
from .meter import MAX_SOURCE_BYTES, MAX_TREE_DEPTH
from .nodes import (
    Array,
    Block,
    Call,
    Chain,
    Comparison,
    Conditional,
    Index,
    Let,
    Link,
    Literal,
    Map,
    Method,
    Name,
    Node,
    Operation,
    Pointer,
    Slice,
    Step,
    Unary,
)
from .precedence import BINARY, COMPARISONS, NEGATABLE, RIGHT_ASSOCIATIVE, SPELLINGS, UNARY
from .predicates import PREDICATES
from .stream import TokenStream

_CONSTANTS: Final[dict[str, bool | None]] = {"true": True, "false": False, "nil": None}


def parse(source: str, *, hyphenated: bool = False) -> Node:
    """The tree of an expression; raises ExpressionError with the column of what is wrong."""
    try:
        size = len(source.encode())
    except UnicodeEncodeError as error:
        raise ExpressionError("the expression is not valid Unicode", error.start + 1, source) from error
    if size > MAX_SOURCE_BYTES:
        raise ExpressionError(f"the expression is longer than {MAX_SOURCE_BYTES} bytes", 1, source)
    return _Parser(source, tokenize(source, hyphenated=hyphenated)).parse()


class _Parser(TokenStream):
    def __init__(self, source: str, tokens: list[Token]) -> None:
        super().__init__(source, tokens)
        self._depth = 0
        self._predicates = 0

    def parse(self) -> Node:
        node = self._block()
        if self.current.kind is not Kind.END:
            self.unexpected()
        return node

    # Statements

    def _block(self) -> Node:
        column = self.current.column
        statements: list[Let | Node] = []
        while True:
            if self.at("let"):
                token = self.advance()
                name = self.expect_name()
                self.expect("=")
                statements.append(Let(token.column, name.value, self._expression()))
                self.expect(";")
                continue
            statements.append(self._expression())
            if not self.accept(";") or self.current.kind is Kind.END:
                break
        first = statements[0]
        if len(statements) == 1 and not isinstance(first, Let):
            return first
        return Block(column, tuple(statements))

    def _braced_block(self) -> Node:
        self.expect("{")
        self.open()
        node = self._block()
        self.close("}")
        return node

    def _conditional_if(self) -> Node:
        branches: list[tuple[int, Node, Node]] = []
        while self.at("if"):
            column = self.advance().column
            condition = self._expression()
            branches.append((column, condition, self._braced_block()))
            self.expect("else")
        node = self._braced_block()
        for column, condition, then in reversed(branches):
            node = Conditional(column, condition, then, node)
        return node

    # Expressions

    def _expression(self, precedence: int = 0) -> Node:
        self._depth += 1
        if self._depth > MAX_TREE_DEPTH:
            self.fail("the expression is nested too deeply")
        if precedence == 0 and self.at("let"):
            node = self._block()
        elif precedence == 0 and self.at("if"):
            node = self._conditional_if()
        else:
            node = self._operators(self._operand(), precedence)
            if precedence == 0:
                node = self._ternary(node)
        self._depth -= 1
        return node

    def _ternary(self, node: Node) -> Node:
        while self.at("?"):
            column = self.advance().column
            if self.accept(":"):
                # A condition that holds is itself "true": no need to run it twice.
                node = Conditional(column, node, Literal(column, True), self._expression())
            else:
                then = self._expression()
                self.expect(":")
                node = Conditional(column, node, then, self._expression())
        return node

    def _operators(self, left: Node, precedence: int) -> Node:
        steps: list[Step] = []
        previous = ""
        while True:
            token = self.current
            negated = self.at("not") and self._next_is_negatable()
            if negated:
                token = self.tokens[self.position + 1]
            symbol = token.value
            if token.kind not in (Kind.SYMBOL, Kind.WORD) or BINARY.get(symbol, -1) < precedence:
                break
            if negated:
                self.advance()
            self.advance()
            if previous == "??" and symbol not in ("??", "|"):
                self.fail(f"?? and {symbol} cannot be mixed: put one of them into parentheses", token)
            previous = symbol
            if symbol == "|":
                left, steps = self._call(self.expect_name(), (_joined(left, steps),)), []
                left = self._links(left)
            elif symbol in COMPARISONS:
                left, steps = self._comparison(_joined(left, steps), token), []
            else:
                binding = BINARY[symbol] + (symbol not in RIGHT_ASSOCIATIVE)
                operator = SPELLINGS.get(symbol, symbol)
                operand = self._expression(binding)
                steps.append(Step(token.column, f"not {operator}" if negated else operator, operand))
        return _joined(left, steps)

    def _next_is_negatable(self) -> bool:
        following = self.tokens[self.position + 1]
        return following.kind is Kind.WORD and following.value in NEGATABLE

    def _comparison(self, left: Node, token: Token) -> Node:
        steps: list[Step] = []
        while True:
            operand = self._expression(BINARY[token.value] + 1)
            steps.append(Step(token.column, token.value, operand))
            if not self.at(*COMPARISONS):
                return Comparison(token.column, left, tuple(steps))
            token = self.advance()

    def _operand(self) -> Node:
        token = self.current
        if self.at(*UNARY):
            self.advance()
            operand = self._expression(UNARY[token.value])
            return Unary(token.column, SPELLINGS.get(token.value, token.value), operand)
        if self.at("("):
            self.advance()
            self.open()
            node = self._block()
            self.close(")")
            return self._links(node)
        if token.kind is Kind.POINTER or (self.at(".") and self._predicates):
            return self._pointer()
        if self.accept("::"):
            return self._links(self._call(self.expect_name(), ()))
        return self._literal()

    def _pointer(self) -> Node:
        token = self.current
        if not self._predicates:
            self.fail("# is only available inside the predicate of a function such as filter or map")
        name = ""
        if token.kind is Kind.POINTER:
            name = self.advance().value
            if name not in ("", "index", "acc"):
                self.fail(f"unknown pointer #{name}: there are #, #index and #acc", token)
        return self._links(Pointer(token.column, name))

    def _literal(self) -> Node:
        token = self.current
        if token.kind is Kind.NUMBER:
            self.advance()
            return Literal(token.column, token.value)
        if token.kind in (Kind.STRING, Kind.BYTES):
            self.advance()
            return self._links(Literal(token.column, token.value))
        if token.kind is Kind.NAME:
            self.advance()
            if token.value in _CONSTANTS:
                return Literal(token.column, _CONSTANTS[token.value])
            if self.at("("):
                return self._links(self._call(token, ()))
            return self._links(Name(token.column, token.value))
        if self.at("["):
            return self._links(self._array())
        if self.at("{"):
            return self._links(self._map())
        self.unexpected()
        return None

    def _array(self) -> Node:
        column = self.advance().column
        self.open()
        items: list[Node] = []
        while not self.at("]"):
            items.append(self._expression())
            if not self.accept(","):
                break
        self.close("]")
        return Array(column, tuple(items))

    def _map(self) -> Node:
        column = self.advance().column
        self.open()
        entries: list[tuple[Node, Node]] = []
        while not self.at("}"):
            key = self._map_key()
            self.expect(":")
            entries.append((key, self._expression()))
            if not self.accept(","):
                break
        self.close("}")
        return Map(column, tuple(entries))

    def _map_key(self) -> Node:
        token = self.current
        if token.kind in (Kind.NAME, Kind.WORD, Kind.STRING):
            self.advance()
            return Literal(token.column, token.value)
        if token.kind is Kind.NUMBER:
            self.advance()
            following = self.current.column - 1
            return Literal(token.column, self.source[token.column - 1 : following].strip())
        if self.at("("):
            return self._expression()
        self.unexpected("a map key is a name, a string, a number or an expression in parentheses")
        return None

    # Calls and what follows a value

    def _call(self, token: Token, piped: tuple[Node, ...]) -> Node:
        if token.value in PREDICATES:
            return self._predicate_call(token, list(piped))
        function = FUNCTIONS.get(token.value)
        if function is None:
            self.fail(f"unknown function {token.value!r}{suggestion(token.value)}", token)
        arguments = (*piped, *self._arguments())
        if not function.least <= len(arguments) <= function.most:
            self.fail(f"{token.value} takes {function.arity}, got {len(arguments)}", token)
        return Call(token.column, token.value, arguments)

    def _arguments(self) -> tuple[Node, ...]:
        self.expect("(")
        self.open()
        arguments: list[Node] = []
        while not self.at(")"):
            arguments.append(self._expression())
            if not self.accept(","):
                break
        self.close(")")
        return tuple(arguments)

    def _predicate_call(self, token: Token, arguments: list[Node]) -> Node:
        shape = PREDICATES[token.value]
        self.expect("(")
        self.open()
        if not arguments:
            if self.at(")"):
                self.fail(f"{token.value} needs an array", token)
            arguments.append(self._expression())
            if not self.at(")"):
                self.expect(",")
        predicate: Node | None = None
        if not self.at(")"):
            predicate = self._predicate()
            if self.accept(",") and shape.argument and not self.at(")"):
                arguments.append(self._expression())
                self.accept(",")
        elif not shape.optional:
            self.fail(f"{token.value} needs a predicate", token)
        self.close(")")
        return Call(token.column, token.value, tuple(arguments), predicate)

    def _predicate(self) -> Node:
        self._predicates += 1
        if self.at("{"):
            if self._is_map_inside():
                self.fail("a map needs braces of its own inside those of the predicate: {{key: value}}")
            node = self._braced_block()
        else:
            node = self._expression()
            if self.at(";"):
                self.fail("put a predicate with several statements into { and }")
        self._predicates -= 1
        return node

    def _is_map_inside(self) -> bool:
        key, colon = (self.tokens + [self.tokens[-1]] * 2)[self.position + 1 : self.position + 3]
        keyed = key.kind in (Kind.NAME, Kind.STRING, Kind.NUMBER) and colon.value == ":"
        return key.value == "}" or (keyed and colon.kind is Kind.SYMBOL)

    def _links(self, base: Node) -> Node:
        links: list[Link] = []
        while True:
            if self.at(".", "?."):
                optional = self.advance().value == "?."
                if optional and self.at("["):
                    links.append(self._bracket(optional))
                else:
                    links.append(self._member(optional))
            elif self.at("["):
                links.append(self._bracket(False))
            else:
                break
        if not links:
            return base
        if isinstance(base, Chain):
            return Chain(base.column, base.base, (*base.links, *links))
        return Chain(base.column, base, tuple(links))

    def _member(self, optional: bool) -> Link:
        token = self.current
        if token.kind not in (Kind.NAME, Kind.WORD):
            self.unexpected("expected a name after the dot")
        self.advance()
        if not self.at("("):
            return Index(token.column, Literal(token.column, token.value), optional)
        if token.value not in METHODS:
            self.fail(f"unknown method {token.value!r}: functions are called as name(value)", token)
        return Method(token.column, token.value, self._arguments(), optional)

    def _bracket(self, optional: bool) -> Link:
        column = self.advance().column
        self.open()
        start = None if self.at(":") else self._expression()
        if not self.accept(":"):
            self.close("]")
            assert start is not None
            return Index(column, start, optional)
        stop = None if self.at("]") else self._expression()
        self.close("]")
        return Slice(column, start, stop)


def _joined(left: Node, steps: list[Step]) -> Node:
    return Operation(steps[0].column, left, tuple(steps)) if steps else left
