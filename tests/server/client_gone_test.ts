// Clients that have gone while a handler goes on for ever: what is known to be
// of no more use is closed. The counterpart of these over a process's own
// descriptors is in `tests/hostile/`.

import { assertEquals } from "@std/assert";
import { connect, type Socket } from "node:net";
import {
  HttpRequestHandler,
  StreamRequestHandler,
  TcpServer,
  type TransportConnection,
  verb,
} from "../../mod.ts";

const GET = "GET /silent HTTP/1.1\r\nHost: a\r\n\r\n";

/** What a handler waits for that goes on for as long as the test does. */
const never = Promise.withResolvers<void>();
let isOver = false;

class Endless extends HttpRequestHandler {
  @verb("GET", "/silent")
  async silent(): Promise<Response> {
    await never.promise;
    return new Response();
  }

  @verb("POST", "/unread")
  unread(): Promise<Response> {
    return this.silent();
  }

  @verb("GET", "/begun")
  async begin(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write("begun");
    await this.wfile.flush();
    await never.promise;
  }

  @verb("GET", "/writing")
  async write(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    while (!isOver) {
      this.wfile.write("more");
      this.wfile.flush();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

class Raw extends StreamRequestHandler {
  override async handle(): Promise<void> {
    await this.rfile.readLine();
    await never.promise;
  }
}

/** Tells when the one connection of a server begins and is closed. */
function watch(server: TcpServer): {
  begun: Promise<void>;
  closed: Promise<void>;
} {
  const begun = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<void>();
  const process = server.processRequest.bind(server);
  server.processRequest = (connection: TransportConnection) => {
    const close = connection.close.bind(connection);
    connection.close = () => {
      close();
      closed.resolve();
    };
    begun.resolve();
    return process(connection);
  };
  return { begun: begun.promise, closed: closed.promise };
}

async function send(server: TcpServer, text: string): Promise<Socket> {
  const socket = connect({
    port: server.serverPort,
    host: "127.0.0.1",
    allowHalfOpen: true,
  });
  socket.on("error", () => {});
  socket.resume();
  await new Promise<void>((resolve) => {
    socket.once("connect", () => socket.write(text, () => resolve()));
  });
  return socket;
}

/** Whether a promise settles soon. */
async function settles(promise: Promise<void>, within = 5_000) {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), within);
  const isSettled = await Promise.race([
    promise.then(() => true),
    late.promise,
  ]);
  clearTimeout(timer);
  return isSettled;
}

interface GoneRow {
  readonly name: string;
  readonly handler: typeof Endless | typeof Raw;
  readonly sends: string;
  readonly leaves: (socket: Socket) => unknown;
}

const ROWS: readonly GoneRow[] = [
  {
    name: "a reset, and a handler that waits",
    handler: Endless,
    sends: GET,
    leaves: (socket) => socket.resetAndDestroy(),
  },
  {
    name: "a close, and a handler that waits",
    handler: Endless,
    sends: GET,
    leaves: (socket) => socket.destroy(),
  },
  {
    name: "a close, and a handler that has sent some of its response",
    handler: Endless,
    sends: GET.replace("silent", "begun"),
    leaves: (socket) => socket.destroy(),
  },
  {
    name: "the end of its side and then a reset, and a handler that waits",
    handler: Endless,
    sends: "GET /silent HTTP/1.0\r\n\r\n",
    leaves: async (socket) => {
      await new Promise<void>((resolve) => socket.end(resolve));
      socket.resetAndDestroy();
    },
  },
  {
    name: "a reset behind its next request, and a handler that waits",
    handler: Endless,
    sends: GET + GET,
    leaves: (socket) => socket.resetAndDestroy(),
  },
  {
    name: "a reset before the body, and a handler that does not read",
    handler: Endless,
    sends: "POST /unread HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n",
    leaves: (socket) => socket.resetAndDestroy(),
  },
  {
    name: "a close, and a handler that writes",
    handler: Endless,
    sends: GET.replace("silent", "writing"),
    leaves: (socket) => socket.destroy(),
  },
  {
    name: "a reset, and a handler of a raw connection",
    handler: Raw,
    sends: "line\n",
    leaves: (socket) => socket.resetAndDestroy(),
  },
];

Deno.test("A client that is gone leaves no descriptor to a handler that goes on", async (t) => {
  for (const { name, handler, sends, leaves } of ROWS) {
    await t.step(name, async () => {
      // The shortest limit says how often connections are looked at.
      const server = new TcpServer(
        { port: 0, lingerTimeout: 20, drainTimeout: 0 },
        handler,
      );
      const { begun, closed } = watch(server);
      void server.serveForever();
      const socket = await send(server, sends);
      await begun;
      const left = new Promise((resolve) => socket.once("close", resolve));
      await leaves(socket);
      await left;
      assertEquals(await settles(closed), true);
      // The handler still runs, and counts.
      assertEquals(server.connectionCount, 1);
      await server.close();
    });
  }
  isOver = true;
  never.resolve();
});
