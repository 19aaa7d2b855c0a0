import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

import { BASE_URL } from "./api.js";

/** A way to the API that can be cut. */
export class Proxy {
  /** Of sockets that are open. */
  readonly open = new Set<Socket>();

  private constructor(
    readonly url: string,
    private readonly server: ReturnType<typeof createServer>,
  ) {}

  static async start(): Promise<Proxy> {
    const { hostname, port } = new URL(BASE_URL);
    const server = createServer((client) => {
      const api = connect(Number(port), hostname);
      for (const socket of [client, api]) {
        proxy.open.add(socket);
        // What is cut says so on both sides.
        socket.on("error", () => socket.destroy());
        socket.on("close", () => {
          proxy.open.delete(socket);
          (socket === client ? api : client).destroy();
        });
      }
      client.pipe(api).pipe(client);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const proxy = new Proxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, server);
    return proxy;
  }

  /** Ends all connections in the middle of whatever they do. */
  cut(): void {
    for (const socket of this.open) socket.destroy();
  }

  stop(): void {
    this.server.close();
    this.cut();
  }
}
