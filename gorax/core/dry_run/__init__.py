"""What would happen if a workflow were started: a walk through its definition without any effect."""

from gorax.core.dry_run.result import DryRun, DryRunStep
from gorax.core.dry_run.run import dry_run

__all__ = ["DryRun", "DryRunStep", "dry_run"]
