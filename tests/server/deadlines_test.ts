// Deadlines over real sockets: short ones that are missed, and the same traffic
// under longer ones. Nothing here sleeps: what is waited for is the answer.
import { assertEquals } from "@std/assert";
import {
  type HttpHandlerClass,
  HttpRequestHandler,
  HttpServer,
  type TcpServerOptions,
  verb,
} from "../../mod.ts";
import { crlf, Mirror, mirrored, refused } from "../_wire.ts";

const SHORT = 60;
const HEAD = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
const POST = "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 60\r\n\r\n";
const BODY = "b".repeat(60);

/** What a client gets that sends `first`, then `drip` octet by octet. */
async function talk(
  limits: Partial<TcpServerOptions>,
  first: string,
  drip = "",
  handler: HttpHandlerClass = Mirror,
  pause = 5,
): Promise<string> {
  await using server = new HttpServer({ ...limits, port: 0 }, handler);
  void server.serveForever();
  const conn = await Deno.connect({ port: server.serverPort });
  await conn.write(new TextEncoder().encode(first));
  const octets = new TextEncoder().encode(drip);
  let sent = 0;
  const dripping = setInterval(() => {
    if (sent === octets.length) return clearInterval(dripping);
    conn.write(octets.subarray(sent, ++sent)).catch(() => {
      clearInterval(dripping);
    });
  }, pause);
  try {
    return await new Response(conn.readable).text();
  } finally {
    clearInterval(dripping);
  }
}

const HEAD_LATE = refused(
  "408 Request Timeout",
  "The request head took too long to arrive",
);
const HEAD_WITHOUT_PAGE = HEAD_LATE.slice(0, HEAD_LATE.indexOf("\r\n\r\n") + 4);
const BODY_LATE = refused(
  "408 Request Timeout",
  "The request body took too long to arrive",
);

Deno.test("headTimeout ends a head that does not come, with 408", async (t) => {
  const limits = { headTimeout: SHORT };
  for (const begun of ["G", "GET /", "GET / HTTP/1.1\r\n", HEAD.slice(0, -1)]) {
    await t.step(JSON.stringify(begun), async () => {
      assertEquals(await talk(limits, begun), HEAD_LATE);
    });
  }
  await t.step("octet by octet, too slowly", async () => {
    const slow = `GET /${"a".repeat(500)}`;
    assertEquals(await talk(limits, "", slow), HEAD_LATE);
  });
  await t.step("octet by octet, in time", async () => {
    const close = crlf`GET /p HTTP/1.1\nHost: a\nConnection: close\n\n`;
    assertEquals(
      await talk({ headTimeout: 10_000 }, "", close),
      mirrored("GET /p []", "Connection: close"),
    );
  });
  await t.step("the second request of a connection", async () => {
    assertEquals(
      await talk(limits, HEAD + "GET"),
      mirrored("GET / []") + HEAD_LATE,
    );
  });
  await t.step("a head broken off is not an answer to HEAD", async () => {
    assertEquals(
      await talk(limits, "HEAD / HTTP/1.1\r\n"),
      HEAD_WITHOUT_PAGE,
    );
  });
  await t.step(
    "nor is one that was moved to make room for the rest",
    async () => {
      const start = "GET / HTTP/1.1\r\nHost: a\r\nX: ";
      const end = "\r\n\r\n";
      const partial = "HEAD / HTTP/1.1\r\n";
      const padding = 4096 - start.length - end.length - partial.length;
      assertEquals(
        await talk(limits, start + "x".repeat(padding) + end + partial),
        mirrored("GET / []") + HEAD_WITHOUT_PAGE,
      );
    },
  );
});

Deno.test("idleTimeout closes without a word", async (t) => {
  const limits = { idleTimeout: SHORT };
  await t.step("before the first request", async () => {
    assertEquals(await talk(limits, ""), "");
  });
  await t.step("after a request", async () => {
    assertEquals(await talk(limits, HEAD), mirrored("GET / []"));
  });
  await t.step("empty lines are no request", async () => {
    assertEquals(await talk(limits, "", "\r\n".repeat(500)), "");
  });
  await t.step("a request in time", async () => {
    const close = crlf`GET / HTTP/1.1\nHost: a\nConnection: close\n\n`;
    assertEquals(
      await talk({ idleTimeout: 10_000 }, "\r\n", close),
      mirrored("GET / []", "Connection: close"),
    );
  });
});

