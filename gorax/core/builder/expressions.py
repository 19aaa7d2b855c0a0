"""Expressions and templates of the original, rewritten into ours."""

import re
from collections.abc import Iterator
from typing import Any

from gorax.core.builder.names import Names, Untranslatable
from gorax.core.builder.paths import Path, is_plain, literal, read_path, write_path
from gorax.core.definition.model import MAX_EXPRESSION
from gorax.core.definition.problems import Findings, join

# What is skipped as a whole on the way to the brace that closes a template: braces may stand in its strings.
_STRING = re.compile(r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`""", re.DOTALL)
_NUMBER = re.compile(r"\d[\w.]*(?<!\.)")
_MEMBER = re.compile(r"#?\.\s*[\w$]+|#\w*")
_DEFAULT = re.compile(r"""\|\|(?=\s*(?:["'`\d]|nil\b|null\b))""")
_WORDS = {"AND": "&&", "OR": "||", "NOT": "!", "===": "==", "!==": "!="}
_OPERATORS = re.compile(r"===|!==|=>|\|\|")
_JAVASCRIPT = "is JavaScript: use a code node, or what the expressions have, such as map(list, .name)"
_MAX_NESTED = 4
"""Templates inside each other."""
_SIMPLE = re.compile(r"[\w.$\[\]\"'?-]+")


class Rewriter:
    """Rewrites what stands in one node. What cannot be goes to the findings, and stays as it was."""

    def __init__(self, names: Names, findings: Findings) -> None:
        self.names = names
        self._findings = findings
        self._nested = 0

    def expression(self, source: str, pointer: str) -> str:
        """An expression, in which templates may stand as well: `${steps.a.b} == 'x'`."""
        return self._noted(source, pointer, self._unwrapped)

    def path(self, source: str, pointer: str) -> str | None:
        """A text that is one path, of which nothing need be there; None where it is none."""
        text = source.strip()
        path = (
            read_path(text, 0, plain=True, longest_id=self.names.all.longest_id) if is_plain(text) else None
        )
        # A single word is a text far more often than all that a step gave.
        if path is None or path.end < len(text) or (not path.parts and path.root != "trigger"):
            return None
        try:
            return self.names.resolve(path, optional=True)
        except Untranslatable as error:
            self._findings.add(pointer, str(error))
            return source

    def text(self, text: str, pointer: str) -> str:
        """A text with templates, as one with ours."""
        return self._noted(text, pointer, self._text)

    def text_as_expression(self, text: str, pointer: str) -> str | None:
        """A text with templates as an expression; None where there are none in it."""
        if "{{" not in text and "${" not in text:
            return None
        return self._noted(text, pointer, self._joined)

    def value(self, value: Any, pointer: str) -> Any:
        """Any JSON with its templates rewritten."""
        if isinstance(value, str):
            return self.text(value, pointer)
        if isinstance(value, list):
            return [self.value(item, join(pointer, index)) for index, item in enumerate(value)]
        if isinstance(value, dict):
            return {key: self.value(item, join(pointer, key)) for key, item in value.items()}
        return value

    def _noted(self, source: str, pointer: str, rewrite: Any) -> str:
        try:
            rewritten: str = rewrite(source)
        except Untranslatable as error:
            self._findings.add(pointer, str(error))
            return source
        return rewritten

    def _text(self, text: str) -> str:
        return "".join(_template(self._inner(piece)) if inside else piece for inside, piece in _pieces(text))

    def _joined(self, text: str) -> str:
        pieces = list(_pieces(text))
        if len(pieces) == 1:
            return self._inner(pieces[0][1])
        if any("=>" in piece for _, piece in pieces):
            raise Untranslatable(f"=> {_JAVASCRIPT}")
        parts = (_as_text(self._inner(piece)) if inside else literal(piece) for inside, piece in pieces)
        return " + ".join(parts)

    def _unwrapped(self, source: str) -> str:
        # An expression may stand in a template as a whole.
        text = source.strip()
        opening = _opening(text, 0)
        if opening and _closing(text, 2, opening) == len(text) - len(opening):
            return self._expression(text[2 : -len(opening)].strip())
        return self._expression(text)

    def _inner(self, source: str) -> str:
        """What stands between the braces of a template, where `||` gives a default as in JavaScript."""
        rewritten = self._expression(source.strip())
        operands = [operand.strip() for operand in source.split("||")]
        return (
            rewritten.replace("||", "??") if len(operands) > 1 and all(map(is_plain, operands)) else rewritten
        )

    def _expression(self, source: str) -> str:
        if len(source) > MAX_EXPRESSION:
            raise Untranslatable(f"must have at most {MAX_EXPRESSION:,} characters, not {len(source):,}")
        if self._nested >= _MAX_NESTED:
            raise Untranslatable(f"templates must not be nested deeper than {_MAX_NESTED}")
        self._nested += 1
        try:
            return self._rewritten(source)
        finally:
            self._nested -= 1

    def _rewritten(self, source: str) -> str:
        plain = is_plain(source.strip())
        written: list[str] = []
        position = 0
        while position < len(source):
            piece, position = self._next(source, position, plain, written)
            written.append(piece)
        return "".join(written)

    def _next(self, source: str, position: int, plain: bool, written: list[str]) -> tuple[str, int]:
        character = source[position]
        if character in "\"'`" and (string := _STRING.match(source, position)):
            return self._string(string[0]), string.end()
        if opening := _opening(source, position):
            end = _closing(source, position + 2, opening)
            inner = self._expression(source[position + 2 : end].strip())
            return (inner if _SIMPLE.fullmatch(inner) else f"({inner})"), end + len(opening)
        if match := _DEFAULT.match(source, position):
            return "??", match.end()
        if match := _OPERATORS.match(source, position):
            if match[0] == "=>":
                raise Untranslatable(f"=> {_JAVASCRIPT}")
            return _WORDS.get(match[0], match[0]), match.end()
        for pattern in (_NUMBER, _MEMBER):
            if match := pattern.match(source, position):
                return match[0], match.end()
        path = read_path(source, position, plain=plain, longest_id=self.names.all.longest_id)
        if path is None:
            return character, position + 1
        return self._path(source, position, path, "".join(written[-8:])), path.end

    def _path(self, source: str, start: int, path: Path, written: str) -> str:
        text = source[start : path.end]
        following = source[path.end :].lstrip()
        if path.parts and following.startswith("("):
            raise Untranslatable(f".{path.parts[-1].key}(…) {_JAVASCRIPT}")
        if not path.parts:
            if text in _WORDS:
                return _WORDS[text]
            is_key = following.startswith(":") and written.rstrip()[-1:] in ("{", ",")
            if is_key or following.startswith("("):
                return text
        if len(path.parts) > 1 and path.parts[-1].dotted and path.parts[-1].key == "length":
            shorter = Path(path.root, path.parts[:-1], path.end)
            return f"len({self._resolved(shorter, write_path(path.root, shorter.parts))})"
        return self._resolved(path, text)

    def _resolved(self, path: Path, text: str) -> str:
        resolved = self.names.resolve(path)
        return text if resolved is None else resolved

    def _string(self, text: str) -> str:
        # A reference in quotes, as in '{{trigger.body.kind}}' == 'a', is a text all the same.
        if "{{" not in text and "${" not in text:
            return text
        pieces = list(_pieces(text[1:-1]))
        if not any(inside for inside, _ in pieces):
            return text
        if len(pieces) == 1:
            return _as_text(self._inner(pieces[0][1]))
        return f"({self._joined(text[1:-1])})"


def _as_text(expression: str) -> str:
    """An expression as it stands in a text, where null is empty."""
    operand = expression if _SIMPLE.fullmatch(expression) else f"({expression})"
    return f'to_string({operand} ?? "")'


def _template(expression: str) -> str:
    return f"{{{{{expression}}}}}" if _SIMPLE.fullmatch(expression) else f"{{{{ {expression} }}}}"


def _pieces(text: str) -> Iterator[tuple[bool, str]]:
    """The text in pieces: whether each stands inside a template, and what it is without the braces."""
    start = position = 0
    while position < len(text):
        opening = _opening(text, position)
        if opening is None:
            position = _next_brace(text, position + 1)
            continue
        end = _closing(text, position + 2, opening)
        if position > start:
            yield False, text[start:position]
        yield True, text[position + 2 : end]
        start = position = end + len(opening)
    if start < len(text):
        yield False, text[start:]


def _next_brace(text: str, position: int) -> int:
    found = [place for place in (text.find("{{", position), text.find("${", position)) if place >= 0]
    return min(found, default=len(text))


def _opening(text: str, position: int) -> str | None:
    """What closes the template that opens here; `${{ x }}` is a dollar sign before one."""
    if text.startswith("{{", position):
        return "}}"
    if text.startswith("${", position) and not text.startswith("${{", position):
        return "}"
    return None


def _closing(text: str, position: int, closing: str) -> int:
    """Where the template ends that opened before `position`. Raises `Untranslatable` when it does not."""
    opened, depth = position - 2, 0
    while position < len(text):
        if not depth and text.startswith(closing, position):
            return position
        if string := _STRING.match(text, position):
            position = string.end()
            continue
        depth += {"{": 1, "}": -1}.get(text[position], 0)
        position += 1
    raise Untranslatable(f"{text[opened : opened + 2]} is opened and not closed")
