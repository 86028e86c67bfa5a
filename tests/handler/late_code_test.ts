// What a request leaves running meets the next request of its connection: in
// the same handler, on the same socket, perhaps behind a proxy and so of another
// user. None of it may reach that request or its response.

import { assertEquals } from "@std/assert";
import { type Reader, verb, type Writer } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import type { ExchangeOptions } from "../../lib/testing/mod.ts";
import { gets, Plain } from "./_late.ts";
import { Fixed, talk } from "./_talk.ts";

/** What a method could take from `this` in time. */
interface Kept {
  readonly wfile: Writer;
  readonly rfile: Reader;
  readonly writable: WritableStream<Uint8Array>;
  readonly readable: ReadableStream<Uint8Array>;
}

interface LateRow {
  readonly name: string;
  /** What late code does, and gives back of what it sees. */
  readonly late: (handler: Fixed, kept: Kept) => unknown;
  /** What it is told: its error, or what it has got. */
  readonly told: string;
  /** Whether standard error tells of it too. */
  readonly isReported?: boolean;
}

const COMPLETE = "the response is complete";
const WRITE = `Error: Cannot write the body: ${COMPLETE}`;
const BYTES = new TextEncoder().encode("LATE");

const ROWS: readonly LateRow[] = [
  {
    name: "this.wfile.write()",
    late: (handler) => handler.wfile.write("LATE"),
    told: WRITE,
    isReported: true,
  },
  {
    name: "a large this.wfile.write()",
    late: (handler) => handler.wfile.write("LATE".repeat(50_000)),
    told: WRITE,
    isReported: true,
  },
  {
    name: "write() to a wfile that was kept",
    late: (_, { wfile }) => wfile.write("LATE"),
    told: WRITE,
  },
  {
    name: "this.wfile.writable",
    late: (handler) => handler.wfile.writable.getWriter().write(BYTES),
    told: WRITE,
    isReported: true,
  },
  {
    name: "a stream that was kept",
    late: (_, { writable }) => writable.getWriter().write(BYTES),
    told: WRITE,
  },
  {
    name: "flush()",
    late: (handler, { wfile }) =>
      Promise.all([handler.wfile.flush(), wfile.flush()]),
    told: ",",
  },
  {
    name: "sendResponse()",
    late: (handler) => handler.sendResponse(200),
    told: `Error: Cannot start the head: ${COMPLETE}`,
  },
  {
    name: "sendHeader()",
    late: (handler) => handler.sendHeader("X-Late", "1"),
    told: `Error: Cannot send the field "X-Late": ${COMPLETE}`,
  },
  {
    name: "endHeaders()",
    late: (handler) => handler.endHeaders(),
    told: `Error: Cannot end the head: ${COMPLETE}`,
  },
  {
    name: "sendError()",
    late: (handler) => handler.sendError(500),
    told: `Error: Cannot start over: ${COMPLETE}`,
  },
  {
    name: "sendInformational()",
    late: (handler) => handler.sendInformational(103, [["X-Late", "1"]]),
    told: `Error: Cannot send 103: ${COMPLETE}`,
  },
  {
    name: "sendTrailer()",
    late: (handler) => handler.sendTrailer("X-Late", "1"),
    told: `Error: Cannot send the trailer "X-Late": ${COMPLETE}`,
  },
  {
    name: "forward()",
    late: (handler) => handler.forward("/late"),
    told: `Error: Cannot start over: ${COMPLETE}`,
  },
  {
    name: "detach()",
    late: (handler) => handler.detach().wfile.write("LATE"),
    told: `Error: Cannot take the connection: ${COMPLETE}`,
  },
  {
    name: "closeConnection",
    late: (handler) => {
      handler.closeConnection = true;
    },
    told: "undefined",
  },
  {
    name: "this.rfile.read()",
    late: (handler) => handler.rfile.read(),
    told: "null",
  },
  {
    name: "this.rfile.readLine()",
    late: (handler) => handler.rfile.readLine(),
    told: "null",
  },
  {
    name: "read() of an rfile that was kept",
    late: (_, { rfile }) => rfile.read(),
    told: "null",
  },
  {
    name: "a body as a stream that was kept",
    late: async (_, { readable }) => (await readable.getReader().read()).done,
    told: "true",
  },
  { name: "text()", late: (handler) => handler.text(), told: "" },
  {
    name: "signal",
    late: (handler) => handler.signal.aborted,
    told: "true",
  },
];

/** How the method ends that leaves code running. */
const ENDS = [
  "returns at once",
  "has returned at once before",
  "waits",
] as const;

