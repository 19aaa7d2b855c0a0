export { createGorax, type Connection, type Gorax, type Role } from "./client.js";
export { GoraxError, StreamClosed } from "./errors.js";
export type { components, operations, paths } from "./schema.js";
export { watchExecution, type StreamState, type Update, type WatchOptions } from "./watch.js";
