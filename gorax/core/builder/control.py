"""Configs of the nodes that steer, and of those that only compute."""

from typing import Any

from gorax.core.builder.drafts import Action, Draft, Task, value_as_expression
from gorax.core.builder.fields import Fields
from gorax.core.builder.paths import literal
from gorax.core.definition.problems import join, quoted

DEFAULT_ITERATIONS = 1_000
"""Of a loop that says nothing, as in the original."""

_ON_ERROR = {"stop": "stop", "continue": "continue"}
_WAIT = {"all": "all", "first": "first"}
_FAILURE = {"stop_all": "fail_fast", "continue": "continue"}
_STRATEGY = {"fail_fast": "fail_fast", "wait_all": "wait_all"}
_OPERATORS = {
    "equals": "==",
    "==": "==",
    "not_equals": "!=",
    "!=": "!=",
    "greater_than": ">",
    ">": ">",
    "less_than": "<",
    "<": "<",
    "greater_or_equal": ">=",
    ">=": ">=",
    "less_or_equal": "<=",
    "<=": "<=",
    "contains": "contains",
    "starts_with": "startsWith",
    "ends_with": "endsWith",
}
_OF_TEXT = frozenset({"contains", "startsWith", "endsWith"})


def if_(task: Task) -> Draft:
    """A condition; `stop_on_true` and `stop_on_false` end the execution in a branch."""
    config: dict[str, Any] = {"condition": _expression(task, "condition")}
    for port, name in (("true", "then"), ("false", "else")):
        actions = task.branches.get(port, [])
        if task.fields.flag(f"stop_on_{port}"):
            if actions:
                message = f"nothing can run on the {port} branch, where the workflow stops"
                task.fields.refuse(message, f"stop_on_{port}")
            actions = [{"id": task.new_id(f"{task.action_id}_stop"), "type": "stop"}]
        if actions or name == "then":
            config[name] = actions
    return Draft("if", config)


def loop(task: Task) -> Draft:
    """A loop over a list or an object, one item after the other."""
    fields = task.fields
    item, index, key = loop_names(fields)
    source = _expression(task, "source", "items")
    # In the order of the keys, as the original goes through an object.
    items = f"sortBy(toPairs({source}), #[0])" if key else source
    config: dict[str, Any] = {"items": items, "item": item, "index": index}
    config["actions"] = task.branches.get("body", [])
    config["max_iterations"] = fields.number("max_iterations") or DEFAULT_ITERATIONS
    if on_error := fields.word(_ON_ERROR, "on_error"):
        config["on_error"] = on_error
    if conditions := fields.listed("break_conditions"):
        at = fields.at("break_conditions")
        broken = [_break(task, condition, join(at, number)) for number, condition in enumerate(conditions)]
        config["break_when"] = " || ".join(f"({condition})" for condition in broken)
    return Draft("for_each", config)


def loop_names(fields: Fields) -> tuple[str, str, str | None]:
    """What a loop calls the item, its index and, where it is meant for objects, its key."""
    item, index = fields.text("item_variable", "variable"), fields.text("index_variable")
    return item or "item", index or "index", fields.text("key_variable")


def _break(task: Task, condition: Any, pointer: str) -> str:
    if isinstance(condition, str):
        return task.inside.expression(condition, pointer)
    raw = condition if isinstance(condition, dict) else {}
    if isinstance(source := raw.get("condition"), str) and source:
        return task.inside.expression(source, join(pointer, "condition"))
    operator, field, value = raw.get("operator"), raw.get("field"), raw.get("value")
    if not isinstance(operator, str) or operator not in _OPERATORS or not isinstance(field, str):
        task.fields.refuse(
            f"must have a condition, or field and operator ({', '.join(_OPERATORS)})", "break_conditions"
        )
        return "false"
    sign = _OPERATORS[operator]
    if sign in _OF_TEXT and not isinstance(value, str):
        value = literal(value)
    return f"{task.inside.expression(field, join(pointer, 'field'))} {sign} {value_constant(value)}"


def value_constant(value: Any) -> str:
    """Plain JSON as an expression, without looking for paths in it."""
    if isinstance(value, list):
        return f"[{', '.join(map(value_constant, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {value_constant(item)}' for key, item in value.items())}}}"
    return literal(value)


