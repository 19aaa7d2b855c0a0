// Made by openapi-typescript: run `make sdk-node`, and change nothing here.
// Document: sha256 69da251051a85bf32c9ef17c2afc1f56faba58749d3c32c0a8297e3f2416ead4

export interface paths {
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health check
         * @description The process answers. Nothing else is asked.
         *
         *     503 while it is about to end, so that whoever spreads requests over several processes sends it no more.
         */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Readiness check
         * @description The database, Temporal, and Kratos and Redis where they are configured, each with the reason when it does not
         *     answer.
         *
         *     Answered within two seconds whatever hangs; `degraded` while any part is down, and 503 unless that is Kratos, which
         *     webhooks and API keys do not need, or Redis, without which each process counts requests by itself. `stopping`, and
         *     503, while the process is about to end.
         */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{workflowID}/{webhookID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event to a webhook
         * @description Keep an event and begin an execution with it. Once this is answered with 2xx, it is not lost.
         *
         *     The body is whatever the sender sends, and the proof who it is what the webhook asks for. Other methods than POST
         *     are received where the webhook allows them. A webhook with `response_mode: result` answers what its workflow does.
         */
        post: operations["receiveEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{tenantID}/{path}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send an event to a webhook's own path
         * @description The same at the address of the tenant's own choice.
         */
        post: operations["receiveEventAtPath"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Stream what happens in an execution
         * @description Server-Sent Events with the messages that a WebSocket gets; the response ends when the execution has ended.
         *
         *     First comes everything there is, or, with `Last-Event-ID`, what has changed since. Comments are sent when nothing
         *     else is, so that a silence means a lost connection.
         */
        get: operations["streamExecution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List workflows
         * @description The tenant's workflows, newest first.
         */
        get: operations["listWorkflows"];
        put?: never;
        /**
         * Create a workflow
         * @description Check the definition and save it as version 1.
         */
        post: operations["createWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/bulk-delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Delete several workflows
         * @description Delete up to 100 workflows and say of each what became of it.
         */
        post: operations["bulkDeleteWorkflows"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{workflowID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a workflow
         * @description The workflow as it is now.
         */
        get: operations["getWorkflow"];
        /**
         * Update a workflow
         * @description Save a new version; fields that are left out stay as they are.
         */
        put: operations["updateWorkflow"];
        post?: never;
        /**
         * Delete a workflow
         * @description Delete the workflow; its executions stay.
         */
        delete: operations["deleteWorkflow"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{workflowID}/execute": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Execute a workflow
         * @description Begin an execution; the body, any JSON or none, is its `trigger.body`.
         *
         *     With the header `Idempotency-Key` a repeated request begins nothing new and names the same execution.
         */
        post: operations["executeWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{workflowID}/dry-run": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Try a workflow without effects
         * @description Say of each action what would happen if the trigger brought `test_data`; nothing is sent or stored.
         */
        post: operations["dryRunWorkflow"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{workflowID}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a workflow
         * @description Who saved which version, when and why; newest first.
         */
        get: operations["listWorkflowVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{workflowID}/versions/{version}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a version of a workflow
         * @description The workflow as one save left it.
         */
        get: operations["getWorkflowVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{workflowID}/versions/{version}/restore": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restore a version of a workflow
         * @description Save an old version as a new one.
         */
        post: operations["restoreWorkflowVersion"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-types": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the action types
         * @description Every action type, by name: its config as JSON Schema, an example, its documentation and its defaults.
         */
        get: operations["listActionTypes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/action-types/{typeName}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an action type
         * @description One action type.
         */
        get: operations["getActionType"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/definition-schema": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the JSON Schema of a definition
         * @description The schema of a whole definition, as actions or as nodes and edges, with the config of every action type.
         *
         *     What it refuses, a save refuses. A save looks at more: ids, order, and all that expressions read.
         */
        get: operations["getDefinitionSchema"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get execution statistics
         * @description How many of the tenant's executions match all filters, what became of them, and when they started.
         */
        get: operations["getExecutionStats"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/trends": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get execution trends
         * @description The executions that match, by hour, day, week or month of their start; those without any are there, too.
         */
        get: operations["getExecutionTrends"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/duration": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get duration statistics
         * @description How long the executions took that match and have ended, by workflow; those with the most executions first.
         *
         *     Percentiles are exact, and durations that occurred: the shortest that so many percent did not exceed.
         */
        get: operations["getDurationStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/metrics/failures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what fails most
         * @description The workflows and the steps with the most executions that failed or timed out, and with what errors.
         *
         *     `status` chooses among those two; `executions` and `failure_rate` are of executions of every status.
         */
        get: operations["getFailureStatistics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List executions
         * @description The tenant's executions that match all filters, newest first unless it is said otherwise.
         *
         *     `next_cursor` asks for the next page. Executions that begin meanwhile do not move what is behind a cursor, as they
         *     do move what is behind an offset. Of a search `total` is exact up to 1000, and may be too small beyond.
         */
        get: operations["listExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an execution
         * @description The execution as Temporal tells of it.
         */
        get: operations["getExecution"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/steps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the steps of an execution
         * @description Each step with its input, output, attempts and error, in the order in which they began.
         *
         *     Steps that ran in batches of a loop come after all others, batch by batch. A loop tells its totals as `progress`.
         */
        get: operations["getExecutionSteps"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Cancel an execution
         * @description Stop what runs, with the executions that it waits for; then what is meant for it runs: `finally`, `on_failure`.
         *
         *     Once accepted it comes to pass, whatever breaks meanwhile. An execution that has not begun never does.
         */
        post: operations["cancelExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/terminate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Terminate an execution
         * @description End it at once, with the executions that it waits for; no handler of it runs.
         */
        post: operations["terminateExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Pause an execution
         * @description Begin no further step; steps that run go on to their end. Its timeout goes on, too.
         */
        post: operations["pauseExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Resume an execution
         * @description Go on with a paused execution.
         */
        post: operations["resumeExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Retry an execution
         * @description Go on, as a new execution of the same version, with one that failed or was stopped.
         *
         *     Steps that it completed are not run again: the new one takes their results.
         */
        post: operations["retryExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/rerun": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run an execution again
         * @description Begin a new execution with the trigger of this one, whatever became of it.
         */
        post: operations["rerunExecution"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/waits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List what an execution waits for
         * @description The approvals and signals that it waits for now, oldest first.
         */
        get: operations["listExecutionWaits"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/signals/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a signal to an execution
         * @description Answer the oldest open wait of that name. Where none is open, the signal is kept for the next one.
         */
        post: operations["sendSignal"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List approvals
         * @description The tenant's approvals that match all filters, newest first.
         */
        get: operations["listApprovals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{approvalID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an approval
         * @description The approval, with its answer once it has one.
         */
        get: operations["getApproval"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{approvalID}/approve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Approve
         * @description Let the execution go on, with the form filled in as it asks. The first answer decides; a second is refused.
         */
        post: operations["approveApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/approvals/{approvalID}/reject": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Reject
         * @description Say no. The form may be left out; what the rejection means, the definition says.
         */
        post: operations["rejectApproval"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List credentials
         * @description The tenant's credentials, newest first, without their values; those that expire within 14 days say so.
         */
        get: operations["listCredentials"];
        put?: never;
        /**
         * Create a credential
         * @description Encrypt the value and save it. The values of the known types have a form; any other type takes any object.
         */
        post: operations["createCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/access-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export who read credentials
         * @description Every read of a value in the tenant, refused ones included, as JSON lines; also of credentials that are gone.
         */
        get: operations["exportCredentialAccessLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/{credentialID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a credential
         * @description The credential, without its value.
         */
        get: operations["getCredential"];
        /**
         * Update a credential
         * @description Change name, description or expiry. Definitions call a credential by its name: they do not follow a new one.
         */
        put: operations["updateCredential"];
        post?: never;
        /**
         * Delete a credential
         * @description Delete the credential with all its values; refused while workflows use it, unless forced.
         */
        delete: operations["deleteCredential"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/{credentialID}/value": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the value of a credential
         * @description The current value, decrypted. Every call is in the access log, refused ones included.
         */
        get: operations["getCredentialValue"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/{credentialID}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Rotate a credential
         * @description Put a new value in the place of the current one, which executions that have begun may use for a grace period.
         */
        post: operations["rotateCredential"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/{credentialID}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the versions of a credential
         * @description When the value was set and by whom, newest first; values that are valid no more are gone.
         */
        get: operations["listCredentialVersions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/credentials/{credentialID}/access-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who read a credential
         * @description Every read of the value, newest first: over the API or by which step of which execution, and what was refused.
         */
        get: operations["listCredentialAccesses"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/parse-cron": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Parse a cron expression
         * @description Say what an expression means and when it comes round next; for what is none, `valid` is false and `error` why.
         *
         *     What it says here is what a schedule of this expression does.
         */
        post: operations["parseCron"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Preview the runs of a schedule that is not there yet
         * @description When a schedule of this timing would run, in the offset of its time zone.
         */
        post: operations["previewTiming"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List all schedules
         * @description The schedules of all of the tenant's workflows, newest first.
         */
        get: operations["listSchedules"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{workflowID}/schedules": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the schedules of a workflow
         * @description The workflow's schedules, newest first.
         */
        get: operations["listWorkflowSchedules"];
        put?: never;
        /**
         * Create a schedule
         * @description Have a workflow run at times. Once accepted it does, whatever breaks meanwhile.
         */
        post: operations["createSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{scheduleID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a schedule
         * @description The schedule as it is now.
         */
        get: operations["getSchedule"];
        /**
         * Update a schedule
         * @description Change what is given. With `enabled` alone: pause it, or let it go on.
         */
        put: operations["updateSchedule"];
        post?: never;
        /**
         * Delete a schedule
         * @description Delete the schedule; executions that it began go on.
         */
        delete: operations["deleteSchedule"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{scheduleID}/trigger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Run a schedule now
         * @description Begin an execution at once, also of a schedule that is not enabled, and beside what of it runs already.
         *
         *     With the header `Idempotency-Key` a repeated request begins nothing new and names the same execution.
         */
        post: operations["triggerSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{scheduleID}/backfill": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make up for the runs of a range
         * @description Begin the runs that were due in a range of the past, at most 500, as if their time were now.
         *
         *     A time that has its execution gets no second one, so the same range can be asked for again.
         */
        post: operations["backfillSchedule"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{scheduleID}/executions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the executions of a schedule
         * @description The executions that the schedule began, triggered and backfilled ones included, newest first.
         */
        get: operations["listScheduleExecutions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/schedules/{scheduleID}/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview the next runs of a schedule
         * @description When it is due next, whether or not it is enabled, in the offset of its time zone.
         */
        get: operations["previewScheduleRuns"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List webhooks
         * @description The tenant's webhooks, newest first.
         */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Create a webhook
         * @description Save a new webhook of a workflow. Its secret is shown here, and never again; without one for `none`.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a webhook
         * @description The webhook, without its secret.
         */
        get: operations["getWebhook"];
        /**
         * Update a webhook
         * @description Change what the body has; the rest stays. Another `auth_type` makes a new secret, which is shown here alone.
         */
        put: operations["updateWebhook"];
        post?: never;
        /**
         * Delete a webhook
         * @description Delete the webhook with its secret. What it has begun goes on, and its events stay until they are old.
         */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookID}/regenerate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Regenerate the secret of a webhook
         * @description Put a new secret in the place of the current one, which is valid no more, or not after `grace_seconds`.
         */
        post: operations["regenerateWebhookSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookID}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the events of a webhook
         * @description What the webhook received and what came of it, newest first.
         */
        get: operations["listWebhookEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookID}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay events of a webhook
         * @description Begin an execution from each stored event that is meant, oldest first; with what is left to go on from.
         *
         *     Repeated with the same `Idempotency-Key`, no event begins a second one.
         */
        post: operations["replayWebhookEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/webhooks/{webhookID}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a webhook
         * @description Send an event through all that a sender's passes, proof included, and tell what became of it.
         *
         *     It is a real one: where it is accepted, an execution begins. It comes from the address of whoever asks.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{eventID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an event
         * @description The event with its request, and with its replays. What proved who sent it is masked.
         */
        get: operations["getWebhookEvent"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events/{eventID}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Replay an event
         * @description Begin an execution from the stored event, with the workflow as it is now.
         *
         *     The webhook's filter, schema and keys are not looked at again: whoever replays has decided that the event counts.
         */
        post: operations["replayWebhookEvent"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/codec/decode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decrypt run data
         * @description Payloads from Temporal's histories, decrypted, up to 1,000 of them and 8 MB.
         *
         *     Those of other tenants, those that nobody encrypted and those that cannot be decrypted come back as they were sent.
         */
        post: operations["decodePayloads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/codec/encode": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Encrypt run data
         * @description What is entered in the Web UI, such as the argument of a signal, encrypted for the tenant.
         *
         *     Where run data is not encrypted, it comes back as it was sent.
         */
        post: operations["encodePayloads"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workflows/{workflowID}/diagram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the diagram of a workflow
         * @description The workflow's actions as a flowchart: Mermaid text by default, SVG with `Accept: image/svg+xml`.
         */
        get: operations["getWorkflowDiagram"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/executions/{executionID}/diagram": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get the diagram of an execution
         * @description The version that it runs, each action coloured by what became of it; loops tell how far they are.
         */
        get: operations["getExecutionDiagram"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description The tenant's keys, newest first, those that are valid no more among them.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Create an API key
         * @description Make a key for a machine. This answer is the only place where the key itself is.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/{keyID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get an API key
         * @description The key, without the key itself: what it may do, and when it was last used, to within a minute.
         */
        get: operations["getApiKey"];
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description Let nobody use the key from now on. It stays in the list.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who changed what
         * @description Every change that was asked for in the tenant, newest first, refused ones included.
         */
        get: operations["listAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/audit-log/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export who changed what
         * @description The same as JSON lines, oldest first, however much it is.
         */
        get: operations["exportAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List tenants
         * @description All tenants, newest first.
         */
        get: operations["listTenants"];
        put?: never;
        /**
         * Create a tenant
         * @description Make a tenant. Who belongs to it is written into the identities of its users, by the id that is answered.
         */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/tenants/{tenantID}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get a tenant
         * @description The tenant, unless it is deleted.
         */
        get: operations["getTenant"];
        put?: never;
        post?: never;
        /**
         * Delete a tenant
         * @description Let nobody into the tenant any more and cancel what runs in it. Its data stays, out of everybody's reach.
         */
        delete: operations["deleteTenant"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/tenants/{tenantID}/quotas": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Update the quotas of a tenant
         * @description Change the quotas that are given and keep the others.
         */
        put: operations["updateTenantQuotas"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/tenants/{tenantID}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get what a tenant uses of its quotas
         * @description How much there is of what its quotas limit, and how much has begun since midnight, UTC.
         */
        get: operations["getTenantUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/tenants/{tenantID}/suspend": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Suspend a tenant
         * @description Let the tenant be read, and nothing in it change or begin. Executions that run go on to their end.
         */
        post: operations["suspendTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/tenants/{tenantID}/activate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Activate a tenant
         * @description End a suspension. What was accepted before it and waited begins now.
         */
        post: operations["activateTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit-log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List who changed what on the platform
         * @description Every change that was asked for in any tenant, or of the tenants themselves, newest first.
         */
        get: operations["listPlatformAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/admin/audit-log/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export who changed what on the platform
         * @description The same as JSON lines, oldest first, however much it is.
         */
        get: operations["exportPlatformAuditLog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/ws/ticket": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Create a ticket for a stream
         * @description A ticket that opens one stream within 30 seconds, as `?ticket=…`, for browsers that cannot send headers with it.
         *
         *     It opens what you may see at that moment, and nothing more.
         */
        post: operations["createStreamTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Accepted
         * @description An execution that will run.
         */
        Accepted: {
            /** Execution Id */
            execution_id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Status */
            status: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
        };
        /**
         * AccessView
         * @description That somebody read a value, or was refused.
         */
        AccessView: {
            /** Id */
            id: string;
            /** Credential Id */
            credential_id: string | null;
            /** Name */
            name: string;
            /** Version */
            version: number | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "granted" | "refused";
            /** Reason */
            reason: string | null;
            /**
             * Via
             * @enum {string}
             */
            via: "api" | "step";
            /** User Id */
            user_id: string | null;
            /** Address */
            address: string | null;
            /** Request Id */
            request_id: string | null;
            /** Execution Id */
            execution_id: string | null;
            /** Path */
            path: string | null;
            /** Attempt */
            attempt: number | null;
        };
        /**
         * ActionTypeView
         * @description One action type.
         */
        ActionTypeView: {
            /** Name */
            name: string;
            /** Aliases */
            aliases: string[];
            /**
             * Kind
             * @enum {string}
             */
            kind: "flow" | "effect";
            /** Summary */
            summary: string;
            /** Description */
            description: string | null;
            /** Output */
            output: string | null;
            /** Config Schema */
            config_schema: {
                [key: string]: unknown;
            };
            /** Example */
            example: {
                [key: string]: unknown;
            };
            defaults: components["schemas"]["Defaults"];
        };
        /**
         * ApiKeyView
         * @description A key, without the key itself.
         */
        ApiKeyView: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "viewer" | "operator" | "editor" | "admin";
            /** Prefix */
            prefix: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "expired" | "revoked";
            /** Expires At */
            expires_at: string | null;
            /** Last Used At */
            last_used_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Revoked At */
            revoked_at: string | null;
            /** Revoked By */
            revoked_by: string | null;
        };
        /**
         * Approval
         * @description An approval.
         */
        Approval: {
            /** Id */
            id: string;
            /** Execution Id */
            execution_id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Action Id */
            action_id: string;
            /** Path */
            path: string;
            /**
             * Status
             * @enum {string}
             */
            status: "waiting" | "approved" | "rejected" | "expired" | "cancelled";
            /** Title */
            title: string | null;
            /** Description */
            description: string | null;
            /** Assignees */
            assignees: string[];
            /** Form */
            form: unknown;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            /** Expires At */
            expires_at: string | null;
            answer: components["schemas"]["Decided"] | null;
        };
        /**
         * AuditView
         * @description That somebody asked for a change.
         */
        AuditView: {
            /** Id */
            id: string;
            /** Tenant Id */
            tenant_id: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Operation */
            operation: string;
            /** Path */
            path: string;
            /**
             * Outcome
             * @enum {string}
             */
            outcome: "done" | "refused" | "failed";
            /** Status */
            status: number | null;
            /** User Id */
            user_id: string;
            /**
             * Via
             * @enum {string}
             */
            via: "headers" | "session" | "key";
            /** Via Id */
            via_id: string | null;
            /** Address */
            address: string | null;
            /** Request Id */
            request_id: string;
        };
        /**
         * BackfillView
         * @description A backfill that is accepted.
         */
        BackfillView: {
            /** Count */
            count: number;
            /**
             * First
             * Format: date-time
             */
            first: string;
            /**
             * Last
             * Format: date-time
             */
            last: string;
        };
        /**
         * BulkDeleted
         * @description What became of each workflow.
         */
        BulkDeleted: {
            /** Deleted */
            deleted: string[];
            /** Failed */
            failed: components["schemas"]["NotDeleted"][];
            /** Deleted Count */
            deleted_count: number;
            /** Failed Count */
            failed_count: number;
        };
        /**
         * CodecPayload
         * @description One payload. What else Temporal writes beside these fields comes back as it was sent.
         */
        CodecPayload: {
            /**
             * Metadata
             * @description By name, in base64; `encoding` says what the data is.
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * Data
             * @description In base64.
             * @default
             */
            data?: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * CodecPayloads
         * @description The payloads of a request or an answer.
         */
        CodecPayloads: {
            /**
             * Payloads
             * @description In their order: the answer has each in the same place.
             */
            payloads: components["schemas"]["CodecPayload"][];
        };
        /**
         * CreatedWebhook
         * @description A new webhook, with what its senders need.
         */
        CreatedWebhook: {
            /** Secret */
            secret?: string;
            /** Username */
            username?: string;
            /** Header Name */
            header_name?: string;
            /** Id */
            id: string;
            /** Url */
            url: string;
            /** Path Url */
            path_url: string | null;
            /** Enabled */
            enabled: boolean;
            /**
             * Auth Type
             * @enum {string}
             */
            auth_type: "none" | "signature" | "basic" | "api_key";
        };
        /**
         * CredentialVersionView
         * @description One value that a credential has, or had: when, and by whom.
         */
        CredentialVersionView: {
            /** Version */
            version: number;
            /**
             * Status
             * @enum {string}
             */
            status: "current" | "grace" | "ended";
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Superseded At */
            superseded_at: string | null;
            /** Valid Until */
            valid_until: string | null;
            /** Key Id */
            key_id: string | null;
        };
        /**
         * CredentialView
         * @description A credential, without its value.
         */
        CredentialView: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /** Type */
            type: string;
            /** Description */
            description: string;
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /**
             * Last Rotated
             * Format: date-time
             */
            last_rotated: string;
            /** Expires At */
            expires_at: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "expiring" | "expired";
            /** Warning */
            warning: string | null;
            /** Created By */
            created_by: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_Accepted_: {
            data: components["schemas"]["Accepted"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_ActionTypeView_: {
            data: components["schemas"]["ActionTypeView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_ApiKeyView_: {
            data: components["schemas"]["ApiKeyView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_Approval_: {
            data: components["schemas"]["Approval"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_BackfillView_: {
            data: components["schemas"]["BackfillView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_BulkDeleted_: {
            data: components["schemas"]["BulkDeleted"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_CreatedWebhook_: {
            data: components["schemas"]["CreatedWebhook"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_CredentialView_: {
            data: components["schemas"]["CredentialView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_DryRun_: {
            data: components["schemas"]["DryRun"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_EventDetail_: {
            data: components["schemas"]["EventDetail"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_ExecutionState_: {
            data: components["schemas"]["ExecutionState"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_ExecutionView_: {
            data: components["schemas"]["ExecutionView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_Failures_: {
            data: components["schemas"]["Failures"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_NewApiKeyView_: {
            data: components["schemas"]["NewApiKeyView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_RegeneratedSecret_: {
            data: components["schemas"]["RegeneratedSecret"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_RestoredView_: {
            data: components["schemas"]["RestoredView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_RotatedView_: {
            data: components["schemas"]["RotatedView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_ScheduleView_: {
            data: components["schemas"]["ScheduleView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_SentSignal_: {
            data: components["schemas"]["SentSignal"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_StepsView_: {
            data: components["schemas"]["StepsView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_TenantView_: {
            data: components["schemas"]["TenantView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_TicketView_: {
            data: components["schemas"]["TicketView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_UpdatedWebhook_: {
            data: components["schemas"]["UpdatedWebhook"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_UsageView_: {
            data: components["schemas"]["UsageView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_ValueView_: {
            data: components["schemas"]["ValueView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_VersionView_: {
            data: components["schemas"]["VersionView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_WebhookView_: {
            data: components["schemas"]["WebhookView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_WorkflowView_: {
            data: components["schemas"]["WorkflowView"];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_list_ActionTypeView__: {
            /** Data */
            data: components["schemas"]["ActionTypeView"][];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_list_TrendBucket__: {
            /** Data */
            data: components["schemas"]["TrendBucket"][];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_list_WorkflowDurations__: {
            /** Data */
            data: components["schemas"]["WorkflowDurations"][];
        };
        /**
         * Data
         * @description The envelope around one thing.
         */
        Data_list_str__: {
            /** Data */
            data: string[];
        };
        /**
         * DayCounts
         * @description Executions that started on a day.
         */
        DayCounts: {
            /** Total */
            total: number;
            /** Pending */
            pending: number;
            /** Running */
            running: number;
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Cancelled */
            cancelled: number;
            /** Terminated */
            terminated: number;
            /** Timed Out */
            timed_out: number;
            /**
             * Date
             * Format: date
             */
            date: string;
        };
        /**
         * Decided
         * @description What somebody answered: what the step's output will be.
         */
        Decided: {
            /**
             * Decision
             * @enum {string}
             */
            decision: "approved" | "rejected";
            /** By */
            by: string | null;
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Form */
            form: unknown;
            /** Comment */
            comment: string | null;
        };
        /**
         * Defaults
         * @description What holds for an action of a type that does not say otherwise.
         */
        Defaults: {
            /** Timeout */
            timeout: number | null;
            /** Max Attempts */
            max_attempts: number;
            /** Mode */
            mode: ("durable" | "fast") | null;
            /** Fast When */
            fast_when: {
                [key: string]: string[];
            };
        };
        /**
         * DryRun
         * @description What would happen if the workflow were started with the test data.
         */
        DryRun: {
            /** Valid */
            valid: boolean;
            /** Steps */
            steps?: components["schemas"]["DryRunStep"][];
            /** Output */
            output?: unknown;
            /** Warnings */
            warnings?: components["schemas"]["Problem"][];
            /** Errors */
            errors?: components["schemas"]["Problem"][];
            /**
             * Execution Time Ms
             * @default 0
             */
            execution_time_ms?: number;
        };
        /**
         * DryRunStep
         * @description What would happen to one action.
         */
        DryRunStep: {
            /** Action Id */
            action_id: string;
            /** Type */
            type: string;
            /** Path */
            path: string;
            /**
             * Result
             * @enum {string}
             */
            result: "success" | "would_run" | "skipped" | "unknown" | "error";
            /** Condition */
            condition?: boolean | null;
            /** Input */
            input?: unknown;
            /** Output */
            output?: unknown;
            /** Message */
            message?: string | null;
        };
        /**
         * ErrorInfo
         * @description An error as users see it, in steps, executions and the `error` name of handlers.
         */
        ErrorInfo: {
            /** Type */
            type: string;
            /** Message */
            message: string;
            /** Action Id */
            action_id?: string | null;
            /** Attempt */
            attempt?: number | null;
            /** Details */
            details?: {
                [key: string]: unknown;
            };
        };
        /**
         * ErrorOfStep
         * @description Failures with errors of one type; the newest of them, where it is among the workflow's latest failures.
         */
        ErrorOfStep: {
            /** Type */
            type: string;
            /** Failures */
            failures: number;
            /** Message */
            message: string | null;
            /** Execution Id */
            execution_id: string | null;
            /** Started At */
            started_at: string | null;
        };
        /**
         * EventDetail
         * @description An event with the request that was kept of it.
         */
        EventDetail: {
            /** Id */
            id: string;
            /** Webhook Id */
            webhook_id: string;
            /**
             * Received At
             * Format: date-time
             */
            received_at: string;
            /**
             * Source
             * @enum {string}
             */
            source: "request" | "replay" | "test";
            /** Method */
            method: string;
            /** Path */
            path: string;
            /** Content Type */
            content_type: string | null;
            /** Remote Address */
            remote_address: string | null;
            /** Body Bytes */
            body_bytes: number;
            /**
             * Status
             * @enum {string}
             */
            status: "processed" | "filtered" | "duplicate" | "rejected" | "queued";
            /** Reason */
            reason: string | null;
            /** Response Status */
            response_status: number | null;
            /** Response Time Ms */
            response_time_ms: number | null;
            /** Execution Id */
            execution_id: string | null;
            /** Dedupe Key */
            dedupe_key: string | null;
            /** Duplicate Of */
            duplicate_of: string | null;
            /** Replay Of */
            replay_of: string | null;
            /** Replayable */
            replayable: boolean;
            /** Query */
            query: {
                [key: string]: unknown;
            };
            /** Headers */
            headers: {
                [key: string]: unknown;
            };
            /**
             * Body
             * @description Any JSON value.
             */
            body: unknown;
            /** Body Encoding */
            body_encoding: "base64" | null;
            /** Replays */
            replays: string[];
        };
        /**
         * EventView
         * @description An event as the history shows it.
         */
        EventView: {
            /** Id */
            id: string;
            /** Webhook Id */
            webhook_id: string;
            /**
             * Received At
             * Format: date-time
             */
            received_at: string;
            /**
             * Source
             * @enum {string}
             */
            source: "request" | "replay" | "test";
            /** Method */
            method: string;
            /** Path */
            path: string;
            /** Content Type */
            content_type: string | null;
            /** Remote Address */
            remote_address: string | null;
            /** Body Bytes */
            body_bytes: number;
            /**
             * Status
             * @enum {string}
             */
            status: "processed" | "filtered" | "duplicate" | "rejected" | "queued";
            /** Reason */
            reason: string | null;
            /** Response Status */
            response_status: number | null;
            /** Response Time Ms */
            response_time_ms: number | null;
            /** Execution Id */
            execution_id: string | null;
            /** Dedupe Key */
            dedupe_key: string | null;
            /** Duplicate Of */
            duplicate_of: string | null;
            /** Replay Of */
            replay_of: string | null;
            /** Replayable */
            replayable: boolean;
        };
        /**
         * ExecutionState
         * @description Where an execution stands after what was asked of it.
         */
        ExecutionState: {
            /** Id */
            id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Status */
            status: string;
            /** Paused */
            paused: boolean;
            stop: components["schemas"]["StopView"] | null;
        };
        /**
         * ExecutionSummary
         * @description An execution as lists show it.
         */
        ExecutionSummary: {
            /** Id */
            id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Workflow Name */
            workflow_name: string;
            /** Version */
            version: number;
            /** Status */
            status: string;
            /** Trigger Type */
            trigger_type: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Completed At */
            completed_at: string | null;
            /** Duration Ms */
            duration_ms: number | null;
            /** Steps Completed */
            steps_completed: number;
            /** Steps Total */
            steps_total: number;
            /** Error */
            error: {
                [key: string]: unknown;
            } | null;
            /** Created By */
            created_by: string;
            /** Paused */
            paused: boolean;
            /** Retry Of */
            retry_of: string | null;
            /** Rerun Of */
            rerun_of: string | null;
            /** Parent Execution Id */
            parent_execution_id: string | null;
            /** Parent Path */
            parent_path: string | null;
        };
        /**
         * ExecutionView
         * @description One execution.
         */
        ExecutionView: {
            /** Id */
            id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Workflow Name */
            workflow_name: string;
            /** Version */
            version: number;
            /** Status */
            status: string;
            /** Trigger Type */
            trigger_type: string;
            /** Trigger Data */
            trigger_data: unknown;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Completed At */
            completed_at: string | null;
            /** Duration Ms */
            duration_ms: number | null;
            /** Error */
            error: {
                [key: string]: unknown;
            } | null;
            /** Output */
            output?: unknown;
            /** Steps Completed */
            steps_completed: number;
            /** Steps Total */
            steps_total: number;
            /** Created By */
            created_by: string;
            /** Paused */
            paused: boolean;
            stop: components["schemas"]["StopView"] | null;
            /** Retry Of */
            retry_of: string | null;
            /** Rerun Of */
            rerun_of: string | null;
            /** Parent Execution Id */
            parent_execution_id: string | null;
            /** Parent Path */
            parent_path: string | null;
            /** Temporal Workflow Id */
            temporal_workflow_id: string;
            /** Temporal Run Id */
            temporal_run_id?: string | null;
        };
        /**
         * ExecutionsPage
         * @description A page of executions.
         */
        ExecutionsPage: {
            /** Data */
            data: unknown[];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
            /** Next Cursor */
            next_cursor: string | null;
        };
        /**
         * Failures
         * @description What fails most.
         */
        Failures: {
            /** Workflows */
            workflows: components["schemas"]["WorkflowFailures"][];
            /** Steps */
            steps: components["schemas"]["StepFailures"][];
        };
        /**
         * FieldProblem
         * @description One thing that is wrong: a field of the request, or a place in the definition.
         */
        FieldProblem: {
            /** Field */
            field?: string;
            /** Pointer */
            pointer?: string;
            /** Message */
            message: string;
            /** Column */
            column?: number;
        };
        /**
         * Health
         * @description The process answers, and takes requests or is about to end.
         */
        Health: {
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "stopping";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /**
         * NewApiKeyView
         * @description A key that has just been made, this once with the key itself.
         */
        NewApiKeyView: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Role
             * @enum {string}
             */
            role: "viewer" | "operator" | "editor" | "admin";
            /** Prefix */
            prefix: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "expired" | "revoked";
            /** Expires At */
            expires_at: string | null;
            /** Last Used At */
            last_used_at: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Revoked At */
            revoked_at: string | null;
            /** Revoked By */
            revoked_by: string | null;
            /** Key */
            key: string;
        };
        /**
         * NotCron
         * @description Why it means nothing.
         */
        NotCron: {
            /**
             * Valid
             * @constant
             */
            valid: false;
            /** Error */
            error: string;
        };
        /**
         * NotDeleted
         * @description A workflow that could not be deleted, and why.
         */
        NotDeleted: {
            /** Id */
            id: string;
            /** Error */
            error: string;
        };
        /**
         * NotReplayed
         * @description An event that could not be replayed.
         */
        NotReplayed: {
            /** Event Id */
            event_id: string;
            /** Error */
            error: string;
        };
        /**
         * OpenWait
         * @description Something that an execution waits for now.
         */
        OpenWait: {
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "signal" | "approval";
            /** Name */
            name: string;
            /** Action Id */
            action_id: string;
            /** Path */
            path: string;
            /** Title */
            title: string | null;
            /** Schema */
            schema: {
                [key: string]: unknown;
            } | null;
            /**
             * Opened At
             * Format: date-time
             */
            opened_at: string;
            /** Expires At */
            expires_at: string | null;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_AccessView_: {
            /** Data */
            data: components["schemas"]["AccessView"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_ApiKeyView_: {
            /** Data */
            data: components["schemas"]["ApiKeyView"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_Approval_: {
            /** Data */
            data: components["schemas"]["Approval"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_AuditView_: {
            /** Data */
            data: components["schemas"]["AuditView"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_CredentialVersionView_: {
            /** Data */
            data: components["schemas"]["CredentialVersionView"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_CredentialView_: {
            /** Data */
            data: components["schemas"]["CredentialView"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_EventView_: {
            /** Data */
            data: components["schemas"]["EventView"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_ExecutionSummary_: {
            /** Data */
            data: components["schemas"]["ExecutionSummary"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_OpenWait_: {
            /** Data */
            data: components["schemas"]["OpenWait"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_ScheduleSummary_: {
            /** Data */
            data: components["schemas"]["ScheduleSummary"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_TenantView_: {
            /** Data */
            data: components["schemas"]["TenantView"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_VersionSummary_: {
            /** Data */
            data: components["schemas"]["VersionSummary"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_WebhookSummary_: {
            /** Data */
            data: components["schemas"]["WebhookSummary"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * Page
         * @description The envelope around a list.
         */
        Page_WorkflowView_: {
            /** Data */
            data: components["schemas"]["WorkflowView"][];
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Total */
            total: number;
        };
        /**
         * ParsedCron
         * @description What it means.
         */
        ParsedCron: {
            /**
             * Valid
             * @constant
             */
            valid: true;
            /** Description */
            description: string;
            /** Next 5 Runs */
            next_5_runs: string[];
        };
        /**
         * Problem
         * @description One thing that is wrong, or suspicious, at one place.
         */
        Problem: {
            /** Pointer */
            pointer: string;
            /** Message */
            message: string;
            /** Column */
            column?: number | null;
        };
        /**
         * Progress
         * @description Totals of a loop, while it runs and after.
         */
        Progress: {
            /** Total */
            total?: number | null;
            /**
             * Completed
             * @default 0
             */
            completed?: number;
            /**
             * Succeeded
             * @default 0
             */
            succeeded?: number;
            /**
             * Failed
             * @default 0
             */
            failed?: number;
            /**
             * Steps
             * @default 0
             */
            steps?: number;
            /**
             * Batches
             * @default 0
             */
            batches?: number;
        };
        /**
         * QuotasView
         * @description All quotas.
         */
        QuotasView: {
            /** Max Workflows */
            max_workflows: number;
            /** Max Executions Per Day */
            max_executions_per_day: number;
            /** Max Concurrent Executions */
            max_concurrent_executions: number;
            /** Max Api Requests Per Minute */
            max_api_requests_per_minute: number;
            /** Max Schedules */
            max_schedules: number;
            /** Max Webhooks */
            max_webhooks: number;
            /** Retention Days */
            retention_days: number;
        };
        /**
         * Readiness
         * @description The parts that the API depends on, each `healthy` or `unhealthy: ` and why.
         */
        Readiness: {
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "degraded" | "stopping";
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
            /** Checks */
            checks: {
                [key: string]: string;
            };
        };
        /**
         * ReceivedEvent
         * @description What became of an event.
         */
        ReceivedEvent: {
            /** Execution Id */
            execution_id: string | null;
            /** Event Id */
            event_id: string;
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "duplicate" | "filtered";
            /** Duplicate */
            duplicate?: boolean;
            /** Duplicate Of */
            duplicate_of?: string;
            /** Reason */
            reason?: string;
        };
        /**
         * RegeneratedSecret
         * @description The new secret, which is shown this once.
         */
        RegeneratedSecret: {
            /** Id */
            id: string;
            /** Secret */
            secret: string;
            /**
             * Regenerated At
             * Format: date-time
             */
            regenerated_at: string;
            /** Previous Secret Valid Until */
            previous_secret_valid_until: string | null;
        };
        /**
         * ReplayedEvent
         * @description That an event has begun another execution.
         */
        ReplayedEvent: {
            /** Execution Id */
            execution_id: string;
            /** Original Event Id */
            original_event_id: string;
            /** Event Id */
            event_id: string;
            /** Status */
            status: string;
        };
        /**
         * ReplayedEvents
         * @description What became of the events that were to be replayed.
         */
        ReplayedEvents: {
            /** Replayed */
            replayed: components["schemas"]["ReplayedEvent"][];
            /** Failed */
            failed: components["schemas"]["NotReplayed"][];
            /** Replayed Count */
            replayed_count: number;
            /** Failed Count */
            failed_count: number;
            /** Remaining */
            remaining: number;
            /** Next */
            next: string | null;
        };
        /**
         * RestoredView
         * @description A workflow after an old version became its newest.
         */
        RestoredView: {
            /** Id */
            id: string;
            /** Tenant Id */
            tenant_id: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Version */
            version: number;
            /** Definition */
            definition: {
                [key: string]: unknown;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Created By */
            created_by: string;
            /** Updated By */
            updated_by: string;
            /**
             * Warnings
             * @description After a save: what in the definition is unreachable or suspicious.
             */
            warnings?: components["schemas"]["FieldProblem"][];
            /** Restored From */
            restored_from: number;
        };
        /**
         * RotatedView
         * @description What a rotation made.
         */
        RotatedView: {
            /** Id */
            id: string;
            /** Version */
            version: number;
            /**
             * Rotated At
             * Format: date-time
             */
            rotated_at: string;
        };
        /**
         * ScheduleSummary
         * @description A schedule as lists show it.
         */
        ScheduleSummary: {
            /** Id */
            id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Workflow Name */
            workflow_name: string;
            /** Cron Expression */
            cron_expression: string | null;
            /** Every */
            every: unknown;
            /** Run At */
            run_at: unknown;
            /** Timezone */
            timezone: string;
            /** Enabled */
            enabled: boolean;
            /** Pause Reason */
            pause_reason: string | null;
            /** Next Run */
            next_run: string | null;
            /** Last Run */
            last_run: string | null;
            /**
             * Managed By
             * @enum {string}
             */
            managed_by: "api" | "definition";
            last_skip: components["schemas"]["Skip"] | null;
        };
        /**
         * ScheduleView
         * @description A schedule.
         */
        ScheduleView: {
            /** Id */
            id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Workflow Name */
            workflow_name: string;
            /** Cron Expression */
            cron_expression: string | null;
            /** Every */
            every: unknown;
            /** Run At */
            run_at: unknown;
            /** Timezone */
            timezone: string;
            /** Enabled */
            enabled: boolean;
            /** Pause Reason */
            pause_reason: string | null;
            /** Next Run */
            next_run: string | null;
            /** Last Run */
            last_run: string | null;
            /**
             * Managed By
             * @enum {string}
             */
            managed_by: "api" | "definition";
            last_skip: components["schemas"]["Skip"] | null;
            /** Offset */
            offset: unknown;
            /** Jitter */
            jitter: unknown;
            /** Start At */
            start_at: unknown;
            /** End At */
            end_at: unknown;
            /** Exclude */
            exclude: unknown;
            /** Payload */
            payload: unknown;
            /**
             * Overlap
             * @enum {string}
             */
            overlap: "skip" | "buffer_one" | "buffer_all" | "cancel_other" | "terminate_other" | "allow_all";
            /** Catchup Window */
            catchup_window: number;
            /** Pause On Failure */
            pause_on_failure: boolean;
            /** Remaining Runs */
            remaining_runs: number | null;
            /** Synced */
            synced: boolean;
            /** Error */
            error: string | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Updated By */
            updated_by: string;
        };
        /**
         * SentSignal
         * @description A signal that the execution has, or will have when it waits for it.
         */
        SentSignal: {
            /** Id */
            id: string;
            /** Execution Id */
            execution_id: string;
            /** Name */
            name: string;
            /**
             * Status
             * @enum {string}
             */
            status: "delivered" | "queued";
        };
        /**
         * Skip
         * @description A run that was passed over.
         */
        Skip: {
            /**
             * At
             * Format: date-time
             */
            at: string;
            /** Reason */
            reason: string;
        };
        /**
         * Stats
         * @description Executions that match.
         */
        Stats: {
            /** Total Executions */
            total_executions: number;
            /** Pending */
            pending: number;
            /** Running */
            running: number;
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Cancelled */
            cancelled: number;
            /** Terminated */
            terminated: number;
            /** Timed Out */
            timed_out: number;
            /** Success Rate */
            success_rate: number | null;
            /** Average Duration Ms */
            average_duration_ms: number | null;
            /** Executions By Day */
            executions_by_day: components["schemas"]["DayCounts"][];
        };
        /**
         * Step
         * @description One step.
         */
        Step: {
            /** Id */
            id: string;
            /** Action Id */
            action_id: string;
            /** Type */
            type: string;
            /**
             * Status
             * @enum {string}
             */
            status: "pending" | "running" | "completed" | "failed" | "skipped" | "cancelled" | "timed_out";
            /** Started At */
            started_at?: string | null;
            /** Completed At */
            completed_at?: string | null;
            /** Duration Ms */
            duration_ms?: number | null;
            /**
             * Attempts
             * @default 1
             */
            attempts?: number;
            /** Input */
            input?: unknown;
            /** Output */
            output?: unknown;
            error?: components["schemas"]["ErrorInfo"] | null;
            /** Parent */
            parent?: string | null;
            progress?: components["schemas"]["Progress"] | null;
        };
        /**
         * StepFailures
         * @description A step in which executions of a workflow failed; without an action where no step did, such as at a timeout.
         */
        StepFailures: {
            /** Workflow Id */
            workflow_id: string;
            /** Workflow Name */
            workflow_name: string;
            /** Action Id */
            action_id: string | null;
            /** Failures */
            failures: number;
            /** Errors */
            errors: components["schemas"]["ErrorOfStep"][];
        };
        /**
         * StepsView
         * @description An execution, step by step.
         */
        StepsView: {
            /** Execution Id */
            execution_id: string;
            /** Steps */
            steps: components["schemas"]["Step"][];
            /** Total */
            total: number | null;
            /** Limit */
            limit: number;
            /** Offset */
            offset: number;
            /** Has More */
            has_more: boolean;
            /** Next Offset */
            next_offset: number | null;
        };
        /**
         * StopView
         * @description That an execution was asked to end.
         */
        StopView: {
            /** Kind */
            kind: string;
            /**
             * Requested At
             * Format: date-time
             */
            requested_at: string;
            /** Requested By */
            requested_by: string;
            /** Reason */
            reason: string | null;
        };
        /**
         * TenantView
         * @description A tenant.
         */
        TenantView: {
            /** Id */
            id: string;
            /** Name */
            name: string;
            /**
             * Status
             * @enum {string}
             */
            status: "active" | "suspended" | "deleted";
            /** Admin Email */
            admin_email: string | null;
            quotas: components["schemas"]["QuotasView"];
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Deleted At */
            deleted_at: string | null;
        };
        /**
         * Tested
         * @description What a test has shown. `status` is what a sender would have been answered.
         */
        Tested: {
            /** Success */
            success: boolean;
            /** Execution Id */
            execution_id: string | null;
            /** Response Time Ms */
            response_time_ms: number;
            /** Workflow Triggered */
            workflow_triggered: boolean;
            /** Status */
            status: number;
            /** Event Id */
            event_id: string;
            /** Reason */
            reason: string | null;
        };
        /**
         * TicketView
         * @description A ticket, which opens one stream.
         */
        TicketView: {
            /** Ticket */
            ticket: string;
            /**
             * Expires At
             * Format: date-time
             */
            expires_at: string;
        };
        /**
         * TrendBucket
         * @description Executions that started within an hour, a day, a week or a month.
         */
        TrendBucket: {
            /** Total */
            total: number;
            /** Pending */
            pending: number;
            /** Running */
            running: number;
            /** Completed */
            completed: number;
            /** Failed */
            failed: number;
            /** Cancelled */
            cancelled: number;
            /** Terminated */
            terminated: number;
            /** Timed Out */
            timed_out: number;
            /**
             * Timestamp
             * Format: date-time
             */
            timestamp: string;
        };
        /**
         * UpdatedWebhook
         * @description That a webhook was changed; of another `auth_type`, with its new secret.
         */
        UpdatedWebhook: {
            /** Secret */
            secret?: string;
            /** Username */
            username?: string;
            /** Header Name */
            header_name?: string;
            /** Id */
            id: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * UsageCounts
         * @description How much of what there is.
         */
        UsageCounts: {
            /** Workflows */
            workflows: number;
            /** Schedules */
            schedules: number;
            /** Webhooks */
            webhooks: number;
            /** Executions Today */
            executions_today: number;
            /** Executions Running */
            executions_running: number;
            /** Executions Queued */
            executions_queued: number;
        };
        /**
         * UsageView
         * @description What a tenant uses of its quotas.
         */
        UsageView: {
            /** Tenant Id */
            tenant_id: string;
            quotas: components["schemas"]["QuotasView"];
            usage: components["schemas"]["UsageCounts"];
            /**
             * Resets At
             * Format: date-time
             */
            resets_at: string;
        };
        /**
         * ValueView
         * @description A credential's value.
         */
        ValueView: {
            /** Id */
            id: string;
            /** Version */
            version: number;
            /** Value */
            value: {
                [key: string]: unknown;
            };
        };
        /**
         * VersionSummary
         * @description Who saved a version, when, and why.
         */
        VersionSummary: {
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Changes */
            changes?: string;
            /** Restored From */
            restored_from?: number;
        };
        /**
         * VersionView
         * @description A workflow as one save left it.
         */
        VersionView: {
            /** Version */
            version: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Created By */
            created_by: string;
            /** Changes */
            changes?: string;
            /** Restored From */
            restored_from?: number;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Definition */
            definition: {
                [key: string]: unknown;
            };
        };
        /**
         * WebhookSummary
         * @description A webhook as lists show it.
         */
        WebhookSummary: {
            /** Id */
            id: string;
            /** Tenant Id */
            tenant_id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Path */
            path: string | null;
            /** Url */
            url: string;
            /** Path Url */
            path_url: string | null;
            /**
             * Auth Type
             * @enum {string}
             */
            auth_type: "none" | "signature" | "basic" | "api_key";
            /** Enabled */
            enabled: boolean;
            /** Priority */
            priority: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /**
         * WebhookView
         * @description A webhook, without its secret.
         */
        WebhookView: {
            /** Id */
            id: string;
            /** Tenant Id */
            tenant_id: string;
            /** Workflow Id */
            workflow_id: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Path */
            path: string | null;
            /** Url */
            url: string;
            /** Path Url */
            path_url: string | null;
            /**
             * Auth Type
             * @enum {string}
             */
            auth_type: "none" | "signature" | "basic" | "api_key";
            /** Enabled */
            enabled: boolean;
            /** Priority */
            priority: number;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Scheme */
            scheme: string | null;
            /** Username */
            username: string | null;
            /** Header Name */
            header_name: string | null;
            /** Methods */
            methods: string[];
            /**
             * Response Mode
             * @enum {string}
             */
            response_mode: "accepted" | "result";
            /** Response Timeout */
            response_timeout: number;
            /** Input Schema */
            input_schema: {
                [key: string]: unknown;
            } | null;
            /** Filter */
            filter: string | null;
            /** Dedupe Key */
            dedupe_key: string | null;
            /** Dedupe Seconds */
            dedupe_seconds: number;
            /** Allowed Ips */
            allowed_ips: string[];
            /** Max Body Bytes */
            max_body_bytes: number | null;
            /** Regenerated At */
            regenerated_at: string | null;
            /** Previous Secret Valid Until */
            previous_secret_valid_until: string | null;
            /** Created By */
            created_by: string;
        };
        /**
         * WorkflowDurations
         * @description How long the executions of a workflow took that have ended.
         */
        WorkflowDurations: {
            /** Workflow Id */
            workflow_id: string;
            /** Workflow Name */
            workflow_name: string;
            /** Executions */
            executions: number;
            /** Avg Duration Ms */
            avg_duration_ms: number;
            /** Min Duration Ms */
            min_duration_ms: number;
            /** Max Duration Ms */
            max_duration_ms: number;
            /** P50 Duration Ms */
            p50_duration_ms: number;
            /** P95 Duration Ms */
            p95_duration_ms: number;
            /** P99 Duration Ms */
            p99_duration_ms: number;
        };
        /**
         * WorkflowFailures
         * @description A workflow of which executions failed or timed out.
         */
        WorkflowFailures: {
            /** Workflow Id */
            workflow_id: string;
            /** Workflow Name */
            workflow_name: string;
            /** Executions */
            executions: number;
            /** Failures */
            failures: number;
            /** Failure Rate */
            failure_rate: number;
        };
        /**
         * WorkflowView
         * @description A workflow as it is now.
         */
        WorkflowView: {
            /** Id */
            id: string;
            /** Tenant Id */
            tenant_id: string;
            /** Name */
            name: string;
            /** Description */
            description: string;
            /** Enabled */
            enabled: boolean;
            /** Version */
            version: number;
            /** Definition */
            definition: {
                [key: string]: unknown;
            };
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            /** Created By */
            created_by: string;
            /** Updated By */
            updated_by: string;
            /**
             * Warnings
             * @description After a save: what in the definition is unreachable or suspicious.
             */
            warnings?: components["schemas"]["FieldProblem"][];
        };
        /**
         * Action
         * @description One action of a list.
         */
        Action: {
            /**
             * Id
             * @description Unique in the whole definition; its result is `steps.<id>`.
             */
            id: string;
            /**
             * Type
             * @description The action type, such as `http`; the original's prefixes (`action:http`, `control:if`) are accepted.
             */
            type: string;
            /**
             * Name
             * @description For people.
             * @default null
             */
            name?: string | null;
            /**
             * Config
             * @description What the type asks for. Strings may hold `{{ expression }}`.
             */
            config?: {
                [key: string]: unknown;
            };
            /**
             * Depends On
             * @description Actions of the same list to wait for. Left out: the previous one; `[]`: none, start at once.
             * @default null
             */
            depends_on?: string[] | null;
            /**
             * When
             * @description An expression; where it gives false, the action is skipped.
             * @default null
             */
            when?: string | null;
            /**
             * @description How a failed attempt is tried again.
             * @default null
             */
            retry?: components["schemas"]["Retry"] | null;
            /**
             * Timeout
             * @description Longest time of one attempt. Default by type.
             * @default null
             */
            timeout?: (number | string) | null;
            /**
             * On Error
             * @description What a failure does after the last attempt: `fail` ends the execution, `continue` goes on without an
             *     output, a list of actions runs instead, with `error` in scope.
             * @default fail
             */
            on_error?: ("fail" | "continue") | components["schemas"]["Action"][];
            /**
             * Mode
             * @description `durable`: every attempt has its place in the history. `fast`: cheaper, for what is safe to repeat.
             *     Default by type.
             * @default null
             */
            mode?: ("durable" | "fast") | null;
            /**
             * Sensitive
             * @description Input and output are masked wherever they are shown.
             * @default false
             */
            sensitive?: boolean;
            /**
             * Metadata
             * @description Kept and ignored.
             * @default null
             */
            metadata?: unknown;
            /**
             * Position
             * @description Kept and ignored: where an editor draws it.
             * @default null
             */
            position?: unknown;
        };
        /**
         * BackfillRequest
         * @description A range of the past whose runs are to be made up for.
         */
        BackfillRequest: {
            /**
             * From
             * Format: date-time
             * @description The first moment of the range.
             */
            from: string;
            /**
             * To
             * Format: date-time
             * @description The last one; at most now.
             */
            to: string;
            /**
             * Overlap
             * @description What becomes of a run while the one before has not ended; by default they run one after the other.
             * @default buffer_all
             * @enum {string}
             */
            overlap?: "skip" | "buffer_one" | "buffer_all" | "cancel_other" | "terminate_other" | "allow_all";
        };
        /**
         * BulkDelete
         * @description The workflows to delete.
         */
        BulkDelete: {
            /**
             * Workflow Ids
             * @description Those that are no workflow of the tenant's are reported, not refused.
             */
            workflow_ids: string[];
        };
        /**
         * CreateApiKey
         * @description A new key.
         */
        CreateApiKey: {
            /**
             * Name
             * @description What it is for.
             */
            name: string;
            /**
             * Role
             * @description What it may do; no more than you.
             * @enum {string}
             */
            role: "viewer" | "operator" | "editor" | "admin";
            /**
             * Expires At
             * @description Left out, it is valid until it is revoked.
             * @default null
             */
            expires_at?: string | null;
        };
        /**
         * CreateCredential
         * @description A new credential.
         */
        CreateCredential: {
            /**
             * Name
             * @description Unique in the tenant: definitions call it by this.
             */
            name: string;
            /**
             * Type
             * @description `api_key`, `bearer_token`, `basic_auth`, `oauth2`, `aws`, `smtp`, `postgres` or `slack`, whose values have a
             *     form; any other type, such as `custom`, holds any object.
             */
            type: string;
            /**
             * Description
             * @default null
             */
            description?: string | null;
            /**
             * Value
             * @description Stored encrypted.
             */
            value: {
                [key: string]: unknown;
            };
            /**
             * Expires At
             * @default null
             */
            expires_at?: string | null;
        };
        /**
         * CreateSchedule
         * @description A new schedule. One of `cron_expression`, `every` and `run_at` says when.
         */
        CreateSchedule: {
            /**
             * Cron Expression
             * @description Five fields, six with leading seconds, or an alias such as @daily; see docs/cron.md.
             * @default null
             */
            cron_expression?: string | null;
            /**
             * Every
             * @description The time between two runs, in whole seconds: a duration such as 15m, up to a year.
             * @default null
             */
            every?: (number | string) | null;
            /**
             * Offset
             * @description With `every`: runs are due at its multiples since 1970, plus this.
             * @default 0
             * @example 500ms
             * @example 30s
             * @example 5m
             * @example 2h
             * @example 30d
             * @example PT30S
             * @example 30
             */
            offset?: number | string;
            /**
             * Run At
             * @description The one time of a schedule that runs once.
             * @default null
             */
            run_at?: string | null;
            /**
             * Timezone
             * @description The IANA time zone of the cron expression and of the exclusions.
             * @default UTC
             */
            timezone?: string;
            /**
             * Jitter
             * @description Each run begins at random up to this much later, but before the next one is due.
             * @default 0
             * @example 500ms
             * @example 30s
             * @example 5m
             * @example 2h
             * @example 30d
             * @example PT30S
             * @example 30
             */
            jitter?: number | string;
            /**
             * Start At
             * @description No run is due before it.
             * @default null
             */
            start_at?: string | null;
            /**
             * End At
             * @description No run is due after it.
             * @default null
             */
            end_at?: string | null;
            /**
             * Exclude
             * @description Dates such as 2027-12-25, on which nothing runs, and cron expressions, in whose minutes nothing does.
             */
            exclude?: string[];
            /**
             * Payload
             * @description What its executions have as `trigger.body`.
             */
            payload?: unknown;
            /**
             * Overlap
             * @description What becomes of a run that is due while the one before has not ended: it is skipped; waits, as the only one or
             *     with any number of others; begins once the other is cancelled or terminated; or begins at once beside it.
             * @default skip
             * @enum {string}
             */
            overlap?: "skip" | "buffer_one" | "buffer_all" | "cancel_other" | "terminate_other" | "allow_all";
            /**
             * Catchup Window
             * @description How long a run that could not begin in time, because Temporal was away, may still begin: a duration of ten
             *     seconds up to a year.
             * @default 600
             * @example 500ms
             * @example 30s
             * @example 5m
             * @example 2h
             * @example 30d
             * @example PT30S
             * @example 30
             */
            catchup_window?: number | string;
            /**
             * Pause On Failure
             * @description Disable the schedule when one of its executions fails or times out. Not possible with `allow_all`.
             * @default false
             */
            pause_on_failure?: boolean;
            /**
             * Remaining Runs
             * @description How many executions it may still begin, backfilled ones included; null for any number.
             * @default null
             */
            remaining_runs?: number | null;
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
        };
        /**
         * CreateTenant
         * @description A new tenant.
         */
        CreateTenant: {
            /** Name */
            name: string;
            /**
             * Admin Email
             * @description Whom to write to about it. It makes nobody a member: that is in Kratos.
             * @default null
             */
            admin_email?: string | null;
            /**
             * @description Those left out are the default ones.
             * @default {
             *       "max_workflows": -1,
             *       "max_executions_per_day": -1,
             *       "max_concurrent_executions": -1,
             *       "max_api_requests_per_minute": -1,
             *       "max_schedules": -1,
             *       "max_webhooks": -1,
             *       "retention_days": -1
             *     }
             */
            quotas?: components["schemas"]["Quotas"];
        };
        /**
         * CreateWebhook
         * @description A new webhook.
         */
        CreateWebhook: {
            /**
             * Path
             * @description An address of the tenant's own choice, `/webhooks/{tenant_id}` before it. Unique in the tenant. Case counts, a
             *     slash at the end does not.
             * @default null
             */
            path?: string | null;
            /**
             * Auth Type
             * @description How senders prove who they are.
             * @default signature
             * @enum {string}
             */
            auth_type?: "none" | "signature" | "basic" | "api_key";
            /**
             * Scheme
             * @description Of `signature`, how the sender signs: `gorax` (the default), `github`, `stripe` or `standard`.
             * @default null
             */
            scheme?: ("gorax" | "github" | "stripe" | "standard") | null;
            /**
             * Username
             * @description Of `basic`; generated when left out.
             * @default null
             */
            username?: string | null;
            /**
             * Header Name
             * @description Of `api_key`, the header that has the secret. Default `X-API-Key`.
             * @default null
             */
            header_name?: string | null;
            /**
             * Methods
             * @description HTTP methods that are received.
             * @default [
             *       "POST"
             *     ]
             */
            methods?: ("GET" | "POST" | "PUT" | "PATCH" | "DELETE")[];
            /**
             * Priority
             * @description Of the executions: 0 low, 1 normal, 2 high, 3 critical.
             * @default 1
             */
            priority?: number;
            /**
             * Enabled
             * @description A disabled webhook begins no execution.
             * @default true
             */
            enabled?: boolean;
            /**
             * Response Mode
             * @description `accepted` answers at once; `result` waits for what the workflow answers.
             * @default accepted
             * @enum {string}
             */
            response_mode?: "accepted" | "result";
            /**
             * Response Timeout
             * @description How long `result` waits.
             * @default 30
             * @example 500ms
             * @example 30s
             * @example 5m
             * @example 2h
             * @example 30d
             * @example PT30S
             * @example 30
             */
            response_timeout?: number | string;
            /**
             * Input Schema
             * @description JSON Schema (2020-12): an event whose body is not as it asks begins nothing.
             * @default null
             */
            input_schema?: {
                [key: string]: unknown;
            } | null;
            /**
             * Filter
             * @description An expression over `trigger`: an event for which it is not true begins nothing.
             * @default null
             */
            filter?: string | null;
            /**
             * Dedupe Key
             * @description An expression over `trigger`: of events for which it has the same value, the first one counts.
             * @default null
             */
            dedupe_key?: string | null;
            /**
             * Dedupe Seconds
             * @description How long a repeated event is recognised; 0 for not at all.
             * @default 86400
             */
            dedupe_seconds?: number;
            /**
             * Allowed Ips
             * @description Addresses and networks that may send; empty for any.
             * @default []
             */
            allowed_ips?: string[];
            /**
             * Max Body Bytes
             * @description Largest body; left out, what the server allows.
             * @default null
             */
            max_body_bytes?: number | null;
            /** Name */
            name: string;
            /**
             * Workflow Id
             * @description The workflow that events execute. It stays the same: the webhook's address has it.
             */
            workflow_id: string;
            /**
             * Description
             * @default null
             */
            description?: string | null;
            /**
             * Secret
             * @description What the sender has already, such as the one that Stripe shows; made when left out. Stored encrypted. It is used
             *     as UTF-8.
             * @default null
             */
            secret?: string | null;
        };
        /**
         * CreateWorkflow
         * @description A new workflow.
         */
        CreateWorkflow: {
            /** Name */
            name: string;
            /**
             * Description
             * @default null
             */
            description?: string | null;
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
            definition: components["schemas"]["Definition"];
            /**
             * Changes
             * @description A remark that the first version keeps.
             * @default null
             */
            changes?: string | null;
        };
        /**
         * Decide
         * @description An answer to an approval.
         */
        Decide: {
            /**
             * Comment
             * @default null
             */
            comment?: string | null;
            /**
             * Form
             * @description What the approval's form asks for.
             * @default null
             */
            form?: unknown;
        };
        /**
         * Definition
         * @description A workflow, as it is authored and stored.
         */
        Definition: {
            /** @description What starts it. */
            trigger?: components["schemas"]["Trigger"];
            /**
             * Actions
             * @description What it does, in order unless `depends_on` says otherwise.
             */
            actions: components["schemas"]["Action"][];
            /**
             * Variables
             * @description Constants for expressions, as `vars.*`; 64 KB.
             */
            variables?: {
                [key: string]: unknown;
            };
            /**
             * Input Schema
             * @description JSON Schema (2020-12) that `trigger.body` must satisfy before an execution is accepted; 64 KB.
             * @default null
             */
            input_schema?: {
                [key: string]: unknown;
            } | null;
            /**
             * Output
             * @description Template of the execution's result. Left out: the output of the last action that finished.
             * @default null
             */
            output?: unknown;
            /**
             * @description Actions for when the execution fails: a list, or `{"on": ["failed", "cancelled"], "actions": […]}`.
             * @default null
             */
            on_failure?: components["schemas"]["Action"][] | components["schemas"]["OnFailure"] | null;
            /**
             * Timeout
             * @description Longest time of the whole execution, at most 365 days. Default a day.
             * @default 86400
             * @example 500ms
             * @example 30s
             * @example 5m
             * @example 2h
             * @example 30d
             * @example PT30S
             * @example 30
             */
            timeout?: number | string;
            /**
             * Metadata
             * @description Kept and ignored.
             * @default null
             */
            metadata?: unknown;
            /**
             * Position
             * @description Kept and ignored.
             * @default null
             */
            position?: unknown;
        };
        /**
         * DryRunRequest
         * @description What the trigger would bring.
         */
        DryRunRequest: {
            /**
             * Test Data
             * @description Stands for `trigger.body`.
             */
            test_data?: unknown;
        };
        /**
         * OnFailure
         * @description Actions that run when the execution does not end well, with `error` in scope.
         */
        OnFailure: {
            /**
             * On
             * @description The ends that they run after.
             * @default [
             *       "failed"
             *     ]
             */
            on?: ("failed" | "cancelled")[];
            /** Actions */
            actions: components["schemas"]["Action"][];
        };
        /**
         * ParseCron
         * @description A cron expression that may be wrong.
         */
        ParseCron: {
            /**
             * Cron Expression
             * @description Anything that might be one.
             */
            cron_expression: string;
            /**
             * Timezone
             * @description The IANA time zone of its times.
             * @default UTC
             */
            timezone?: string;
        };
        /**
         * PreviewRuns
         * @description When a schedule would run: one of `cron_expression`, `every` and `run_at`, with its bounds and exceptions.
         */
        PreviewRuns: {
            /**
             * Cron Expression
             * @description Five fields, six with leading seconds, or an alias such as @daily; see docs/cron.md.
             * @default null
             */
            cron_expression?: string | null;
            /**
             * Every
             * @description The time between two runs, in whole seconds: a duration such as 15m, up to a year.
             * @default null
             */
            every?: (number | string) | null;
            /**
             * Offset
             * @description With `every`: runs are due at its multiples since 1970, plus this.
             * @default 0
             * @example 500ms
             * @example 30s
             * @example 5m
             * @example 2h
             * @example 30d
             * @example PT30S
             * @example 30
             */
            offset?: number | string;
            /**
             * Run At
             * @description The one time of a schedule that runs once.
             * @default null
             */
            run_at?: string | null;
            /**
             * Timezone
             * @description The IANA time zone of the cron expression and of the exclusions.
             * @default UTC
             */
            timezone?: string;
            /**
             * Jitter
             * @description Each run begins at random up to this much later, but before the next one is due.
             * @default 0
             * @example 500ms
             * @example 30s
             * @example 5m
             * @example 2h
             * @example 30d
             * @example PT30S
             * @example 30
             */
            jitter?: number | string;
            /**
             * Start At
             * @description No run is due before it.
             * @default null
             */
            start_at?: string | null;
            /**
             * End At
             * @description No run is due after it.
             * @default null
             */
            end_at?: string | null;
            /**
             * Exclude
             * @description Dates such as 2027-12-25, on which nothing runs, and cron expressions, in whose minutes nothing does.
             */
            exclude?: string[];
            /**
             * Count
             * @description How many runs are wanted.
             * @default 10
             */
            count?: number;
            /**
             * After
             * @description The runs after this; by default after now.
             * @default null
             */
            after?: string | null;
        };
        /**
         * Quotas
         * @description How much of what a tenant may have; -1 is without limit. A field left out stays as it is.
         */
        Quotas: {
            /**
             * Max Workflows
             * @default -1
             */
            max_workflows?: number;
            /**
             * Max Executions Per Day
             * @description Begun between two midnights, UTC.
             * @default -1
             */
            max_executions_per_day?: number;
            /**
             * Max Concurrent Executions
             * @default -1
             */
            max_concurrent_executions?: number;
            /**
             * Max Api Requests Per Minute
             * @default -1
             */
            max_api_requests_per_minute?: number;
            /**
             * Max Schedules
             * @default -1
             */
            max_schedules?: number;
            /**
             * Max Webhooks
             * @default -1
             */
            max_webhooks?: number;
            /**
             * Retention Days
             * @description For which executions that have ended are kept.
             * @default -1
             */
            retention_days?: number;
        };
        /**
         * RegenerateSecret
         * @description A new secret.
         */
        RegenerateSecret: {
            /**
             * Grace Seconds
             * @description How long the secret before stays valid; by default it is not, from now on.
             * @default 0
             */
            grace_seconds?: number;
            /**
             * Secret
             * @description What the sender has already; made when left out.
             * @default null
             */
            secret?: string | null;
        };
        /**
         * ReplayEvent
         * @description A replay of one event.
         */
        ReplayEvent: {
            /**
             * Body
             * @description Takes the place of the event's body, as `trigger.body`; left out, that one stays.
             * @default null
             */
            body?: unknown;
        };
        /**
         * ReplayEvents
         * @description Which events of a webhook to replay. Those of earlier replays, and of tests, are left alone.
         */
        ReplayEvents: {
            /**
             * Status
             * @description Only events of this status, or of one of several: `filtered,rejected`.
             * @default null
             */
            status?: ("processed" | "filtered" | "duplicate" | "rejected" | "queued")[] | null;
            /**
             * From
             * @description Only events received at this time or later (ISO 8601).
             * @default null
             * @example 2024-01-01
             * @example 2024-01-01T10:00:00Z
             */
            from?: string;
            /**
             * To
             * @description Only events received before this time; a plain date means through its end (UTC).
             * @default null
             * @example 2024-01-31
             * @example 2024-01-31T10:00:00Z
             */
            to?: string;
            /**
             * Limit
             * @description At most so many, the oldest first.
             * @default 100
             */
            limit?: number;
            /**
             * After
             * @description Only events after this one: `next` of the batch before.
             * @default null
             */
            after?: string | null;
        };
        /**
         * Rerun
         * @description Beginning anew with the trigger of an execution.
         */
        Rerun: {
            /**
             * Version
             * @description Which version of the workflow runs: that of the execution, or the one that is saved now.
             * @default same
             * @enum {string}
             */
            version?: "same" | "current";
        };
        /**
         * Retry
         * @description How a failed attempt is tried again. What is left out follows the action's type.
         */
        Retry: {
            /**
             * Max Attempts
             * @description Attempts in all; 1 means that none follows the first. Default 3.
             * @default null
             */
            max_attempts?: number | null;
            /**
             * Initial Interval
             * @description Wait before the second attempt. Default 1s.
             * @default null
             */
            initial_interval?: (number | string) | null;
            /**
             * Backoff
             * @description Factor by which each wait is longer than the one before. Default 2.
             * @default null
             */
            backoff?: number | null;
            /**
             * Max Interval
             * @description Longest wait between two attempts. Default 1m.
             * @default null
             */
            max_interval?: (number | string) | null;
            /**
             * Jitter
             * @description Spread the waits a little, so that many executions do not retry at the same moment. Default true.
             * @default null
             */
            jitter?: boolean | null;
            /**
             * Retry On
             * @description Error types that are tried again, matched by prefix. Default: those that another attempt can help.
             * @default null
             */
            retry_on?: string[] | null;
            /**
             * Not On
             * @description Error types that are never tried again, matched by prefix.
             * @default null
             */
            not_on?: string[] | null;
        };
        /**
         * RotateCredential
         * @description A new value.
         */
        RotateCredential: {
            /** New Value */
            new_value: {
                [key: string]: unknown;
            };
            /**
             * Grace Period
             * @description How long the value before stays valid for executions that began with it, such as `"24h"`, the default; `0` for
             *     not at all, 30 days at most.
             * @default 86400
             */
            grace_period?: number | string;
            /**
             * Expires At
             * @description Of the new value; left out, it does not expire.
             * @default null
             */
            expires_at?: string | null;
        };
        /**
         * SendTest
         * @description An event to send through the webhook. What proves who sends it is added, unless the headers have it.
         */
        SendTest: {
            /**
             * Method
             * @description Left out, the first one that the webhook receives.
             * @default null
             */
            method?: ("GET" | "POST" | "PUT" | "PATCH" | "DELETE") | null;
            /**
             * Headers
             * @description A `Content-Type` decides how the body is written: JSON unless it says otherwise.
             */
            headers?: {
                [key: string]: string;
            };
            /**
             * Query
             * @description What stands after the `?` of the address.
             * @default
             */
            query?: string;
            /**
             * Body
             * @description Any JSON value, and sent as JSON; but text as it is where the `Content-Type` is not JSON. Left out, no body.
             * @default null
             */
            body?: unknown;
        };
        /**
         * Terminate
         * @description Ending an execution at once.
         */
        Terminate: {
            /**
             * Reason
             * @description Shown as the message of the execution's error.
             * @default null
             */
            reason?: string | null;
        };
        /**
         * Trigger
         * @description What starts the workflow; any workflow can also be started by hand.
         */
        Trigger: {
            /**
             * Type
             * @description The kind of start, which decides the names under `trigger`. `trigger:webhook` is accepted too.
             * @default manual
             */
            type?: string;
            /**
             * Config
             * @description Settings of the trigger, kept as they are. A schedule's say when it runs: `cron`, `timezone` and more.
             */
            config?: {
                [key: string]: unknown;
            };
            /**
             * Metadata
             * @description Kept and ignored.
             * @default null
             */
            metadata?: unknown;
            /**
             * Position
             * @description Kept and ignored: where an editor draws it.
             * @default null
             */
            position?: unknown;
        };
        /**
         * UpdateCredential
         * @description What changes; a field left out stays as it is. A new value is a rotation.
         */
        UpdateCredential: {
            /**
             * Name
             * @default
             */
            name?: string;
            /**
             * Description
             * @default null
             */
            description?: string | null;
            /**
             * Expires At
             * @description Of the current value; null for never.
             * @default null
             */
            expires_at?: string | null;
        };
        /**
         * UpdateQuotas
         * @description What changes.
         */
        UpdateQuotas: {
            /**
             * Max Workflows
             * @default -1
             */
            max_workflows?: number;
            /**
             * Max Executions Per Day
             * @description Begun between two midnights, UTC.
             * @default -1
             */
            max_executions_per_day?: number;
            /**
             * Max Concurrent Executions
             * @default -1
             */
            max_concurrent_executions?: number;
            /**
             * Max Api Requests Per Minute
             * @default -1
             */
            max_api_requests_per_minute?: number;
            /**
             * Max Schedules
             * @default -1
             */
            max_schedules?: number;
            /**
             * Max Webhooks
             * @default -1
             */
            max_webhooks?: number;
            /**
             * Retention Days
             * @description For which executions that have ended are kept.
             * @default -1
             */
            retention_days?: number;
        };
        /**
         * UpdateSchedule
         * @description What changes; a field left out stays as it is, and null takes away what there is. Of `cron_expression`,
         *     `every` and `run_at`, the one that is given takes the place of the others.
         */
        UpdateSchedule: {
            /**
             * Enabled
             * @default null
             */
            enabled?: boolean | null;
            /**
             * Cron Expression
             * @description Five fields, six with leading seconds, or an alias such as @daily; see docs/cron.md.
             * @default null
             */
            cron_expression?: string | null;
            /**
             * Every
             * @description The time between two runs, in whole seconds: a duration such as 15m, up to a year.
             * @default null
             */
            every?: (number | string) | null;
            /**
             * Offset
             * @description With `every`: runs are due at its multiples since 1970, plus this.
             * @default null
             */
            offset?: (number | string) | null;
            /**
             * Run At
             * @description The one time of a schedule that runs once.
             * @default null
             */
            run_at?: string | null;
            /**
             * Timezone
             * @description The IANA time zone of the cron expression and of the exclusions.
             * @default null
             */
            timezone?: string | null;
            /**
             * Jitter
             * @description Each run begins at random up to this much later, but before the next one is due.
             * @default null
             */
            jitter?: (number | string) | null;
            /**
             * Start At
             * @description No run is due before it.
             * @default null
             */
            start_at?: string | null;
            /**
             * End At
             * @description No run is due after it.
             * @default null
             */
            end_at?: string | null;
            /**
             * Exclude
             * @description Dates such as 2027-12-25, on which nothing runs, and cron expressions, in whose minutes nothing does.
             * @default null
             */
            exclude?: string[] | null;
            /**
             * Payload
             * @description What its executions have as `trigger.body`.
             * @default null
             */
            payload?: unknown | null;
            /**
             * Overlap
             * @description What becomes of a run that is due while the one before has not ended: it is skipped; waits, as the only one or
             *     with any number of others; begins once the other is cancelled or terminated; or begins at once beside it.
             * @default null
             */
            overlap?: ("skip" | "buffer_one" | "buffer_all" | "cancel_other" | "terminate_other" | "allow_all") | null;
            /**
             * Catchup Window
             * @description How long a run that could not begin in time, because Temporal was away, may still begin: a duration of ten
             *     seconds up to a year.
             * @default null
             */
            catchup_window?: (number | string) | null;
            /**
             * Pause On Failure
             * @description Disable the schedule when one of its executions fails or times out. Not possible with `allow_all`.
             * @default null
             */
            pause_on_failure?: boolean | null;
            /**
             * Remaining Runs
             * @description How many executions it may still begin, backfilled ones included; null for any number.
             * @default null
             */
            remaining_runs?: number | null;
        };
        /**
         * UpdateWebhook
         * @description What changes; a field left out stays as it is, and null takes away what there is.
         */
        UpdateWebhook: {
            /**
             * Path
             * @description An address of the tenant's own choice, `/webhooks/{tenant_id}` before it. Unique in the tenant. Case counts, a
             *     slash at the end does not.
             */
            path?: string | null;
            /**
             * Auth Type
             * @description How senders prove who they are.
             * @enum {string}
             */
            auth_type?: "none" | "signature" | "basic" | "api_key";
            /**
             * Scheme
             * @description Of `signature`, how the sender signs: `gorax` (the default), `github`, `stripe` or `standard`.
             */
            scheme?: ("gorax" | "github" | "stripe" | "standard") | null;
            /**
             * Username
             * @description Of `basic`; generated when left out.
             */
            username?: string | null;
            /**
             * Header Name
             * @description Of `api_key`, the header that has the secret. Default `X-API-Key`.
             */
            header_name?: string | null;
            /**
             * Methods
             * @description HTTP methods that are received.
             */
            methods?: ("GET" | "POST" | "PUT" | "PATCH" | "DELETE")[];
            /**
             * Priority
             * @description Of the executions: 0 low, 1 normal, 2 high, 3 critical.
             */
            priority?: number;
            /**
             * Enabled
             * @description A disabled webhook begins no execution.
             */
            enabled?: boolean;
            /**
             * Response Mode
             * @description `accepted` answers at once; `result` waits for what the workflow answers.
             * @enum {string}
             */
            response_mode?: "accepted" | "result";
            /**
             * Response Timeout
             * @description How long `result` waits.
             * @example 500ms
             * @example 30s
             * @example 5m
             * @example 2h
             * @example 30d
             * @example PT30S
             * @example 30
             */
            response_timeout?: number | string;
            /**
             * Input Schema
             * @description JSON Schema (2020-12): an event whose body is not as it asks begins nothing.
             */
            input_schema?: {
                [key: string]: unknown;
            } | null;
            /**
             * Filter
             * @description An expression over `trigger`: an event for which it is not true begins nothing.
             */
            filter?: string | null;
            /**
             * Dedupe Key
             * @description An expression over `trigger`: of events for which it has the same value, the first one counts.
             */
            dedupe_key?: string | null;
            /**
             * Dedupe Seconds
             * @description How long a repeated event is recognised; 0 for not at all.
             */
            dedupe_seconds?: number;
            /**
             * Allowed Ips
             * @description Addresses and networks that may send; empty for any.
             */
            allowed_ips?: string[];
            /**
             * Max Body Bytes
             * @description Largest body; left out, what the server allows.
             */
            max_body_bytes?: number | null;
            /** Name */
            name?: string;
            /** Description */
            description?: string | null;
        };
        /**
         * UpdateWorkflow
         * @description What changes; a field left out stays as it is.
         */
        UpdateWorkflow: {
            /**
             * Name
             * @default
             */
            name?: string;
            /**
             * Description
             * @default null
             */
            description?: string | null;
            /**
             * Enabled
             * @default true
             */
            enabled?: boolean;
            /** @default null */
            definition?: components["schemas"]["Definition"];
            /**
             * Changes
             * @description A remark that the new version keeps.
             * @default null
             */
            changes?: string | null;
        };
        /**
         * Error
         * @description What every error looks like.
         */
        Error: {
            /** Error */
            error: string;
            /** Details */
            details?: components["schemas"]["FieldProblem"][];
            /** Request Id */
            request_id?: string;
            /** Retry After */
            retry_after?: number;
        };
    };
    responses: never;
    parameters: {
        /** @description Names this request: repeated with the same key, it has no second effect. */
        IdempotencyKey: string;
    };
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The process is about to end */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    receiveEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Workflow identifier */
                workflowID: string;
                /** @description Webhook identifier */
                webhookID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivedEvent"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not one of the methods that the webhook receives */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is compressed */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    receiveEventAtPath: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Tenant identifier */
                tenantID: string;
                /** @description The path of the webhook */
                path: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReceivedEvent"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not one of the methods that the webhook receives */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is compressed */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    streamExecution: {
        parameters: {
            query?: {
                /** @description The `id` of the last message that the client has seen: what came after it is sent. */
                last_event_id?: string | null;
                /** @description From `POST /api/v1/ws/ticket`; it opens one stream. */
                ticket?: string | null;
                /** @description Stands for the header `X-Tenant-ID` where none can be sent. */
                tenant_id?: string | null;
                /** @description In development, stands for the header `X-User-ID`. */
                user_id?: string | null;
            };
            header?: {
                /** @description What `last_event_id` says, as browsers send it when they come back. */
                "last-event-id"?: string | null;
            };
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": unknown;
                };
            };
            /** @description The client has seen the end: there will be nothing more */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWorkflows: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WorkflowView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWorkflow"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_WorkflowView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    bulkDeleteWorkflows: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BulkDelete"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_BulkDeleted_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_WorkflowView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWorkflow"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_WorkflowView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    executeWorkflow: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_Accepted_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    dryRunWorkflow: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["DryRunRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_DryRun_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWorkflowVersions: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_VersionSummary_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWorkflowVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
                /** @description Version number */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_VersionView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    restoreWorkflowVersion: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
                /** @description Version number */
                version: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_RestoredView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listActionTypes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_list_ActionTypeView__"];
                };
            };
            /** @description The client has it: its `If-None-Match` names the `ETag` */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getActionType: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of an action type, one of its aliases, or either with a prefix: `action:http` */
                typeName: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ActionTypeView_"];
                };
            };
            /** @description The client has it: its `If-None-Match` names the `ETag` */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDefinitionSchema: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description JSON Schema, draft 2020-12 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/schema+json": Record<string, never>;
                };
            };
            /** @description The client has it: its `If-None-Match` names the `ETag` */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getExecutionStats: {
        parameters: {
            query?: {
                /** @description Only executions of this workflow. */
                workflow_id?: string | null;
                /** @description Only executions of this status, or of one of several: `failed,timed_out`. */
                status?: ("pending" | "running" | "completed" | "failed" | "cancelled" | "terminated" | "timed_out")[] | null;
                /** @description Only executions begun this way. */
                trigger_type?: ("manual" | "webhook" | "schedule" | "sub_workflow" | "replay") | null;
                /** @description The IANA time zone of dates, and of times that do not say theirs; statistics are by its days. */
                timezone?: string;
                /** @description Only executions started at this time or later (ISO 8601). */
                from?: string;
                /** @description Only executions started before this time; a plain date means through its end. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Stats"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getExecutionTrends: {
        parameters: {
            query?: {
                /** @description Only executions of this workflow. */
                workflow_id?: string | null;
                /** @description Only executions of this status, or of one of several: `failed,timed_out`. */
                status?: ("pending" | "running" | "completed" | "failed" | "cancelled" | "terminated" | "timed_out")[] | null;
                /** @description Only executions begun this way. */
                trigger_type?: ("manual" | "webhook" | "schedule" | "sub_workflow" | "replay") | null;
                /** @description The IANA time zone of dates, and of times that do not say theirs; statistics are by its days. */
                timezone?: string;
                /** @description Only executions started at this time or later (ISO 8601). */
                from?: string;
                /** @description Only executions started before this time; a plain date means through its end. */
                to?: string;
                /** @description How long a bucket is; it begins at midnight of `timezone`, weeks on Mondays. Without `from` there are 48 hours, 30 days, 12 weeks or 12 months up to `to`, or up to now. */
                granularity?: "hour" | "day" | "week" | "month";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_list_TrendBucket__"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getDurationStatistics: {
        parameters: {
            query?: {
                /** @description Only executions of this workflow. */
                workflow_id?: string | null;
                /** @description Only executions of this status, or of one of several: `failed,timed_out`. */
                status?: ("pending" | "running" | "completed" | "failed" | "cancelled" | "terminated" | "timed_out")[] | null;
                /** @description Only executions begun this way. */
                trigger_type?: ("manual" | "webhook" | "schedule" | "sub_workflow" | "replay") | null;
                /** @description The IANA time zone of dates, and of times that do not say theirs; statistics are by its days. */
                timezone?: string;
                /** @description Only executions started at this time or later (ISO 8601). */
                from?: string;
                /** @description Only executions started before this time; a plain date means through its end. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_list_WorkflowDurations__"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getFailureStatistics: {
        parameters: {
            query?: {
                /** @description Only executions of this workflow. */
                workflow_id?: string | null;
                /** @description Only executions of this status, or of one of several: `failed,timed_out`. */
                status?: ("pending" | "running" | "completed" | "failed" | "cancelled" | "terminated" | "timed_out")[] | null;
                /** @description Only executions begun this way. */
                trigger_type?: ("manual" | "webhook" | "schedule" | "sub_workflow" | "replay") | null;
                /** @description The IANA time zone of dates, and of times that do not say theirs; statistics are by its days. */
                timezone?: string;
                /** @description Only executions started at this time or later (ISO 8601). */
                from?: string;
                /** @description Only executions started before this time; a plain date means through its end. */
                to?: string;
                /** @description Maximum number of workflows, and of steps. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_Failures_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listExecutions: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only executions of this workflow. */
                workflow_id?: string | null;
                /** @description Only executions of this status, or of one of several: `failed,timed_out`. */
                status?: ("pending" | "running" | "completed" | "failed" | "cancelled" | "terminated" | "timed_out")[] | null;
                /** @description Only executions begun this way. */
                trigger_type?: ("manual" | "webhook" | "schedule" | "sub_workflow" | "replay") | null;
                /** @description The IANA time zone of dates, and of times that do not say theirs; statistics are by its days. */
                timezone?: string;
                /** @description Only executions started at this time or later (ISO 8601). */
                from?: string;
                /** @description Only executions started before this time; a plain date means through its end. */
                to?: string;
                /** @description Only executions that this one runs as sub-workflows. */
                parent_execution_id?: string | null;
                /** @description Only executions whose error's message has this in it, in capital letters or small ones. */
                search?: string | null;
                /** @description The order; `-` before the field means largest first. By duration, only executions that have one. */
                sort?: "-started_at" | "started_at" | "-duration_ms" | "duration_ms";
                /** @description The `next_cursor` of the page before: begin behind it. Takes the place of `offset`. */
                cursor?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ExecutionsPage"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ExecutionView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getExecutionSteps: {
        parameters: {
            query?: {
                /** @description Maximum number of steps. A page may have fewer where steps are large: go on at `next_offset`. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only steps inside this one, such as `each_order`, or inside one iteration, `each_order[17]`. */
                parent?: string | null;
                /** @description Only steps of this status, or of one of several: `failed,cancelled`. */
                status?: ("pending" | "running" | "completed" | "failed" | "skipped" | "cancelled" | "timed_out")[] | null;
                /** @description Show the real input and output of `sensitive` steps. Administrators of the tenant alone may. */
                reveal?: boolean;
            };
            header?: never;
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_StepsView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    cancelExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ExecutionState_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    terminateExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Terminate"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ExecutionState_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    pauseExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ExecutionState_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    resumeExecution: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ExecutionState_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    retryExecution: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_Accepted_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    rerunExecution: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Rerun"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_Accepted_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listExecutionWaits: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_OpenWait_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    sendSignal: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Execution identifier */
                executionID: string;
                /** @description What the execution waits for it by. */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_SentSignal_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listApprovals: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only approvals of this status. */
                status?: ("waiting" | "approved" | "rejected" | "expired" | "cancelled") | null;
                /** @description Only approvals of this workflow. */
                workflow_id?: string | null;
                /** @description Only approvals of this execution. */
                execution_id?: string | null;
                /** @description Only approvals that ask this user by name. */
                assignee?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_Approval_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Approval identifier */
                approvalID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_Approval_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    approveApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Approval identifier */
                approvalID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Decide"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_Approval_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    rejectApproval: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Approval identifier */
                approvalID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Decide"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_Approval_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listCredentials: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CredentialView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createCredential: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateCredential"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_CredentialView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    exportCredentialAccessLog: {
        parameters: {
            query?: {
                /** @description Only accesses since this time. */
                from?: string;
                /** @description Only accesses before this time. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One entry a line, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Credential identifier */
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_CredentialView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Credential identifier */
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateCredential"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_CredentialView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteCredential: {
        parameters: {
            query?: {
                /** @description Delete it although workflows use it: their steps will fail. */
                force?: boolean;
            };
            header?: never;
            path: {
                /** @description Credential identifier */
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getCredentialValue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Credential identifier */
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ValueView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    rotateCredential: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Credential identifier */
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RotateCredential"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_RotatedView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listCredentialVersions: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description Credential identifier */
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_CredentialVersionView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listCredentialAccesses: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description Credential identifier */
                credentialID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AccessView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    parseCron: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ParseCron"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ParsedCron"] | components["schemas"]["NotCron"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    previewTiming: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreviewRuns"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_list_str__"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listSchedules: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only those that are enabled themselves, or only those that are not. */
                enabled?: ("true" | "false") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ScheduleSummary_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWorkflowSchedules: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only those that are enabled themselves, or only those that are not. */
                enabled?: ("true" | "false") | null;
            };
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ScheduleSummary_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateSchedule"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ScheduleView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Schedule identifier */
                scheduleID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ScheduleView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Schedule identifier */
                scheduleID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateSchedule"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ScheduleView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Schedule identifier */
                scheduleID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    triggerSchedule: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Schedule identifier */
                scheduleID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_Accepted_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    backfillSchedule: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Schedule identifier */
                scheduleID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BackfillRequest"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_BackfillView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listScheduleExecutions: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path: {
                /** @description Schedule identifier */
                scheduleID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ExecutionSummary_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    previewScheduleRuns: {
        parameters: {
            query?: {
                /** @description Maximum number of runs. */
                count?: number;
            };
            header?: never;
            path: {
                /** @description Schedule identifier */
                scheduleID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_list_str__"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_WebhookSummary_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_CreatedWebhook_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook identifier */
                webhookID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_WebhookView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook identifier */
                webhookID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateWebhook"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_UpdatedWebhook_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook identifier */
                webhookID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    regenerateWebhookSecret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook identifier */
                webhookID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RegenerateSecret"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_RegeneratedSecret_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listWebhookEvents: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only events of this status, or of one of several: `filtered,rejected`. */
                status?: ("processed" | "filtered" | "duplicate" | "rejected" | "queued")[] | null;
                /** @description Only events received at this time or later (ISO 8601). */
                from?: string;
                /** @description Only events received before this time; a plain date means through its end (UTC). */
                to?: string;
            };
            header?: never;
            path: {
                /** @description Webhook identifier */
                webhookID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_EventView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    replayWebhookEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Webhook identifier */
                webhookID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReplayEvents"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedEvents"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Webhook identifier */
                webhookID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["SendTest"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tested"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWebhookEvent: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Event identifier */
                eventID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_EventDetail_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    replayWebhookEvent: {
        parameters: {
            query?: never;
            header?: {
                /** @description Names this request: repeated with the same key, it has no second effect. */
                "Idempotency-Key"?: components["parameters"]["IdempotencyKey"];
            };
            path: {
                /** @description Event identifier */
                eventID: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReplayEvent"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReplayedEvent"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    decodePayloads: {
        parameters: {
            query?: never;
            header?: {
                /** @description The Temporal namespace of the payloads. */
                "X-Namespace"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodecPayloads"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodecPayloads"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    encodePayloads: {
        parameters: {
            query?: never;
            header?: {
                /** @description The Temporal namespace of the payloads. */
                "X-Namespace"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CodecPayloads"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CodecPayloads"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getWorkflowDiagram: {
        parameters: {
            query?: {
                /** @description The version to draw. Left out: the current one. */
                version?: number | null;
            };
            header?: never;
            path: {
                /** @description Workflow identifier */
                workflowID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The diagram: Mermaid text, or SVG where `Accept` prefers it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "text/vnd.mermaid": string;
                    "image/svg+xml": string;
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getExecutionDiagram: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Execution identifier */
                executionID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The diagram: Mermaid text, or SVG where `Accept` prefers it */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                    "text/vnd.mermaid": string;
                    "image/svg+xml": string;
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_ApiKeyView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKey"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_NewApiKeyView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The state of the thing forbids it */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description API key identifier */
                keyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_ApiKeyView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description API key identifier */
                keyID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Revoked */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listAuditLog: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only what this user, or API key, did. */
                user_id?: string | null;
                /** @description Only this operation: its operationId. */
                operation?: string | null;
                /** @description Only entries since this time. */
                from?: string;
                /** @description Only entries before this time. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    exportAuditLog: {
        parameters: {
            query?: {
                /** @description Only what this user, or API key, did. */
                user_id?: string | null;
                /** @description Only this operation: its operationId. */
                operation?: string | null;
                /** @description Only entries since this time. */
                from?: string;
                /** @description Only entries before this time. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One entry a line, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listTenants: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only those of this status; without it, all that are not deleted. */
                status?: ("active" | "suspended" | "deleted") | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_TenantView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createTenant: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTenant"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_TenantView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant identifier */
                tenantID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_TenantView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    deleteTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant identifier */
                tenantID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Deleted */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    updateTenantQuotas: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant identifier */
                tenantID: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["UpdateQuotas"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_TenantView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body did not arrive in time */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    getTenantUsage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant identifier */
                tenantID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_UsageView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    suspendTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant identifier */
                tenantID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_TenantView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    activateTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Tenant identifier */
                tenantID: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_TenantView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Not found in this tenant */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listPlatformAuditLog: {
        parameters: {
            query?: {
                /** @description Maximum number of results. */
                limit?: number;
                /** @description Number of results to skip. */
                offset?: number;
                /** @description Only what this user, or API key, did. */
                user_id?: string | null;
                /** @description Only this operation: its operationId. */
                operation?: string | null;
                /** @description Only entries since this time. */
                from?: string;
                /** @description Only entries before this time. */
                to?: string;
                /** @description Only what was done in this tenant. */
                tenant_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page_AuditView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    exportPlatformAuditLog: {
        parameters: {
            query?: {
                /** @description Only what this user, or API key, did. */
                user_id?: string | null;
                /** @description Only this operation: its operationId. */
                operation?: string | null;
                /** @description Only entries since this time. */
                from?: string;
                /** @description Only entries before this time. */
                to?: string;
                /** @description Only what was done in this tenant. */
                tenant_id?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description One entry a line, oldest first */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    createStreamTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Data_TicketView_"];
                };
            };
            /** @description The request is wrong; the message names the field */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Authentication required */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The user may not do this */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There was too much of it lately; `Retry-After` says when it may be sent again */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A bug, recorded under the request id */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A part that the API depends on does not answer */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
