import type { Gorax } from "./client.js";
import { GoraxError, StreamClosed } from "./errors.js";
import type { components } from "./schema.js";
import { receive } from "./socket.js";

type Schemas = components["schemas"];

interface Message {
  timestamp: string;
}

interface OfExecution extends Message {
  type: "execution_update";
  /** What to give as `lastEventId` to go on behind this message. */
  id: string | null;
  execution_id: string;
  workflow_id: string;
  status: Schemas["ExecutionView"]["status"];
  /** Steps that are completed, and steps in all. */
  progress: { completed: number; total: number };
}

/** What happened in an execution. */
export type Update = OfExecution &
  (
    | { event: "snapshot"; steps: Schemas["Step"][]; more: boolean }
    | { event: "step"; step: Schemas["Step"] }
    | { event: "status" | "resumed" }
    | { event: "end"; output: unknown; error: Schemas["ExecutionView"]["error"] }
  );

/** Changes cannot be seen at the moment, or can be seen again. Nothing is missed in between. */
export interface StreamState extends Message {
  type: "stream_state";
  state: "interrupted" | "live";
  reason: string | null;
}

export interface WatchOptions {
  /** The `id` of the last update that was seen: what came after it is told. */
  lastEventId?: string;
  /** Ends the watching: the loop throws the signal's reason. */
  signal?: AbortSignal;
  /** Milliseconds without a message or heartbeat after which a connection counts as lost; the server's heart beats every 15 s. */
  silenceMs?: number;
  /** Milliseconds before coming back, doubled each time that nothing came, up to 20 times as much. */
  pauseMs?: number;
}

const DEFAULTS = { silenceMs: 45_000, pauseMs: 500 };
const LONGEST_PAUSE = 20;
/** The execution has ended. */
const ENDED = 1000;
/** From here on a close code says that coming back would not help. */
const REFUSED = 4000;

/**
 * What happens in an execution, from how it is now until it has ended; the last update is that of the end.
 *
 * Lost connections are made again, behind the last update that was seen. Throws `GoraxError` or `StreamClosed` where the
 * API refuses, as for an execution that it does not have.
 */
export async function* watchExecution(
  gorax: Gorax,
  executionId: string,
  options: WatchOptions = {},
): AsyncGenerator<Update | StreamState, void> {
  const { silenceMs, pauseMs, signal } = { ...DEFAULTS, ...options };
  let last: string | undefined = options.lastEventId;
  let pause = pauseMs;
  let ended = false;
  const read = (text: string): Update | StreamState | undefined => {
    pause = pauseMs;
    const message = JSON.parse(text) as Update | StreamState | { type: "heartbeat" };
    if (message.type === "heartbeat") return undefined;
    if (message.type === "execution_update") {
      last = message.id ?? last;
      ended = message.event === "end";
    }
    return message;
  };
  for (;;) {
    signal?.throwIfAborted();
    const ticket = await ticketFor(gorax, signal);
    if (ticket !== undefined) {
      const closed = yield* receive(address(gorax, executionId, ticket, last), read, silenceMs, signal);
      if (ended || closed.code === ENDED) return;
      if (closed.code >= REFUSED) throw new StreamClosed(closed.code, closed.reason);
    }
    await sleep(pause * (0.5 + Math.random() / 2), signal);
    pause = Math.min(2 * pause, LONGEST_PAUSE * pauseMs);
  }
}

/** A ticket, which opens one stream without headers, as browsers must; undefined where there is none for the moment. */
async function ticketFor(gorax: Gorax, signal: AbortSignal | undefined): Promise<string | undefined> {
  const answer = await gorax.POST("/api/v1/ws/ticket", signal ? { signal } : {}).catch((error: unknown) => {
    // `fetch` throws this when nobody answers, and nothing else does.
    if (error instanceof TypeError) return undefined;
    throw error;
  });
  if (answer === undefined) return undefined;
  if (answer.data !== undefined) return answer.data.data.ticket;
  const error = new GoraxError(answer.response.status, answer.error.error);
  if (error.transient) return undefined;
  throw error;
}

function address(gorax: Gorax, executionId: string, ticket: string, last: string | undefined): string {
  const url = new URL(`${gorax.baseUrl}/api/v1/ws/executions/${encodeURIComponent(executionId)}`);
  url.protocol = url.protocol.replace("http", "ws");
  url.searchParams.set("ticket", ticket);
  if (last !== undefined) url.searchParams.set("last_event_id", last);
  return url.href;
}

function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
