// A body that a handler has begun to read and does not wait for: what the client
// then does is no uncaught error, which would end the process.

import { assertEquals } from "@std/assert";
import {
  HttpRequestHandler,
  HttpServer,
  StreamRequestHandler,
  TcpServer,
  verb,
} from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { Client } from "../server/_client.ts";

/** How a handler begins to read. */
const READS: Readonly<
  Record<string, (handler: HttpRequestHandler) => Promise<unknown>>
> = {
  "bytes()": (handler) => handler.bytes(),
  "text()": (handler) => handler.text(),
  "json()": (handler) => handler.json(),
  "formData()": (handler) => handler.formData(),
  "rfile.read()": (handler) => handler.rfile.read(),
  "rfile.readLine()": (handler) => handler.rfile.readLine(),
};

const FORM = "multipart/form-data; boundary=b";

/** Notes uncaught rejections while `use` runs, which then fail no test. */
async function uncaughtIn(use: () => Promise<void>): Promise<string[]> {
  const uncaught: string[] = [];
  const note = (event: PromiseRejectionEvent) => {
    event.preventDefault();
    uncaught.push(String(event.reason));
  };
  addEventListener("unhandledrejection", note);
  try {
    await use();
    // The event comes a turn of the event loop after the rejection.
    await new Promise((resolve) => setTimeout(resolve, 0));
  } finally {
    removeEventListener("unhandledrejection", note);
  }
  return uncaught;
}

function handlerThatBegins(
  read: (handler: HttpRequestHandler) => Promise<unknown>,
  clientIsGone: Promise<void>,
) {
  return class extends HttpRequestHandler {
    override errorMessageFormat = "%(code)d";

    @verb("POST")
    async post(): Promise<Response> {
      const reading = read(this);
      await clientIsGone;
      // The read fails while the handler waits for something else.
      await new Promise((resolve) => setTimeout(resolve, 5));
      return new Response(await reading.then(() => "read", String));
    }
  };
}

Deno.test("A read that is not waited for yet is no uncaught error", async (t) => {
  for (const [name, read] of Object.entries(READS)) {
    await t.step(`${name}, over a connection`, async () => {
      const gone = Promise.withResolvers<void>();
      const Handler = handlerThatBegins(read, gone.promise);
      const uncaught = await uncaughtIn(async () => {
        await using server = new HttpServer({ port: 0 }, Handler);
        void server.serveForever();
        using client = await Client.connect(server);
        await client.send(
          `POST / HTTP/1.1\nHost: a\nContent-Type: ${FORM}\n` +
            "Content-Length: 9\n\n",
        );
        await client.conn.closeWrite();
        gone.resolve();
        await client.readAll();
      });
      assertEquals(uncaught, []);
    });

    await t.step(`${name}, under fetch`, async () => {
      const gone = Promise.withResolvers<void>();
      const Handler = handlerThatBegins(read, gone.promise);
      const uncaught = await uncaughtIn(async () => {
        const body = new ReadableStream({
          start(controller) {
            controller.error(new Error("the client has gone"));
            gone.resolve();
          },
        });
        const response = await toFetch(Handler)(
          new Request("http://a/", {
            method: "POST",
            body,
            headers: { "Content-Type": FORM },
          }),
        );
        await response.text();
      });
      assertEquals(uncaught, []);
    });
  }

  for (const name of ["read", "readLine"] as const) {
    await t.step(`${name}() of a raw connection`, async () => {
      class Raw extends StreamRequestHandler {
        override timeout = 10;

        override async handle(): Promise<void> {
          const reading = this.rfile[name]();
          await new Promise((resolve) => setTimeout(resolve, 40));
          await reading;
        }
      }
      const uncaught = await uncaughtIn(async () => {
        await using server = new TcpServer({ port: 0, idleTimeout: 20 }, Raw);
        const serving = server.handleRequest();
        using client = await Client.connect(server);
        await client.readAll();
        await serving;
      });
      assertEquals(uncaught, []);
    });
  }
});
