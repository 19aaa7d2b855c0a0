"""Renders a config, and tells where credentials belong in it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from gorax.core.credentials.segments import SecretReference, SecretSegment, SecretText
from gorax.core.expressions import CredentialReference, ExpressionError, Template, compile_template
from gorax.core.expressions.errors import escape_pointer

_Keys = tuple[str | int, ...]

Secrets = dict[str, list[SecretSegment]]
"""By JSON pointer into a step's config: the texts that an activity has to fill in."""


def render_with_secrets(
    authored: Mapping[str, Any], render: Callable[[Any], Any]
) -> tuple[dict[str, Any], Secrets]:
    """A config as it was authored, rendered by `render`, and its texts that name credentials.

    In the rendered config these still hold the references, as they were written. Raises what `render` raises.
    """
    found = list(_naming_credentials(authored))
    if not found:
        return dict(render(authored)), {}
    # All in one go, since what templates may cost is counted over the whole config. With a character before it,
    # a piece that is a single expression still gives text.
    apart: Any = authored
    for keys, template in found:
        pieces = [f" {piece}" if isinstance(piece, str) else None for piece in template.pieces]
        apart = _with(apart, keys, pieces)
    rendered = render(apart)
    secrets: Secrets = {}
    for keys, template in found:
        segments = _segments(template, _at(rendered, keys))
        secrets["".join(f"/{escape_pointer(str(key))}" for key in keys)] = segments
        rendered = _with(rendered, keys, _shown(template, segments))
    return dict(rendered), secrets


def _naming_credentials(authored: Mapping[str, Any]) -> Iterator[tuple[_Keys, Template]]:
    pending: list[tuple[_Keys, Any]] = [((), authored)]
    while pending:
        keys, value = pending.pop()
        if isinstance(value, str):
            if "{{" in value and "credentials" in value:
                template = _compiled(value)
                if template is not None and template.credentials:
                    yield keys, template
        elif isinstance(value, Mapping):
            pending.extend(((*keys, key), item) for key, item in value.items())
        elif isinstance(value, list):
            pending.extend(((*keys, index), item) for index, item in enumerate(value))


def _compiled(text: str) -> Template | None:
    try:
        return compile_template(text)
    except ExpressionError:
        return None  # rendering says so, and where


def _segments(template: Template, rendered: list[Any]) -> list[SecretSegment]:
    segments: list[SecretSegment] = []
    for piece, text in zip(template.pieces, rendered, strict=True):
        if isinstance(piece, CredentialReference):
            name, *field = piece.path
            segments.append(SecretReference(name=name, field=field[0] if field else None))
        else:
            segments.append(SecretText(text=text[1:]))
    return segments


def _shown(template: Template, segments: list[SecretSegment]) -> str:
    references = (piece.text for piece in template.pieces if isinstance(piece, CredentialReference))
    return "".join(
        segment.text if isinstance(segment, SecretText) else next(references) for segment in segments
    )


def _at(tree: Any, keys: _Keys) -> Any:
    for key in keys:
        tree = tree[key]
    return tree


def _with(tree: Any, keys: _Keys, value: Any) -> Any:
    """The tree with another value in one place; it shares all else with the one before."""
    if not keys:
        return value
    copy: Any = list(tree) if isinstance(tree, list) else dict(tree)
    copy[keys[0]] = _with(tree[keys[0]], keys[1:], value)
    return copy
