"""The expressions and templates of a definition, compiled, each with its place."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gorax.core.actions.declaration import ActionType, EffectAction
from gorax.core.definition.bounds import MAX_TOKENS, tokens_in, tokens_of
from gorax.core.definition.model import Definition
from gorax.core.definition.outline import ActionNode, Outline, Place
from gorax.core.definition.problems import Findings, InvalidDefinition, Problem, join
from gorax.core.definition.shape import parts, shape_of
from gorax.core.expressions import (
    Expression,
    ExpressionError,
    Template,
    TemplateError,
    compile_expression,
    templates_in,
)


@dataclass(frozen=True, slots=True)
class Text:
    """One expression or template."""

    pointer: str
    place: Place
    compiled: Expression | Template
    with_credentials: bool = False
    """It stands in the config of an action that connects to something, whose activity resolves credentials."""

    @property
    def credentials(self) -> frozenset[tuple[str, ...]]:
        """The credentials that it names."""
        return self.compiled.credentials if isinstance(self.compiled, Template) else frozenset()

    @property
    def source(self) -> str:
        """As it was authored."""
        return self.compiled.text if isinstance(self.compiled, Template) else self.compiled.source

    def column(self, path: tuple[str, ...]) -> int:
        """About where it reads a path, from 1."""
        source = self.source
        start = max(source.find("{{"), 0)
        for length in range(len(path), 0, -1):
            if (found := source.find(".".join(path[:length]), start)) >= 0:
                return found + 1
        return start + 1


def texts_in(outline: Outline, definition: Definition, findings: Findings) -> Iterator[Text]:
    """Every expression and template of a definition. Those that do not compile go to `findings`.

    Raises `InvalidDefinition` when they are too much to compile.
    """
    return _Compilation(findings).texts(outline, definition)


class _Compilation:
    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._tokens = 0

    def texts(self, outline: Outline, definition: Definition) -> Iterator[Text]:
        for node in outline:
            if node.action.when is not None:
                yield from self._expression(join(node.pointer, "when"), node.action.when, node.place)
            if node.type is not None:
                yield from self._config(node, node.type, _connects(node.type))
        yield from self._templates("/output", definition.output, outline.end, False)

    def _config(self, node: ActionNode, action_type: ActionType[Any], connects: bool) -> Iterator[Text]:
        for part in parts(shape_of(action_type.config), node.action.config, join(node.pointer, "config")):
            place = node.place_of(part.leaf.scope)
            if part.leaf.kind == "template":
                yield from self._templates(part.pointer, part.value, place, connects)
            elif part.leaf.kind == "expression" and isinstance(part.value, str):
                yield from self._expression(part.pointer, part.value, place)

    def _expression(self, pointer: str, source: str, place: Place) -> Iterator[Text]:
        self._count(tokens_of(source))
        try:
            yield Text(pointer, place, compile_expression(source))
        except ExpressionError as error:
            if source.lstrip().startswith("{{"):
                self._findings.add(pointer, "is an expression already: write it without {{ }}", 1)
            else:
                self._findings.add(pointer, error.message, error.column or None)

    def _templates(self, pointer: str, value: Any, place: Place, with_credentials: bool) -> Iterator[Text]:
        strings = list(_strings(value))
        self._count(sum(tokens_in(text) for _, text in strings))
        for inner, text in strings:
            try:
                for _, template in templates_in(text):
                    yield Text(pointer + inner, place, template, with_credentials)
            except TemplateError as error:
                self._findings.add(pointer + inner, error.message, error.column or None)

    def _count(self, tokens: int) -> None:
        self._tokens += tokens
        if self._tokens > MAX_TOKENS:
            message = f"must have at most {MAX_TOKENS:,} names, numbers and signs in all its expressions"
            raise InvalidDefinition([*self._findings.problems, Problem(pointer="", message=message)])


def _connects(action_type: ActionType[Any]) -> bool:
    # A program can turn a secret into anything, so no mask would find it in what the program gives.
    return isinstance(action_type, EffectAction) and action_type.traits.program is None


def _strings(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    # No deeper than `bounds.MAX_DEPTH`, which is looked at first.
    if isinstance(value, str):
        if "{{" in value:
            yield pointer, value
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _strings(item, join(pointer, key))