def parallel(task: Task) -> Draft:
    """Branches beside each other. Where none of them is its own, what follows runs beside each other anyway."""
    fields = task.fields
    branches = [{"name": name, "actions": actions} for name, actions in task.branches.items() if actions]
    wait = fields.word(_WAIT, "wait_mode")
    if not branches:
        if wait == "first":
            fields.refuse(
                "waits for the first of no branches: other nodes lead into all of them", "wait_mode"
            )
        return _nothing()
    draft = Draft("parallel", {"branches": branches})
    if wait:
        draft.config["wait"] = wait
    mode = fields.word(_FAILURE, "failure_mode")
    strategy = fields.word(_STRATEGY, "error_strategy")
    if mode is None and strategy == "wait_all" and fields.get("branches"):
        # With named branches the original takes the one word for the other.
        mode = "continue"
    if mode == "continue":
        draft.config["on_error"] = "wait_all"
        draft.rest["on_error"] = "continue"
    elif mode or strategy:
        draft.config["on_error"] = mode or strategy
    if most := fields.number("max_concurrency"):
        draft.config["max_concurrency"] = most
    if (timeout := fields.get("timeout")) is not None:
        draft.rest["timeout"] = timeout
    return draft


def join_(task: Task) -> Draft:
    """The place where branches meet: a step that says so, and nothing else."""
    return Draft("transform", {"expression": f'{{"completed_branches": {task.predecessors}}}'})


def _nothing() -> Draft:
    return Draft("transform", {"expression": "nil"})


def try_(task: Task) -> Draft:
    """Actions, what runs when one fails, and what runs in any case."""
    if task.fields.get("retry_config") is not None:
        message = "a try cannot be tried again as a whole: give its nodes a retry node each"
        task.fields.refuse(message, "retry_config")
    config: dict[str, Any] = {"actions": task.branches.get("try", [])}
    if caught := task.branches.get("catch"):
        config["catch"] = [{"actions": caught}]
    if finally_ := task.branches.get("finally"):
        config["finally"] = finally_
    return Draft("try", config)


def delay(task: Task) -> Draft:
    """A pause."""
    duration = task.text("duration")
    if duration is None:
        task.fields.refuse("duration is required", "duration")
    return Draft("delay", {"duration": duration})


def formula(task: Task) -> Draft:
    """An expression."""
    return Draft("formula", {"expression": _expression(task, "expression")})


def transform(task: Task) -> Draft:
    """One value, or one under each name. A path that leads nowhere gives null, as in the original."""
    fields = task.fields
    config: dict[str, Any] = {}
    if mapping := fields.mapping("mapping"):
        at = fields.at("mapping")
        config["mapping"] = {
            key: value_as_expression(task.rewrite, value, join(at, key)) for key, value in mapping.items()
        }
    else:
        config["expression"] = _expression(task, "expression")
    if (default := fields.get("default")) is not None:
        config["default"] = default
    return Draft("transform", config)


def _expression(task: Task, *names: str) -> str:
    value, at = task.fields.get(*names), task.fields.at(*names)
    if value is None:
        task.fields.refuse(f"{names[0]} is required", *names)
        return "nil"
    if not isinstance(value, str):
        return value_constant(value)
    return task.rewrite.expression(value, at)


def wait_for_some(fields: Fields, branches: int, fork: Action) -> None:
    """What a join says about the branches that it waits for, said of the fork that has them."""
    if fields.word({"wait_all": "all", "wait_n": "n"}, "join_strategy") == "n":
        count = fields.number("required_count") or 0
        if not 1 <= count <= branches or count != int(count):
            message = f"must be 1 to {branches}, the branches that lead here, not {quoted(count)}"
            fields.refuse(message, "required_count")
        fork["config"]["wait"] = int(count)
    if milliseconds := fields.number("timeout_ms"):
        if fields.get("on_timeout") == "continue":
            message = "going on without the branches that are late has no counterpart"
            fields.refuse(message, "on_timeout")
        fork["timeout"] = f"{milliseconds}ms"
