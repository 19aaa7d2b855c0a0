"""Definitions and executions as pictures: one chart, drawn as Mermaid text or as SVG."""

from gorax.core.diagram.chart import Chart, Tally
from gorax.core.diagram.charting import MAX_EDGES, chart_of
from gorax.core.diagram.mermaid import mermaid
from gorax.core.diagram.svg import svg

__all__ = ["MAX_EDGES", "Chart", "Tally", "chart_of", "mermaid", "svg"]
