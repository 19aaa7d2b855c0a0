"""Statistics of executions."""

from typing import Literal, Unpack

from gorax.client.arguments import ExecutionFilters
from gorax.client.calls import Call, data, fields, listed, plain
from gorax.client.models.metrics import Failures, Stats, TrendBucket, WorkflowDurations
from gorax.client.resource import R, Resource, operation


class Metrics(Resource[R]):
    """`gorax.metrics`."""

    @operation("getExecutionStats", "GET", "/api/v1/executions/stats")
    def stats(self, **filters: Unpack[ExecutionFilters]) -> Call[Stats]:
        """How many executions match, by status and by day."""
        return Call(plain(Stats), query=fields(filters))

    @operation("getExecutionTrends", "GET", "/api/v1/metrics/trends")
    def trends(
        self,
        *,
        granularity: Literal["hour", "day", "week", "month"] = "day",
        **filters: Unpack[ExecutionFilters],
    ) -> Call[list[TrendBucket]]:
        """How many executions started in each hour, day, week or month."""
        return Call(listed(TrendBucket), query={"granularity": granularity, **fields(filters)})

    @operation("getDurationStatistics", "GET", "/api/v1/metrics/duration")
    def durations(self, **filters: Unpack[ExecutionFilters]) -> Call[list[WorkflowDurations]]:
        """How long the executions of each workflow took."""
        return Call(listed(WorkflowDurations), query=fields(filters))

    @operation("getFailureStatistics", "GET", "/api/v1/metrics/failures")
    def failures(self, *, limit: int = 10, **filters: Unpack[ExecutionFilters]) -> Call[Failures]:
        """Which workflows, and which steps, fail most."""
        return Call(data(Failures), query={"limit": limit, **fields(filters)})
