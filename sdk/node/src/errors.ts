/** The API refused a request. */
export class GoraxError extends Error {
  override readonly name = "GoraxError";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }

  /** Whether the same request may succeed a little later. */
  get transient(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** A stream was closed, and coming back would not help: see "How a stream ends" in docs/streams.md. */
export class StreamClosed extends Error {
  override readonly name = "StreamClosed";

  constructor(
    readonly code: number,
    readonly reason: string,
  ) {
    super(`the stream was closed with ${code}: ${reason}`);
  }
}
