"""Definitions of the original product's visual builder: nodes and edges, compiled into actions."""

from gorax.core.builder.compiler import (
    CompiledBuilder,
    compile_builder,
    compile_with_sources,
    is_builder_definition,
    parse_builder,
)
from gorax.core.builder.reading import MAX_EDGES, MAX_NODE_ID, MAX_NODES

__all__ = [
    "MAX_EDGES",
    "MAX_NODES",
    "MAX_NODE_ID",
    "CompiledBuilder",
    "compile_builder",
    "compile_with_sources",
    "is_builder_definition",
    "parse_builder",
]
