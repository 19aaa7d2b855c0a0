"""The schedule that is the trigger of a definition: made, changed and deleted in the transaction that saves it."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import ValidationError
from sqlalchemy.ext.asyncio import AsyncSession

from api.schemas.schedule_settings import ScheduleSettings, columns_of
from api.services.definitions import Checked
from gorax.core import ids
from gorax.core.definition import InvalidDefinition, Problem
from gorax.core.definition.validation import problems_of
from gorax.core.schedules import KINDS, SPENT
from gorax.store.schedules import Schedules
from gorax.store.tables import Workflow

POINTER = "/trigger/config"
CRON = "cron"
"""What a definition calls `cron_expression`; it may also use that name."""
TIMES = (CRON, *KINDS)


@dataclass(frozen=True)
class ScheduleTrigger:
    """A definition's schedule."""

    settings: ScheduleSettings
    checked: Checked

    def problem(self, problem: Problem) -> InvalidDefinition:
        """What is wrong at a pointer into the settings, said of what was authored."""
        return InvalidDefinition([self.checked.authored(_placed(problem, self.checked))])


def schedule_trigger(checked: Checked) -> ScheduleTrigger | None:
    """The definition's schedule; None when its trigger is no schedule, or has no times yet.

    Raises `InvalidDefinition` that points into what was authored.
    """
    trigger = checked.definition.trigger
    config = trigger.config
    if trigger.type != "schedule" or not any(config.get(name) is not None for name in TIMES):
        return None
    if CRON in config and "cron_expression" in config:
        both = Problem(pointer=f"{POINTER}/{CRON}", message="says the same as cron_expression: leave one out")
        raise InvalidDefinition([checked.authored(both)])
    given = {"cron_expression" if name == CRON else name: value for name, value in config.items()}
    try:
        return ScheduleTrigger(ScheduleSettings.model_validate(given), checked)
    except ValidationError as error:
        raise InvalidDefinition(
            [
                checked.authored(_placed(problem, checked))
                for _, problem in problems_of(error, given, ScheduleSettings)
            ]
        ) from None


def _placed(problem: Problem, checked: Checked) -> Problem:
    pointer = problem.pointer
    if CRON in checked.definition.trigger.config and pointer == "/cron_expression":
        pointer = f"/{CRON}"
    return problem.model_copy(update={"pointer": f"{POINTER}{pointer}"})


async def save_trigger(
    session: AsyncSession, workflow: Workflow, trigger: ScheduleTrigger | None, *, by: str
) -> None:
    """Have the workflow's trigger be this schedule, or none. Whether it is enabled stays as somebody has set it.

    Raises `InvalidDefinition` for new times that are all over. Old ones stay: what ran once can still be changed.
    """
    schedules, due = Schedules(session, workflow.tenant_id), datetime.now(UTC)
    row = await schedules.of_definition(workflow.id)
    if trigger is None:
        if row is not None:
            await schedules.delete(row, by=by, due=due)
        return
    settings = trigger.settings
    columns = columns_of(settings)
    if row is None or columns["timing"] != row.timing:
        await _check_to_come(trigger, due)
    if row is None:
        await schedules.create(
            id=ids.new_id(ids.SCHEDULE),
            workflow_id=workflow.id,
            of_definition=True,
            values={**columns, "enabled": True},
            created_by=by,
            due=due,
        )
        return
    if settings.remaining_runs == row.runs_limit:
        del columns["remaining_runs"]  # it says how many there were to be, and some may have been since
    changed = {name: value for name, value in columns.items() if getattr(row, name) != value}
    if changed:
        await schedules.change(row, changed, by=by, due=due)


async def _check_to_come(trigger: ScheduleTrigger, now: datetime) -> None:
    if (field := await asyncio.to_thread(trigger.settings.spent, now)) is not None:
        raise trigger.problem(Problem(pointer=f"/{field}", message=SPENT))
