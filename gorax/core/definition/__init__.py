"""The definition language: its models, and the checks that a definition passes before it is stored."""

from gorax.core.definition.advice import warnings_of
from gorax.core.definition.config import check_config
from gorax.core.definition.credentials import missing_credentials
from gorax.core.definition.inputs import input_problems
from gorax.core.definition.model import (
    Action,
    Definition,
    OnFailure,
    Retry,
    Trigger,
    load_actions,
    load_definition,
)
from gorax.core.definition.parsing import parse_definition
from gorax.core.definition.problems import InvalidDefinition, Problem
from gorax.core.definition.shape import address_fields, render_config, without_actions
from gorax.core.definition.walk import all_actions, config_actions

__all__ = [
    "Action",
    "Definition",
    "InvalidDefinition",
    "OnFailure",
    "Problem",
    "Retry",
    "Trigger",
    "address_fields",
    "all_actions",
    "check_config",
    "config_actions",
    "input_problems",
    "load_actions",
    "load_definition",
    "missing_credentials",
    "parse_definition",
    "render_config",
    "warnings_of",
    "without_actions",
]
