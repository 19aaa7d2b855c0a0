"""Composes a Temporal worker from the settings."""

import warnings
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import PollerBehaviorAutoscaling, UnsandboxedWorkflowRunner, Worker, WorkflowRunner
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions
from temporalio.workflow import SandboxImportNotificationPolicy

from activities.archive import Archiver
from activities.begin import Beginnings
from activities.credentials import StoredCredentials
from activities.handover import Handover
from activities.heartbeats import HEARTBEAT_SECONDS
from activities.journal import Books
from activities.purge import Purger
from activities.reconcile import Reconciler
from activities.resources import Resources
from activities.retention import Expirer
from activities.steps import Steps
from activities.sweep import Sweeper
from activities.twins import TwinKeeper
from activities.waits import Questions
from gorax.archive import RunArchive
from gorax.core.actions.catalogue import Catalogue
from gorax.core.steering import Steerings
from gorax.engine.bounds import bounds_of
from gorax.engine.runs import Runs
from gorax.engine.s3 import AT_WORK
from gorax.engine.schedules import TwinSchedules
from gorax.settings import Settings
from gorax.store.credential_values import CredentialValues
from gorax.store.session import Database
from gorax.vault import Vault
from worker.deployment import deployment_config
from worker.metering import Metering
from workflows.batch import LoopRun
from workflows.interpreter import Execution
from workflows.maintenance import maintenance

PASSED_THROUGH = ("gorax.core", "orjson", "re2", "jsonschema", "uuid_utils", "opentelemetry")
"""What workflow code shares with the process: our pure room and the pure libraries it stands on, and what the SDK's own
tracing does around it."""


def build_worker(
    client: Client,
    settings: Settings,
    *,
    database: Database,
    resources: Resources,
    catalogue: Catalogue,
    vault: Vault,
) -> Worker:
    """A worker, not yet running."""
    steps = Steps(catalogue, resources, StoredCredentials(CredentialValues(database, vault)))
    books = Books(database)
    beginnings = Beginnings(database, Steerings(catalogue), bounds_of(settings))
    questions = Questions(database)
    archive = RunArchive(database, settings, AT_WORK)
    archiver = Archiver(client, database, archive, settings.archive)
    expirer = Expirer(database, archive)
    reconciler = Reconciler(client, database, Runs(client, archive))
    sweeper = Sweeper(client, database)
    purger = Purger(
        database,
        timedelta(days=settings.webhooks.event_retention_days),
        entries_kept=timedelta(days=settings.audit.retention_days),
    )
    twins = TwinSchedules(client, settings.temporal.task_queue)
    twin_keeper = TwinKeeper(twins, database)
    limits = settings.worker
    return Worker(
        client,
        task_queue=settings.temporal.task_queue,
        workflows=all_workflows(builds=limits.build_id is not None),
        activities=[
            steps.run_step,
            steps.run_step_fast,
            books.journal,
            books.close_execution,
            beginnings.begin_execution,
            questions.open_wait,
            questions.close_wait,
            reconciler.reconcile_executions,
            sweeper.sweep_payloads,
            purger.purge_events,
            archiver.archive_runs,
            expirer.expire_executions,
            twin_keeper.compare_schedules,
        ],
        interceptors=[Metering(catalogue), Handover(client.data_converter)],
        workflow_runner=workflow_runner(sandboxed=limits.sandbox),
        max_cached_workflows=limits.max_cached_workflows,
        max_concurrent_workflow_tasks=limits.max_workflow_tasks,
        max_concurrent_activities=limits.max_activities,
        max_concurrent_local_activities=limits.max_local_activities,
        workflow_task_poller_behavior=PollerBehaviorAutoscaling(),
        activity_task_poller_behavior=PollerBehaviorAutoscaling(),
        # A run whose worker was killed waits this long before another one takes it.
        sticky_queue_schedule_to_start_timeout=timedelta(seconds=2),
        # The SDK holds heartbeats back; they must reach the server well within its limit.
        max_heartbeat_throttle_interval=timedelta(seconds=HEARTBEAT_SECONDS),
        default_heartbeat_throttle_interval=timedelta(seconds=HEARTBEAT_SECONDS),
        graceful_shutdown_timeout=timedelta(seconds=limits.shutdown_grace),
        deployment_config=deployment_config(limits),
    )


def all_workflows(*, builds: bool) -> tuple[type, ...]:
    """What a worker runs, with a build or without one."""
    return (Execution, LoopRun, *maintenance(builds=builds))


def workflow_runner(*, sandboxed: bool) -> WorkflowRunner:
    """How workflow code runs.

    It is ours alone, since users' definitions are data, so production saves the sandbox's CPU; the tests run in it
    and fail on an import that workflow code must not have.
    """
    if not sandboxed:
        return UnsandboxedWorkflowRunner()
    # Our own workflow modules are meant to be loaded anew inside the sandbox; anything else that is not passed
    # through is an import that workflow code must not have.
    warnings.filterwarnings("ignore", message=r"Module workflows\b")
    warnings.filterwarnings(
        "error", message=r"Module (?!workflows\b)\S+ was not intentionally passed through"
    )
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*PASSED_THROUGH)
    return SandboxedWorkflowRunner(
        restrictions=restrictions.with_import_notification_policy(
            SandboxImportNotificationPolicy.WARN_ON_UNINTENTIONAL_PASSTHROUGH
        )
    )
