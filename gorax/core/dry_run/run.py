"""One dry run from its start to its end."""

import math
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from gorax.core.actions.catalogue import Catalogue
from gorax.core.actions.declaration import StopExecution
from gorax.core.definition import Definition, Problem, warnings_of
from gorax.core.definition.inputs import input_problems
from gorax.core.definition.names import FIELDS, TRIGGER_FIELDS
from gorax.core.definition.outlining import outline_of
from gorax.core.definition.problems import Findings
from gorax.core.dry_run.failure import Failed
from gorax.core.dry_run.knowledge import Allowance, Clock, DefectError, Knowledge, Part, Unknown
from gorax.core.dry_run.result import DryRun
from gorax.core.dry_run.simulation import Simulation
from gorax.core.errors import ErrorInfo
from gorax.core.times import rfc3339

MAX_TOLD = 50
"""Warnings, and errors, that are told."""


def dry_run(
    definition: Definition,
    catalogue: Catalogue,
    test_data: Any,
    *,
    context: Mapping[str, Any],
    now: datetime | None = None,
) -> DryRun:
    """Walk a definition that `parse_definition` accepted, with `test_data` as the trigger's body.

    Actions without effects run; of the others, the input is rendered as far as it is known. `context` holds
    what is known of `env`; `now` is when the run would start. It takes two seconds of CPU at the most: what
    is left then is told as `unknown`.

    Raises `InvalidDefinition` when the definition does not stand with this catalogue.
    """
    started = time.perf_counter()
    findings = Findings()
    outline = outline_of(definition, catalogue, findings)
    findings.settle()
    simulation = Simulation(outline)
    scope = _scope(definition, test_data, context, now or datetime.now(UTC))
    for problem in input_problems(definition, test_data):
        message = f"test_data{problem.pointer}: {problem.message}"
        simulation.errors.append(Problem(pointer="/input_schema", message=message))
    output = _walk(definition, simulation, scope)
    return DryRun(
        valid=not simulation.errors,
        steps=simulation.steps,
        output=output,
        warnings=[*warnings_of(definition, catalogue), *simulation.warnings][:MAX_TOLD],
        errors=simulation.errors[:MAX_TOLD],
        execution_time_ms=math.ceil((time.perf_counter() - started) * 1000),
    )


def _walk(definition: Definition, simulation: Simulation, scope: Knowledge) -> Any:
    handler = definition.on_failure
    output: Any = None
    error: ErrorInfo | None = None
    try:
        output = simulation.run_list(definition.actions, scope)
        if definition.output is not None:
            output = scope.render([], "/output", definition.output)
    except StopExecution as stop:
        output = stop.output
    except DefectError as defect:
        problem = Problem(pointer=defect.pointer, message=defect.message, column=defect.column)
        simulation.errors.append(problem)
        error = defect.info("output", 1)
    except Unknown:
        output = definition.output
    except Failed as failed:
        error = failed.error
        if failed.problem:
            simulation.errors.append(failed.problem)
    if handler and error and "failed" in handler.on:
        _handle(definition, simulation, scope, error)
    if not_run := simulation.outline.on_failure:
        ends = " or ".join(handler.on) if handler else ""
        simulation.pass_over_list(not_run, "on_failure.", f"runs only when the execution is {ends}")
    return output


def _handle(definition: Definition, simulation: Simulation, scope: Knowledge, error: ErrorInfo) -> None:
    assert definition.on_failure
    inner = scope.with_names({"error": error.model_dump(mode="json")})
    try:
        simulation.run_list(definition.on_failure.actions, inner, "on_failure.")
    except Failed as failed:
        # As in a real run, it changes nothing about how the execution ended.
        if failed.problem:
            simulation.warnings.append(failed.problem)
    except StopExecution:
        return


def _scope(definition: Definition, test_data: Any, context: Mapping[str, Any], now: datetime) -> Knowledge:
    trigger = {"type": definition.trigger.type, "body": test_data}
    env = {
        "execution_id": "dry-run",
        "trigger_type": definition.trigger.type,
        "started_at": rfc3339(now),
        **context,
    }
    return Knowledge(
        parts={
            "trigger": Part(trigger, set(TRIGGER_FIELDS[definition.trigger.type] - trigger.keys())),
            "steps": Part({}),
            "vars": Part(dict(definition.variables)),
            "env": Part(env, set(FIELDS["env"] - env.keys())),
        },
        clock=Clock(now),
        allowance=Allowance(),
    )
