"""Where the steps inside an action stand."""

from gorax.core.definition.outline import ListNode


def inside(path: str, listed: ListNode) -> str:
    """What the paths of a list's actions start with; of one that runs repeatedly, the first time."""
    return f"{path}[0]." if listed.mark and listed.mark.runs == "repeatedly" else f"{path}."
