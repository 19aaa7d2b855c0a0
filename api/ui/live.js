// Streams over WebSockets, which come back by themselves where they left off.

const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 15000;
const ENDED = 1000;
const REFUSED = 4000;

/**
 * Follow a stream until `signal` is aborted or it has ended. `onMessage` gets what comes, `onState` "live", "waiting" or
 * "ended".
 */
export async function follow(api, path, signal, onMessage, onState) {
  let last = null;
  let pause = FIRST_PAUSE;
  while (!signal.aborted) {
    try {
      const { ticket } = (await api.post("/ws/ticket")).data;
      const code = await connect(path, ticket, last, signal, (message) => {
        pause = FIRST_PAUSE;
        last = message.id ?? last;
        onState("live");
        if (message.type === "execution_update") onMessage(message);
      });
      if (code === ENDED || code >= REFUSED) return onState("ended");
    } catch (error) {
      if (error.status >= 400 && error.status < 500 && error.status !== 429) return onState("ended");
    }
    if (signal.aborted) return undefined;
    onState("waiting");
    await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    pause = Math.min(pause * 2, LONGEST_PAUSE);
  }
  return undefined;
}

function connect(path, ticket, last, signal, onMessage) {
  const address = new URL(`/api/v1/ws${path}`, location.href);
  address.protocol = location.protocol === "https:" ? "wss:" : "ws:";
  address.searchParams.set("ticket", ticket);
  if (last) address.searchParams.set("last_event_id", last);
  return new Promise((resolve) => {
    const socket = new WebSocket(address);
    const stop = () => socket.close();
    signal.addEventListener("abort", stop);
    socket.onmessage = (event) => onMessage(JSON.parse(event.data));
    socket.onclose = (event) => {
      signal.removeEventListener("abort", stop);
      resolve(event.code);
    };
  });
}
