"""Short ways to write definitions."""

from typing import Any


def action(
    name: str, type_: str = "probe", config: dict[str, Any] | None = None, **rest: Any
) -> dict[str, Any]:
    """An action; of the tests' own type unless another is given."""
    return {"id": name, "type": type_, "config": config or {}, **rest}


def definition(*actions: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """A definition of these actions."""
    return {"actions": list(actions), **rest}
