"""Walking a definition as the interpreter would, without any effect."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from gorax.core.actions.declaration import StopExecution
from gorax.core.definition import Action, Problem
from gorax.core.definition.outline import ActionNode, ListNode, Outline
from gorax.core.dry_run.failure import Failed
from gorax.core.dry_run.knowledge import Knowledge
from gorax.core.dry_run.paths import inside
from gorax.core.dry_run.result import DryRunStep
from gorax.core.dry_run.step import StepWalk
from gorax.core.graph import Plan


class Simulation:
    """One dry run under way."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self._recorded: set[str] = set()
        self.steps: list[DryRunStep] = []
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    def run_list(
        self, actions: Sequence[Action], scope: Knowledge, parent: str = "", supposed: str | None = None
    ) -> Any:
        """Walk a list; the output of its last action that ran, as far as it is known.

        `supposed` says why it is not known whether the list runs at all. Raises `Failed` and `StopExecution`
        where the execution would end, after noting what is then not reached.
        """
        plan = Plan.of(actions)
        waiting = {action_id: self.outline.by_id[action_id] for action_id in plan.order}
        skipped: set[str] = set()
        output: Any = None
        clock = scope.clock
        begun = clock.now
        ended: dict[str, datetime] = {}
        for action_id in plan.order:
            needs = plan.dependencies(action_id)
            # What waits for nothing else runs beside the others.
            clock.now = max((ended[need] for need in needs), default=begun)
            walk = StepWalk(self, waiting.pop(action_id), scope, parent, supposed)
            if plan.explicit(action_id) and needs and skipped.issuperset(needs):
                walk.skip("all that it depends on were skipped")
                skipped.add(action_id)
                ended[action_id] = clock.now
                continue
            try:
                if walk.run():
                    output = walk.output
                else:
                    skipped.add(action_id)
            except (Failed, StopExecution) as end:
                what = "failed" if isinstance(end, Failed) else "ends the execution"
                for node in waiting.values():
                    self.pass_over(node, parent, f"not reached: '{action_id}' {what}")
                raise
            ended[action_id] = clock.now
        clock.now = max(ended.values(), default=begun)
        return output

    def open(self, node: ActionNode, path: str) -> DryRunStep:
        """The record of an action, in its place before those inside it."""
        self._recorded.add(path)
        step = DryRunStep(action_id=node.action.id, type=node.action.type, path=path, result="unknown")
        self.steps.append(step)
        return step

    def pass_over(self, node: ActionNode, parent: str, message: str) -> None:
        """Note an action that does not run, and all inside it."""
        step = self.open(node, f"{parent}{node.action.id}")
        step.result, step.message = "skipped", message
        for inner in node.lists:
            self.pass_over_list(inner, inside(step.path, inner), message)

    def pass_over_list(self, listed: ListNode, parent: str, message: str) -> None:
        """Note the actions of a list that does not run, except those that did."""
        for node in self.unseen(listed, parent):
            self.pass_over(node, parent, message)

    def unseen(self, listed: ListNode, parent: str) -> list[ActionNode]:
        """The actions of a list of which nothing was noted yet."""
        return [node for node in listed.nodes if f"{parent}{node.action.id}" not in self._recorded]