Deno.test("bodyTimeout ends a body that does not come, with 408", async (t) => {
  const limits = { bodyTimeout: SHORT };
  await t.step("nothing of it", async () => {
    assertEquals(await talk(limits, POST), BODY_LATE);
  });
  await t.step("a part of it", async () => {
    assertEquals(await talk(limits, POST + "begun"), BODY_LATE);
  });
  await t.step("octet by octet, under the rate", async () => {
    assertEquals(
      await talk({ ...limits, minimumRate: 1_000_000 }, POST, BODY),
      BODY_LATE,
    );
  });
  await t.step("octet by octet, over the rate", async () => {
    const close = POST.replace("Host", "Connection: close\r\nHost");
    // All pauses together are longer than the timeout, each is far shorter.
    const patient = { bodyTimeout: 1000, minimumRate: 1 };
    assertEquals(
      await talk(patient, close, BODY, Mirror, 25),
      mirrored(`POST /p [${BODY}]`, "Connection: close"),
    );
  });
  await t.step("chunked", async () => {
    const chunked = POST.replace(
      /Content-Length.*/,
      "Transfer-Encoding: chunked",
    );
    assertEquals(await talk(limits, chunked + "5\r\nhe"), BODY_LATE);
  });
});

class Endless extends HttpRequestHandler {
  static ended = Promise.withResolvers<unknown>();

  @verb("GET")
  async flood(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    try {
      for (;;) await this.wfile.write(new Uint8Array(65_536));
    } catch (error) {
      Endless.ended.resolve(error);
      throw error;
    }
  }
}

Deno.test("writeTimeout cuts a client that does not read", async () => {
  await using server = new HttpServer(
    { port: 0, writeTimeout: SHORT },
    Endless,
  );
  void server.serveForever();
  using conn = await Deno.connect({ port: server.serverPort });
  await conn.write(new TextEncoder().encode(HEAD));
  assertEquals(
    String(await Endless.ended.promise),
    "ConnectionLost: Cannot write to the peer",
  );
});

class Late extends HttpRequestHandler {
  static go = Promise.withResolvers<void>();
  static signal = Promise.withResolvers<unknown>();
  override errorMessageFormat = "%(message)s";
  override errorContentType = "text/plain";
  override sendResponse(code: number, message?: string): void {
    this.sendResponseOnly(code, message);
  }

  @verb("GET", "/")
  async late(): Promise<Response> {
    this.signal.addEventListener("abort", () => {
      Late.signal.resolve(this.signal.reason);
    });
    await Late.go.promise;
    return new Response("too late");
  }

  @verb("GET", "/next")
  next(): Response {
    return new Response("never");
  }
}

Deno.test("handlerTimeout answers 503 and lets no other answer follow", async () => {
  const next = HEAD.replace("/", "/next");
  const got = await talk({ handlerTimeout: SHORT }, HEAD + next, "", Late);
  assertEquals(
    got,
    refused("503 Service Unavailable", "The handler took too long"),
  );
  assertEquals(
    String(await Late.signal.promise),
    "HttpError: The handler took too long",
  );
  Late.go.resolve();
});

Deno.test("lingerTimeout cuts a client that does not go", async () => {
  const ended = Promise.withResolvers<void>();
  class Watched extends HttpServer {
    override async processRequest(
      ...args: Parameters<HttpServer["processRequest"]>
    ): Promise<void> {
      await super.processRequest(...args);
      ended.resolve();
    }
  }
  await using server = new Watched({ port: 0, lingerTimeout: SHORT }, Mirror);
  void server.serveForever();
  using conn = await Deno.connect({ port: server.serverPort });
  await conn.write(new TextEncoder().encode("\0"));
  await ended.promise;
});
