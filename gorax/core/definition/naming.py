"""The names that a config gives to what its actions see, such as a loop's item."""

from gorax.core.definition.names import HANDLER_ROOT, ROOTS
from gorax.core.definition.outline import Outline
from gorax.core.definition.problems import Findings, join, quoted
from gorax.core.definition.shape import name_fields
from gorax.core.expressions import ExpressionError, compile_expression

TAKEN = ROOTS | {HANDLER_ROOT, "credentials"}
"""Names that mean something everywhere."""


def check_names(outline: Outline, findings: Findings) -> None:
    """Note every name that cannot be one, hides what it must not, or is given twice by one action."""
    for node in outline:
        fields = name_fields(node.type.config) if node.type else ()
        given: dict[str, str] = {}
        for field in fields:
            name = node.name_of(field)
            pointer = join(node.pointer, "config", field)
            if message := _fault(name) or _repeated(given, name):
                findings.add(pointer, message)
            elif name is not None:
                given[name] = field


def _fault(name: str | None) -> str | None:
    if name is None:
        return None
    if "{{" in name:
        return "must be a name itself: what is read under it cannot come from data"
    if name in TAKEN:
        return f"{quoted(name)} has a meaning of its own: choose another name"
    if not _is_name(name):
        return f"{quoted(name)} cannot be read in expressions: choose another name"
    return None


def _repeated(given: dict[str, str], name: str | None) -> str | None:
    if name is None or name not in given:
        return None
    return f"{quoted(name)} is the name of the {given[name]} already: choose another name"


def _is_name(text: str) -> bool:
    try:
        return compile_expression(text).references == {(text,)}
    except ExpressionError:
        return False
