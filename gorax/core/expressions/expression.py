"""Compiled expressions."""

from typing import Any, Final

from .cache import SourceCache
from .compiler import compile_tree
from .environment import Environment
from .errors import ExpressionError
from .meter import Meter
from .parser import parse
from .references import Path, find_references
from .shapes import Shape, shape_of
from .stack import with_room
from .text import jsonable

_CACHED_CHARACTERS: Final = 256 * 1024
_PLAIN: Final = (bool, type(None))


class Expression:
    """An expression ready to be evaluated, any number of times and in any thread."""

    __slots__ = ("_code", "_shape", "_slots", "optional_references", "references", "source")

    source: str
    references: frozenset[Path]
    """Paths read from the environment, as far as their keys are constant: ``("steps", "a", "output")``.

    The empty path stands for ``$env`` as a whole.
    """
    optional_references: frozenset[Path]
    """Those of ``references`` that are only read where missing data gives nil (``?.`` and ``??``)."""

    def __init__(self, source: str, *, hyphenated: bool = False) -> None:
        self.source = source
        try:
            with_room(self._compile, hyphenated)
        except ExpressionError as error:
            error.at(1, source)
            raise
        except RecursionError:
            raise ExpressionError("the expression is nested too deeply", 1, source) from None

    def _compile(self, hyphenated: bool) -> None:
        tree = parse(self.source, hyphenated=hyphenated)
        self._code = compile_tree(tree, self.source)
        self._shape = shape_of(tree)
        self._slots: list[Any] = [None] * self._code.slots
        found = find_references(tree)
        self.references = frozenset(found.required | found.optional)
        self.optional_references = frozenset(found.optional - found.required)

    def evaluate(self, env: Environment, meter: Meter | None = None) -> Any:
        """The value as a JSON tree; parts of the environment are passed on by reference.

        Raises ExpressionError, also when the budget of ``meter`` (a fresh one by default) is used up.
        """
        return self._guarded(
            env, Meter() if meter is None else meter, convert=self._shape is not Shape.DIRECT
        )

    def value(self, env: Environment, meter: Meter) -> Any:
        """The value as it is inside the language: dates are not text yet."""
        return self._guarded(env, meter, convert=False)

    def _guarded(self, env: Environment, meter: Meter, *, convert: bool) -> Any:
        try:
            meter.charge(self._code.price)
            code, frame = self._code, [env.names, meter, env, *self._slots]
            value = meter.with_room(code.run, frame) if code.loops else code.run(frame)
            if not convert or type(value) in _PLAIN:
                return value
            return jsonable(value, meter, self._shape)
        except ExpressionError as error:
            error.at(1, self.source)
            raise
        except RecursionError:
            raise ExpressionError("the values are nested too deeply", 1, self.source) from None
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
            # A mistake of ours. In a workflow any other exception would fail the task, which is then retried
            # for ever; as an expression error it fails the step, visibly.
            message = f"internal error: {type(error).__name__}: {error}"
            raise ExpressionError(message[:200], 1, self.source) from error


def _compile(source: str) -> Expression:
    expression = Expression(source)
    refuse_credentials(expression, source)
    return expression


def refuse_credentials(expression: Expression, source: str) -> None:
    """Credentials are resolved by activities, never by expressions, so that no secret enters a history."""
    if any(path[:1] == ("credentials",) for path in expression.references):
        column = max(source.find("credentials"), 0) + 1
        raise ExpressionError(
            "credentials can only stand in a template, as {{credentials.NAME}} or {{credentials.NAME.field}}",
            column,
            source,
        )


_cache: Final = SourceCache(_compile, _CACHED_CHARACTERS)


def compile_expression(source: str) -> Expression:
    """The compiled form of ``source``, from a bounded cache; raises ExpressionError."""
    return _cache(source)
