"""Expr, the language of conditions and templates, and the templates themselves.

Pure and deterministic: what an expression gives depends on its source and its environment alone, and every
evaluation ends within a budget of steps and a few megabytes, whatever its author or its data intend.
"""

from .environment import Environment
from .errors import ExpressionError, TemplateError
from .expression import Expression, compile_expression
from .meter import DEFAULT_FUEL, Meter
from .template import CREDENTIAL, CredentialReference, Template, compile_template, render, templates_in

__all__ = [
    "CREDENTIAL",
    "DEFAULT_FUEL",
    "CredentialReference",
    "Environment",
    "Expression",
    "ExpressionError",
    "Meter",
    "Template",
    "TemplateError",
    "compile_expression",
    "compile_template",
    "render",
    "templates_in",
]
