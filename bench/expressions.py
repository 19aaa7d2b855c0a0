"""What evaluating expressions costs: ``python -m bench.expressions``.

The context holds a 5 MB output, because none of these may depend on its size.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from time import perf_counter_ns
from typing import Any

from gorax.core.expressions import Environment, compile_expression, render

ROUNDS = 7
CALLS = 5_000

CONFIG = {
    "method": "POST",
    "url": "https://api.example.com/orders/{{steps.create.output.body.id}}",
    "headers": {
        "X-Tenant": "{{env.tenant_id}}",
        "X-Trace": "{{env.execution_id}}",
        "Authorization": "Bearer {{credentials.shop.token}}",
    },
    "body": {
        "id": "{{steps.create.output.body.id}}",
        "customer": "{{trigger.body.customer}}",
        "items": "{{trigger.body.items}}",
        "total": "{{steps.create.output.body.total}}",
        "note": "Order {{steps.create.output.body.id}} of {{trigger.body.customer.name}}",
        "large": "{{steps.large.output}}",
    },
}


def environment() -> Environment:
    """A context such as an execution of three steps has, with one output of 5 MB."""
    rows = [{"id": number, "name": f"row {number}", "tags": ["a", "b"]} for number in range(100_000)]
    names: dict[str, Any] = {
        "trigger": {"type": "manual", "body": {"customer": {"name": "Ann"}, "items": [1, 2, 3]}},
        "env": {"tenant_id": "acme", "execution_id": "exec_1"},
        "vars": {"limit": 1000},
        "steps": {
            "create": {"output": {"body": {"id": "o-1", "total": 1250.5, "state": "open"}}},
            "large": {"output": rows},
        },
    }
    return Environment(names, now=lambda: datetime(2026, 1, 1, tzinfo=UTC), uuid=lambda: "0" * 32)


def nanoseconds(call: Callable[[], object]) -> float:
    """Per call, the best of several rounds: the others measure the neighbours."""
    best = float("inf")
    for _ in range(ROUNDS):
        started = perf_counter_ns()
        for _ in range(CALLS):
            call()
        best = min(best, (perf_counter_ns() - started) / CALLS)
    return best


def main() -> None:
    env = environment()
    path = compile_expression("steps.create.output.body.total")
    large = compile_expression("steps.large.output")
    condition = compile_expression(
        "steps.create.output.body.total > vars.limit and steps.create.output.body.state == 'open'"
    )
    measured: list[tuple[str, int, Callable[[], object]]] = [
        ("path", 3_000, lambda: path.evaluate(env)),
        ("path to a 5 MB output", 3_000, lambda: large.evaluate(env)),
        ("condition", 6_000, lambda: condition.evaluate(env)),
        ("config of ten leaves", 40_000, lambda: render(CONFIG, env)),
    ]
    for name, target, call in measured:
        taken = nanoseconds(call)
        print(f"{name:24} {taken:9,.0f} ns   target {target:7,} ns   {'ok' if taken <= target else 'MISSED'}")


if __name__ == "__main__":
    main()