interface Meeting {
  readonly row: LateRow;
  readonly end: typeof ENDS[number];
  /** Where the next request stands when the late code runs. */
  readonly at: "start" | "head" | "body";
}

const LATE = "POST /late HTTP/1.1\nHost: a\nContent-Length: 3\n\nabc";
const NEXT = "POST /next HTTP/1.1\nHost: a\nContent-Length: 4\n\nnext";
const LATE_RESPONSE = "HTTP/1.1 200 OK\nContent-Length: 4\n\nlate";
const NEXT_RESPONSE = "HTTP/1.1 200 OK\nContent-Length: 9\n\nnext next";

/** Lets late code meet the next request; what the client gets and it is told. */
async function meet(
  { row, end, at }: Meeting,
  options: ExchangeOptions = {},
) {
  const met = Promise.withResolvers<void>();
  const told = Promise.withResolvers<string>();
  let calls = 0;
  class Leaver extends Plain {
    @verb("POST", "/late")
    late(): void | Promise<void> {
      if (end === "waits") return this.#respondSoon();
      this.#respond();
    }

    @verb("POST", "/next")
    async next(): Promise<void> {
      const isAt = async (place: Meeting["at"]) => {
        if (place !== at) return;
        met.resolve();
        await told.promise;
      };
      await isAt("start");
      this.sendResponse(200);
      await isAt("head");
      this.endHeaders();
      this.wfile.write("next");
      await isAt("body");
      this.wfile.write(" " + await this.text());
    }

    async #respondSoon(): Promise<void> {
      await this.bytes();
      this.#respond();
    }

    #respond(): void {
      this.sendResponse(200);
      this.endHeaders();
      this.wfile.write("late");
      // The calls before are only to let it be known how the method ends.
      if (end === "has returned at once before" && ++calls === 1) return;
      const { rfile, wfile } = this;
      const { readable } = rfile;
      const { writable } = wfile;
      met.promise.then(() =>
        row.late(this, { rfile, wfile, readable, writable })
      ).then(String, String).then(told.resolve);
    }
  }
  const before = end === "has returned at once before" ? LATE : "";
  const { text, errors, log } = await talk(
    Leaver,
    before + LATE + NEXT,
    options,
  );
  return {
    text: before === "" ? text : text.slice(LATE_RESPONSE.length),
    errors,
    log,
    told: await told.promise,
  };
}

Deno.test("late code does not reach the next request", async (t) => {
  for (const row of ROWS) {
    for (const end of ENDS) {
      for (const at of ["start", "head", "body"] as const) {
        for (const splits of [[], "each"] as const) {
          const how = splits === "each" ? "byte by byte" : "pipelined";
          const name = `${row.name}, ${how}: the method ${end}, ${at}`;
          await t.step(name, async () => {
            const seen = await meet({ row, end, at }, { splits });
            assertEquals(seen.text, LATE_RESPONSE + NEXT_RESPONSE);
            // The cause, and what to do about it, are in further sentences.
            assertEquals(seen.told.split(". ", 1), [row.told]);
            assertEquals(seen.errors.length, row.isReported ? 1 : 0);
          });
        }
      }
    }
  }
});

Deno.test("late code changes no response of toFetch()", async () => {
  const told = Promise.withResolvers<string>();
  const woken = Promise.withResolvers<void>();
  class Hello extends Plain {
    @verb("GET", "/")
    hello(): void {
      this.sendResponse(200);
      this.endHeaders();
      this.wfile.write("hello");
      woken.promise.then(async () => {
        // Not awaited: it must not end the process.
        this.wfile.write("LATE");
        await this.wfile.write("LATE");
      }).catch((error) => told.resolve(String(error)));
    }
  }
  const response = await toFetch(Hello)(new Request("http://a/"));
  woken.resolve();
  assertEquals(await told.promise, WRITE);
  assertEquals(await response.text(), "hello");
});

Deno.test("late code forges no line of the log", async () => {
  const woken = Promise.withResolvers<void>();
  const told = Promise.withResolvers<string>();
  class Logging extends Fixed {
    @verb("GET", "/late")
    late(): void {
      this.sendResponse(204);
      this.endHeaders();
      woken.promise.then(() => this.sendResponse(200))
        .catch((error) => told.resolve(String(error)));
    }

    @verb("GET", "/next")
    async next(): Promise<void> {
      woken.resolve();
      await told.promise;
      this.sendResponse(204);
      this.endHeaders();
    }
  }
  const { log } = await talk(Logging, gets("/late", "/next"));
  assertEquals(log, [
    '"GET /late HTTP/1.1" 204 -',
    '"GET /next HTTP/1.1" 204 -',
  ]);
});
