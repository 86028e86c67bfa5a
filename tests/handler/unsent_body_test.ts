// The body of a response to HEAD goes nowhere: a handler that writes it without
// an end keeps neither the event loop nor the connection.

import { assertEquals } from "@std/assert";
import { ConnectionLost, HttpServer, verb } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { Fixed } from "./_talk.ts";

/** What has ended the handlers. */
let ends: PromiseWithResolvers<unknown> = Promise.withResolvers();

class Streams extends Fixed {
  @verb("GET", "/zeros")
  async zeros() {
    const zeros = new Uint8Array(1024);
    await this.#endless(() => this.wfile.write(zeros));
  }

  @verb("GET", "/events")
  async events() {
    await this.#endless(async () => {
      await this.wfile.write("data: tick\n\n");
      await this.wfile.flush();
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
  }

  @verb("GET", "/steps")
  async steps() {
    this.sendResponseOnly(200);
    this.sendHeader("Content-Length", "500000");
    this.endHeaders();
    for (let i = 0; i < 500; i++) await this.wfile.write("x".repeat(1000));
  }

  async #endless(step: () => Promise<void>) {
    this.sendResponseOnly(200);
    this.endHeaders();
    try {
      for (;;) await step();
    } catch (error) {
      ends.resolve(error);
      throw error;
    }
  }
}

const HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

for (const path of ["/zeros", "/events"]) {
  Deno.test(`HEAD ${path} that never ends keeps nobody waiting`, async () => {
    ends = Promise.withResolvers();
    await using server = new HttpServer({ port: 0 }, Streams);
    void server.serveForever();
    const origin = `http://127.0.0.1:${server.serverPort}`;
    {
      using client = await Deno.connect({ port: server.serverPort });
      const request = `HEAD ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`;
      await client.write(new TextEncoder().encode(request));
      const head = new Uint8Array(HEAD.length);
      await client.read(head);
      assertEquals(new TextDecoder().decode(head), HEAD);
      const other = await fetch(`${origin}/nowhere`);
      assertEquals(other.status, 404);
      await other.body?.cancel();
    }
    // The client has left.
    assertEquals((await ends.promise) instanceof ConnectionLost, true);
  });
}

Deno.test("HEAD of a body in steps keeps its connection", async () => {
  const request = "HEAD /steps HTTP/1.1\r\nHost: a\r\n\r\n";
  const text = new TextDecoder().decode(
    await exchange(Streams, request + request),
  );
  const head = "HTTP/1.1 200 OK\r\nContent-Length: 500000\r\n\r\n";
  assertEquals(text, head + head);
});

Deno.test("HEAD that never ends is ended under fetch", async () => {
  ends = Promise.withResolvers();
  const response = await toFetch(Streams)(
    new Request("http://a/zeros", { method: "HEAD" }),
  );
  assertEquals(response.status, 200);
  assertEquals((await ends.promise) instanceof ConnectionLost, true);
});
