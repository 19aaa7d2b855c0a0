/** How a socket was closed, as the server said; 1006 where nobody said anything. */
export interface Closed {
  code: number;
  reason: string;
}

/** Messages that may wait for their reader. A reader this far behind begins again where it is. */
const MAX_WAITING = 2_000;

const LOST: Closed = { code: 1006, reason: "the connection was lost" };

/**
 * What `read` makes of the messages of one WebSocket, where it makes something, until it is closed, it has been silent
 * for `silenceMs`, or `signal` is aborted. It is closed when the caller leaves the loop.
 */
export async function* receive<Message>(
  url: string,
  read: (text: string) => Message | undefined,
  silenceMs: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<Message, Closed> {
  const socket = await open(url);
  const waiting: string[] = [];
  let closed: Closed | undefined;
  let wake = (): void => {};
  const end = (how: Closed): void => {
    closed ??= how;
    wake();
  };
  const lose = (): void => end(LOST);
  let silence = setTimeout(lose, silenceMs);
  socket.onmessage = (event) => {
    clearTimeout(silence);
    silence = setTimeout(lose, silenceMs);
    if (waiting.length >= MAX_WAITING) return lose();
    if (closed === undefined) waiting.push(String(event.data));
    wake();
  };
  // An error is followed by a close, but for one that comes before the connection is made.
  socket.onerror = lose;
  socket.onclose = (event) => end({ code: event.code, reason: event.reason });
  signal?.addEventListener("abort", lose);
  try {
    for (;;) {
      signal?.throwIfAborted();
      const text = waiting.shift();
      if (text !== undefined) {
        const message = read(text);
        if (message !== undefined) yield message;
      } else if (closed !== undefined) {
        return closed;
      } else {
        await new Promise<void>((resolve) => (wake = resolve));
      }
    }
  } finally {
    socket.onmessage = null;
    clearTimeout(silence);
    signal?.removeEventListener("abort", lose);
    socket.close();
  }
}

async function open(url: string): Promise<WebSocket> {
  if (globalThis.WebSocket !== undefined) return new WebSocket(url);
  // Node.js before 22 has none; that of `ws` has the same events.
  const { WebSocket: Socket } = await import("ws");
  return new Socket(url) as unknown as WebSocket;
}
