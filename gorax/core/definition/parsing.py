"""Accepting a definition: everything that can be known before it runs."""

from typing import Any

from pydantic import ValidationError

from gorax.core.actions.catalogue import Catalogue
from gorax.core.definition.bounds import MAX_PART_BYTES, check_json, check_size
from gorax.core.definition.config import config_problems
from gorax.core.definition.model import Definition
from gorax.core.definition.names import variables_of
from gorax.core.definition.naming import check_names
from gorax.core.definition.outline import Outline
from gorax.core.definition.outlining import outline_of
from gorax.core.definition.problems import Findings, InvalidDefinition, join
from gorax.core.definition.reads import ReadCheck
from gorax.core.definition.repair import readable
from gorax.core.definition.standing import standing_of
from gorax.core.definition.texts import texts_in
from gorax.core.json_schema import SchemaError, compile_schema


def parse_definition(raw: object, catalogue: Catalogue) -> Definition:
    """The definition, checked whole: frame, bounds, configs, order, every expression and all that they read.

    Raises `InvalidDefinition` with all problems, as far as one does not hide another; it takes well under a second
    whatever `raw` holds.
    """
    check_json(raw)
    findings = Findings()
    definition = _frame(raw, findings)
    _check_size("/variables", definition.variables, findings)
    _check_schema(definition, findings)
    outline = outline_of(definition, catalogue, findings)
    _check_configs(outline, findings)
    check_names(outline, findings)
    standing = standing_of(raw, outline, findings)
    reads = ReadCheck(outline, definition, variables_of(definition, outline, catalogue), standing, findings)
    for text in texts_in(outline, definition, findings):
        reads.check(text)
    findings.settle()
    return definition


def _frame(raw: object, findings: Findings) -> Definition:
    try:
        return readable(raw, Definition.model_validate, Definition, "", findings)
    except ValidationError:
        findings.settle()
        raise


def _check_size(pointer: str, value: Any, findings: Findings) -> None:
    try:
        check_size(pointer, value, MAX_PART_BYTES)
    except InvalidDefinition as refused:
        for problem in refused.problems:
            findings.add(problem.pointer, problem.message)


def _check_schema(definition: Definition, findings: Findings) -> None:
    if definition.input_schema is None:
        return
    _check_size("/input_schema", definition.input_schema, findings)
    try:
        compile_schema(definition.input_schema)
    except SchemaError as error:
        findings.add(f"/input_schema{error.pointer}", error.message)


def _check_configs(outline: Outline, findings: Findings) -> None:
    for node in outline:
        if node.type:
            for problem in config_problems(node.type, node.action.config):
                findings.add(join(node.pointer, "config") + problem.pointer, problem.message)
