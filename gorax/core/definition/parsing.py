"""Accepting a definition: everything that can be known before it runs."""

from pydantic import ValidationError

from gorax.core.actions.catalogue import Catalogue
from gorax.core.definition.bounds import MAX_PART_BYTES, check_json, check_size
from gorax.core.definition.config import config_problems
from gorax.core.definition.model import Definition
from gorax.core.definition.names import variables_of
from gorax.core.definition.naming import check_names
from gorax.core.definition.outline import Outline
from gorax.core.definition.outlining import outline_of
from gorax.core.definition.problems import Findings, join
from gorax.core.definition.reads import ReadCheck
from gorax.core.definition.texts import texts_in
from gorax.core.definition.validation import problems_of
from gorax.core.json_schema import SchemaError, compile_schema


def parse_definition(raw: object, catalogue: Catalogue) -> Definition:
    """The definition, checked whole: frame, bounds, configs, order, every expression and all that they read.

    Raises `InvalidDefinition` with the first problems; it takes well under a second whatever `raw` holds.
    """
    check_json(raw)
    findings = Findings()
    definition = _frame(raw, findings)
    check_size("/variables", definition.variables, MAX_PART_BYTES)
    _check_schema(definition, findings)
    outline = outline_of(definition, catalogue, findings)
    _check_configs(outline, findings)
    check_names(outline, findings)
    variables = variables_of(definition, outline, catalogue)
    reads = ReadCheck(outline, definition, variables, findings)
    stands = not findings.problems
    for text in texts_in(outline, definition, findings):
        # What is read can only be judged where the tree stands.
        if stands:
            reads.check(text)
    findings.settle()
    return definition


def _frame(raw: object, findings: Findings) -> Definition:
    try:
        return Definition.model_validate(raw)
    except ValidationError as error:
        for _, problem in problems_of(error, raw, Definition):
            findings.add(problem.pointer, problem.message)
        findings.settle()
        raise


def _check_schema(definition: Definition, findings: Findings) -> None:
    if definition.input_schema is None:
        return
    check_size("/input_schema", definition.input_schema, MAX_PART_BYTES)
    try:
        compile_schema(definition.input_schema)
    except SchemaError as error:
        findings.add(f"/input_schema{error.pointer}", error.message)


def _check_configs(outline: Outline, findings: Findings) -> None:
    for node in outline:
        if node.type:
            for problem in config_problems(node.type, node.action.config):
                findings.add(join(node.pointer, "config") + problem.pointer, problem.message)
