"""The instruments of every process: each by its name, in one registry.

They are module-level, as the Prometheus client has it: counting must cost next to nothing, and nobody has to be
handed an instrument to count. No label names a tenant, or anything that users choose: every set of labels is bounded,
and whoever reads metrics learns how the machine does, not whose work it is.
"""

from importlib.metadata import version
from typing import get_args

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from gorax.core.contracts import TERMINAL, TriggerType

# A second series for each one that counts, of when it began to: nobody here asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]

REGISTRY = CollectorRegistry()
"""What `/metrics` shows."""

_REQUESTS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_STARTS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800)
_STEPS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800)
_RUNS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1800, 7200, 86_400, 604_800)
_LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5)

BUILD = Gauge("gorax_build_info", "1, with the version of the program.", ["version"], registry=REGISTRY)
BUILD.labels(version("gorax")).set(1)
ProcessCollector(registry=REGISTRY)

# --- Requests of the API -------------------------------------------------------------------------------------

REQUESTS = Counter(
    "gorax_http_requests",
    "Requests that were answered, by method, template of the route, and class of the status.",
    ["method", "route", "status"],
    registry=REGISTRY,
)
REQUEST_SECONDS = Histogram(
    "gorax_http_request_seconds",
    "From a request's first line to the end of its answer.",
    ["method", "route"],
    buckets=_REQUESTS,
    registry=REGISTRY,
)
LIMITED = Counter(
    "gorax_http_requests_limited",
    "Requests that were answered 429, to webhooks and to the rest of the API.",
    ["surface"],
    registry=REGISTRY,
)
EVENTS = Counter(
    "gorax_webhook_events",
    "What became of the events that webhooks received.",
    ["outcome"],
    registry=REGISTRY,
)

STREAMS = Gauge("gorax_streams_open", "Streams that are open, of all kinds.", registry=REGISTRY)

# --- Executions ----------------------------------------------------------------------------------------------

ACCEPTED = Counter(
    "gorax_executions_accepted",
    "Executions that were promised, by what began them.",
    ["trigger"],
    registry=REGISTRY,
)
ENDED = Counter(
    "gorax_executions_ended",
    "Ends of executions that this process wrote into the index.",
    ["status"],
    registry=REGISTRY,
)
START_SECONDS = Histogram(
    "gorax_execution_start_seconds",
    "From the promise of an execution until Temporal had it.",
    buckets=_STARTS,
    registry=REGISTRY,
)
RUN_SECONDS = Histogram(
    "gorax_execution_seconds",
    "From the start of a run to its end.",
    ["status"],
    buckets=_RUNS,
    registry=REGISTRY,
)

# --- What waits, as the database has it: the same from every API process ------------------------------------

PENDING = Gauge(
    "gorax_executions_pending",
    "Executions of active tenants that wait to be started, counted to 10,000.",
    registry=REGISTRY,
)
PENDING_AGE = Gauge(
    "gorax_executions_pending_oldest_seconds",
    "How long the oldest of them has been waiting.",
    registry=REGISTRY,
)
RUNNING = Gauge(
    "gorax_executions_running", "Executions that Temporal runs, counted to 10,000.", registry=REGISTRY
)
UNCHECKED_AGE = Gauge(
    "gorax_index_unchecked_oldest_seconds",
    "How long ago the unfinished execution was compared with Temporal whose turn is next.",
    registry=REGISTRY,
)
SCHEDULES_UNTOLD = Gauge(
    "gorax_schedules_untold",
    "Schedules whose change Temporal was to be told of more than a minute ago, counted to 10,000.",
    registry=REGISTRY,
)

# --- Loops of the API ----------------------------------------------------------------------------------------

LOOKS = Gauge(
    "gorax_loop_last_success_timestamp_seconds",
    "When a loop of the API last looked for what is to be done, and did it.",
    ["loop"],
    registry=REGISTRY,
)
LOOK_FAILURES = Counter(
    "gorax_loop_failures", "Looks of a loop of the API that failed.", ["loop"], registry=REGISTRY
)

# --- Steps and maintenance, in the worker --------------------------------------------------------------------

ATTEMPTS = Counter(
    "gorax_step_attempts",
    "Attempts at steps that have an effect, by type of action.",
    ["type", "outcome"],
    registry=REGISTRY,
)
STEP_FAILURES = Counter(
    "gorax_step_failures", "Attempts that failed, by type of error.", ["type", "error"], registry=REGISTRY
)
STEP_SECONDS = Histogram(
    "gorax_step_seconds", "How long an attempt took.", ["type"], buckets=_STEPS, registry=REGISTRY
)
KEPT = Gauge(
    "gorax_maintenance_last_success_timestamp_seconds",
    "When a task of the maintenance last succeeded in this process.",
    ["task"],
    registry=REGISTRY,
)
KEEP_FAILURES = Counter(
    "gorax_maintenance_failures",
    "Runs of a task of the maintenance that failed.",
    ["task"],
    registry=REGISTRY,
)
FOUND = Counter(
    "gorax_maintenance_found",
    "What the maintenance looked at, found wrong and removed: the numbers of its reports.",
    ["task", "what"],
    registry=REGISTRY,
)
ARCHIVE_BEHIND = Gauge(
    "gorax_archive_behind_seconds",
    "How much later the newest run that was due ended than the first that is not archived yet.",
    registry=REGISTRY,
)

# --- The process itself --------------------------------------------------------------------------------------

LOOP_LAG = Histogram(
    "gorax_event_loop_lag_seconds",
    "How much later than asked for the process woke up.",
    buckets=_LAGS,
    registry=REGISTRY,
)
POOL_USED = Gauge(
    "gorax_database_connections_used", "Connections of a pool that are at work.", ["pool"], registry=REGISTRY
)
POOL_SIZE = Gauge(
    "gorax_database_connections_most", "Connections that a pool may have.", ["pool"], registry=REGISTRY
)
REDIS_AWAY = Gauge(
    "gorax_redis_fallback",
    "1 while counters are kept in memory because Redis does not answer.",
    registry=REGISTRY,
)

# What has not happened yet is 0, and not missing: only so can an alert tell a rise from nothing.
for _status in sorted(TERMINAL):
    ENDED.labels(_status)
for _trigger in get_args(TriggerType):
    ACCEPTED.labels(_trigger)
for _surface in ("webhooks", "api"):
    LIMITED.labels(_surface)
for _outcome in ("processed", "duplicate", "filtered", "rejected"):
    EVENTS.labels(_outcome)
