"""`sql`: one statement on a PostgreSQL database."""

from typing import Any

from activities.outside import Outside
from activities.sql.config import SqlConfig
from activities.sql.query import run_query
from activities.sql.target import target_of
from gorax.core.actions.declaration import EffectAction, EffectCall, EffectTraits

MAX_BYTES = 16_000_000
"""Of the rows, as JSON: all of them are in the worker's memory."""


async def run(config: SqlConfig, call: EffectCall) -> Any:
    """`{rows, row_count, columns, truncated}`: rows as objects by column; without rows, how many were changed.

    Raises `StepError`: type `sql` with the database's `sqlstate` in the details.
    """
    target = target_of(await call.credential(config.credential))
    seconds = min(config.timeout or call.timeout, call.timeout)
    return await run_query(config, target, call.resource(Outside).egress, seconds, MAX_BYTES)


ACTION = EffectAction(
    name="sql",
    aliases=("postgres", "postgresql", "database_query"),
    config=SqlConfig,
    summary="Run a statement on a PostgreSQL database",
    example={
        "credential": "orders_db",
        "query": "SELECT id, total FROM orders WHERE customer = %(customer)s ORDER BY id",
        "params": {"customer": "{{trigger.body.customer}}"},
    },
    run=run,
    traits=EffectTraits(timeout=30, max_attempts=3, mode="durable"),
)
