"""The steps of one history in the order in which they began, with those that hold others and have told nothing yet."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from gorax.engine.history.folded import Trace
from gorax.engine.history.outline import Outline
from gorax.engine.history.paths import holders_of, is_inside


def arranged(traces: Mapping[str, Trace], outline: Outline, loop: str | None) -> list[Trace]:
    """The steps in order. Of a batch's history, `loop` is the path of the loop, and only what is inside it counts."""
    found = {path: trace for path, trace in traces.items() if loop is None or is_inside(path, loop)}
    for trace in list(found.values()):
        if trace.number is None:
            trace.type = outline.type_of(trace.path) or trace.type
        for path in holders_of(trace.path):
            if loop is not None and not is_inside(path, loop):
                break
            holder = found.get(path)
            if holder is None:
                kind = outline.type_of(path)
                if kind is None:
                    continue
                holder = found[path] = Trace(path=path, type=kind)
            if holder.number is None:
                holder.started_at = min(filter(None, (holder.started_at, trace.started_at)), default=None)
    return sorted(found.values(), key=_order(found.values()))


def _order(traces: Collection[Trace]) -> Callable[[Trace], tuple[int, int, int]]:
    """The key to sort by. A step without a number goes before the first that it holds; one that holds none goes
    after those that had begun before it."""
    numbered = [(trace.number, trace) for trace in traces if trace.number is not None]
    first_inside: dict[str, int] = {}
    if len(numbered) < len(traces):
        for number, trace in numbered:
            for path in holders_of(trace.path):
                first_inside[path] = min(number, first_inside.get(path, number))

    def before(moment: datetime | None) -> int:
        began = ((number, trace.started_at) for number, trace in numbered)
        return max((number for number, at in began if at and moment and at <= moment), default=0)

    def key(trace: Trace) -> tuple[int, int, int]:
        depth = trace.path.count(".")
        if trace.number is not None:
            return trace.number, 1, depth
        if trace.path in first_inside:
            return first_inside[trace.path], 0, depth
        return before(trace.started_at), 2, depth

    return key
