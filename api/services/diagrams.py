"""Pictures of workflows and of executions."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from pydantic import ValidationError

from api.services.history import History
from gorax.core.actions.catalogue import Catalogue
from gorax.core.definition import load_definition
from gorax.core.diagram import Chart, Tally, chart_of
from gorax.core.errors import Conflict, Invalid, NotFound
from gorax.core.steering import action_form
from gorax.engine.runs import Runs
from gorax.store.session import Database
from gorax.store.tables import Execution
from gorax.store.workflows import Workflows

Draw = Callable[[Chart], str]
"""From a chart to a text: Mermaid's or SVG."""


class Diagrams:
    """Draws the diagrams of all tenants; every method takes the tenant it works for."""

    def __init__(self, database: Database, catalogue: Catalogue, history: History, runs: Runs) -> None:
        self._database = database
        self._catalogue = catalogue
        self._history = history
        self._runs = runs

    async def of_workflow(self, tenant_id: str, workflow_id: str, version: int | None, draw: Draw) -> str:
        """The workflow as it is now, or as a version left it. Raises `NotFound`, `Conflict`."""
        async with self._database.session(tenant_id) as session:
            workflows = Workflows(session, tenant_id)
            saved = (
                await workflows.get(workflow_id)
                if version is None
                else await workflows.version(workflow_id, version)
            )
        if saved is None:
            raise NotFound("workflow not found" if version is None else "version not found")
        return await asyncio.to_thread(self._drawn, draw, saved.definition, _title(saved.name, saved.version))

    async def of_execution(self, row: Execution, draw: Draw) -> str:
        """The version that ran, with what became of each action.

        Raises `NotFound`, `Conflict`, and `Unavailable` when Temporal does not answer.
        """
        async with self._database.session(row.tenant_id) as session:
            definition = await Workflows(session, row.tenant_id).definition(row.workflow_id, row.version)
        if definition is None:
            raise NotFound("the version that it ran is not there")
        # The status first: a picture may show a step more than the status says, never an end without its steps.
        execution = await self._history.execution(row)
        tallies = await self._runs.tallies(row.tenant_id, row.id)
        title = _title(row.workflow_name, row.version)
        drawn = partial(self._drawn, draw, definition, title, tallies=tallies, status=execution.status)
        return await asyncio.to_thread(drawn)

    def _drawn(
        self,
        draw: Draw,
        authored: dict[str, Any],
        title: str,
        tallies: Mapping[str, Tally] | None = None,
        status: str | None = None,
    ) -> str:
        try:
            definition = load_definition(action_form(authored))
            chart = chart_of(definition, self._catalogue, title=title, tallies=tallies, status=status)
        except (Invalid, ValidationError) as error:
            raise Conflict("the definition was saved under other rules, and cannot be drawn") from error
        return draw(chart)


def _title(name: str, version: int) -> str:
    return f"{name} · version {version}"
