"""Text with ``{{ expression }}`` in it, and JSON trees of such texts."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from .cache import SourceCache
from .environment import Environment
from .errors import ExpressionError, TemplateError, escape_pointer
from .expression import Expression, compile_expression, refuse_credentials
from .meter import MAX_DATA_DEPTH, MAX_SOURCE_BYTES, Meter
from .references import Path
from .text import text as text_of

_CACHED_CHARACTERS: Final = 256 * 1024

MAX_EXPRESSIONS: Final = 1000
"""In one text."""
_FEW: Final = 200

_PART: Final = (
    r"""(?:\.([A-Za-z0-9_][A-Za-z0-9_-]*)|\[\s*(?:'([^'\\\x00-\x1f]+)'|"([^"\\\x00-\x1f]+)")\s*\])"""
)
CREDENTIAL: Final = re.compile(rf"\{{\{{\s*credentials{_PART}(?:{_PART})?\s*\}}\}}")
"""A reference to a credential: its name and, perhaps, a field. Rendering leaves it as it is."""

# What can be skipped as a whole while looking for the closing braces.
_INSIDE: Final = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`|[^"'`{}]+|.""", re.DOTALL)
_PLAIN_PATH: Final = re.compile(
    r"\s*[A-Za-z_]\w*(?:\??\.[A-Za-z_][\w-]*|\[(?:-?\d+|'[^'\\]*'|\"[^\"\\]*\")\])*\s*"
)


@dataclass(frozen=True, slots=True)
class _Inserted:
    """One expression of a template and the column before its source."""

    expression: Expression
    offset: int


@dataclass(frozen=True, slots=True)
class CredentialReference:
    """A reference to a credential, where a template's author wrote one."""

    text: str
    """As it was written, with its braces."""
    path: Path
    """``("NAME",)`` or ``("NAME", "field")``."""


class Template:
    """A compiled template.

    A text that is exactly one ``{{ expression }}`` renders to that value; any other to text, with the values
    put in. ``{{credentials.NAME}}`` and ``{{credentials.NAME.field}}``, or ``{{credentials['NAME']['field']}}``,
    stay in the text as they are: an activity resolves those that ``pieces`` tells of and no others, since
    whatever else looks like one in a rendered text may come from outside.
    """

    __slots__ = ("_parts", "credentials", "is_static", "optional_references", "pieces", "references", "text")

    text: str
    references: frozenset[Path]
    optional_references: frozenset[Path]
    credentials: frozenset[Path]
    """``("NAME",)`` or ``("NAME", "field")``."""
    pieces: tuple[str | CredentialReference, ...]
    """The text taken apart: its references to credentials, and the templates between them."""
    is_static: bool
    """There is no ``{{`` in the text at all."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.is_static = "{{" not in text
        self._parts: list[str | _Inserted] = []
        pieces: list[str | CredentialReference] = []
        taken = 0
        position = 0
        count = 0
        while (start := text.find("{{", position)) >= 0:
            count += 1
            if count > MAX_EXPRESSIONS:
                raise ExpressionError(f"a text has at most {MAX_EXPRESSIONS} expressions", start + 1, text)
            reference = CREDENTIAL.match(text, start)
            if reference is not None:
                path = tuple(group for group in reference.groups() if group is not None)
                pieces += [text[taken:start], CredentialReference(reference[0], path)]
                self._parts.append(text[position : reference.end()])
                position = taken = reference.end()
                continue
            end = _closing(text, start + 2)
            if start > position:
                self._parts.append(text[position:start])
            self._parts.append(_compile_inserted(text, start + 2, end))
            position = end + 2
        if position < len(text) or not self._parts:
            self._parts.append(text[position:])
        inserted = [part.expression for part in self._parts if isinstance(part, _Inserted)]
        self.references = frozenset().union(*(each.references for each in inserted))
        required = frozenset().union(*(each.references - each.optional_references for each in inserted))
        self.optional_references = self.references - required
        self.pieces = tuple(piece for piece in (*pieces, text[taken:]) if piece)
        self.credentials = frozenset(
            piece.path for piece in self.pieces if isinstance(piece, CredentialReference)
        )

    def render(self, env: Environment, meter: Meter | None = None) -> Any:
        """The value or text; raises ExpressionError with the column in the template's text."""
        if self.is_static:
            return self.text
        if meter is None:
            meter = Meter()
        first = self._parts[0]
        if len(self._parts) == 1:
            if isinstance(first, str):
                return first
            try:
                return first.expression.evaluate(env, meter)
            except ExpressionError as error:
                raise error.moved(first.offset, self.text) from error
        return self._text(env, meter)

    def _text(self, env: Environment, meter: Meter) -> str:
        pieces: list[str] = []
        length = 0
        for part in self._parts:
            if isinstance(part, str):
                piece = part
            else:
                try:
                    piece = text_of(part.expression.value(env, meter), meter)
                except ExpressionError as error:
                    error.at(1)
                    raise error.moved(part.offset, self.text) from error
            length += len(piece)
            pieces.append(piece)
        try:
            meter.new_text(length)
        except ExpressionError as error:
            error.at(1, self.text)
            raise
        return "".join(pieces)


