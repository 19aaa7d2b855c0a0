"""The tokens of an expression, read one after the other."""

from typing import NoReturn

from .errors import ExpressionError
from .lexer import Kind, Token
from .meter import MAX_NESTING


class TokenStream:
    """A position among tokens, and the brackets open there."""

    def __init__(self, source: str, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.position = 0
        self.current = tokens[0]
        self.brackets = 0

    def advance(self) -> Token:
        token = self.current
        if token.kind is not Kind.END:
            self.position += 1
            self.current = self.tokens[self.position]
        return token

    def at(self, *symbols: str) -> bool:
        return self.current.kind in (Kind.SYMBOL, Kind.WORD) and self.current.value in symbols

    def accept(self, symbol: str) -> bool:
        if self.at(symbol):
            self.advance()
            return True
        return False

    def expect(self, symbol: str) -> Token:
        if not self.at(symbol):
            self.unexpected(f"expected {symbol!r}")
        return self.advance()

    def expect_name(self) -> Token:
        if self.current.kind is not Kind.NAME:
            self.unexpected("expected a name")
        return self.advance()

    def open(self) -> None:
        self.brackets += 1
        if self.brackets > MAX_NESTING:
            self.fail(f"the expression is nested deeper than {MAX_NESTING} levels")

    def close(self, symbol: str) -> None:
        self.expect(symbol)
        self.brackets -= 1

    def unexpected(self, hint: str = "") -> NoReturn:
        self.fail(f"unexpected {self.current}{f', {hint}' if hint else ''}")

    def fail(self, message: str, token: Token | None = None) -> NoReturn:
        raise ExpressionError(message, (token or self.current).column, self.source)
