"""The forms in which diagrams are had."""

from typing import Literal

DiagramForm = Literal["mermaid", "svg"]


def media_type(form: DiagramForm) -> str:
    """What to ask for."""
    return {"mermaid": "text/vnd.mermaid", "svg": "image/svg+xml"}[form]