def _closing(text: str, start: int) -> int:
    """The position of the ``}}`` that ends the expression starting at ``start``."""
    depth, position = 0, start
    while position < len(text) and position - start <= MAX_SOURCE_BYTES:
        if depth == 0 and text.startswith("}}", position):
            return position
        match = _INSIDE.match(text, position)
        assert match is not None
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        position = match.end()
    if position >= len(text):
        raise ExpressionError("the {{ is not closed by }}", start - 1, text)
    raise ExpressionError(f"the expression is longer than {MAX_SOURCE_BYTES} bytes", start - 1, text)


def _compile_inserted(text: str, start: int, end: int) -> _Inserted:
    source = text[start:end]
    try:
        if "-" in source and _PLAIN_PATH.fullmatch(source):
            expression = Expression(source, hyphenated=True)
            refuse_credentials(expression, source)
        else:
            expression = compile_expression(source)
    except ExpressionError as error:
        raise error.moved(start, text) from error
    return _Inserted(expression, start)


compile_template: Final = SourceCache(Template, _CACHED_CHARACTERS)


def render(value: Any, env: Environment, meter: Meter | None = None) -> Any:
    """A JSON tree with every template in it rendered, all of them under one budget.

    Keys are not templates. Parts without templates are shared with ``value``. Raises TemplateError, whose
    ``pointer`` says which string failed.
    """
    if meter is None:
        meter = Meter()
    budget = meter
    if _is_small(value):
        return _render(value, env, budget, 0)
    return budget.with_room(lambda depth: _render(value, env, budget, depth), 0)


def _is_small(value: Any) -> bool:
    """Whether a tree has so few nodes that their rendering needs no room made for it."""
    pending, count = [value], 0
    while pending and count < _FEW:
        item = pending.pop()
        if isinstance(item, dict | list):
            count += len(item)
            if count < _FEW:
                pending.extend(item if isinstance(item, list) else item.values())
    return count < _FEW


def _render(value: Any, env: Environment, meter: Meter, depth: int) -> Any:
    if isinstance(value, str):
        if "{{" not in value:
            return value
        try:
            return compile_template(value).render(env, meter)
        except ExpressionError as error:
            raise TemplateError(error) from error
    if not isinstance(value, dict | list):
        return value
    if depth >= MAX_DATA_DEPTH:
        raise TemplateError(ExpressionError(f"the value is nested deeper than {MAX_DATA_DEPTH} levels"))
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    changed: Any = None
    for key, item in entries:
        if not isinstance(item, str | dict | list):
            continue
        try:
            rendered = _render(item, env, meter, depth + 1)
        except TemplateError as error:
            error.inside(key)
            raise
        if rendered is not item:
            if changed is None:
                changed = value.copy()
            changed[key] = rendered
    return value if changed is None else changed


def templates_in(value: Any) -> Iterator[tuple[str, Template]]:
    """The JSON pointer and the compiled form of every string with ``{{`` in a JSON tree.

    Raises TemplateError for the first one that does not compile.
    """
    yield from _templates_in(value, 0)


def _templates_in(value: Any, depth: int) -> Iterator[tuple[str, Template]]:
    if isinstance(value, str):
        if "{{" in value:
            try:
                template = compile_template(value)
            except ExpressionError as error:
                raise TemplateError(error) from error
            yield "", template
        return
    if not isinstance(value, dict | list):
        return
    if depth >= MAX_DATA_DEPTH:
        raise TemplateError(ExpressionError(f"the value is nested deeper than {MAX_DATA_DEPTH} levels"))
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        token = f"/{escape_pointer(str(key))}"
        try:
            for pointer, template in _templates_in(item, depth + 1):
                yield token + pointer, template
        except TemplateError as error:
            error.inside(key)
            raise
