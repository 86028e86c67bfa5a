import { assertEquals } from "@std/assert";
import { answering, COMMON, GET, page, talk } from "./_talk.ts";

interface Row {
  readonly name: string;
  readonly response: () => Response | Promise<Response>;
  readonly request?: string;
  readonly want: string;
  readonly writes?: number;
  readonly errors?: readonly string[];
}

const HEAD_REQUEST = "HEAD / HTTP/1.1\nHost: a\n\n";
const TEXT = "content-type: text/plain;charset=UTF-8\n";

/** A stream of pieces, each of which has to be waited for. */
function slowly(pieces: readonly string[], error?: Error): ReadableStream {
  const rest = [...pieces];
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve));
      const piece = rest.shift();
      if (piece !== undefined) {
        controller.enqueue(new TextEncoder().encode(piece));
      } else if (error !== undefined) controller.error(error);
      else controller.close();
    },
  }, { highWaterMark: 0 });
}

const PAGE_500 = page(
  500,
  "Internal Server Error",
  "The server failed to answer the request",
);
const FAILED = `HTTP/1.1 500 Internal Server Error\n${COMMON}` +
  "Content-Type: text/html;charset=utf-8\n" +
  `Content-Length: ${PAGE_500.length}\nConnection: close\n\n${PAGE_500}`;

const ROWS: readonly Row[] = [
  {
    name: "a text",
    response: () => new Response("hello"),
    want: `HTTP/1.1 200 OK\n${COMMON}${TEXT}Content-Length: 5\n\nhello`,
  },
  {
    name: "a text after a wait",
    response: () => Promise.resolve(new Response("hello")),
    want: `HTTP/1.1 200 OK\n${COMMON}${TEXT}Content-Length: 5\n\nhello`,
  },
  {
    name: "JSON",
    response: () => Response.json({ a: 1 }, { status: 201 }),
    want: `HTTP/1.1 201 Created\n${COMMON}content-type: application/json\n` +
      'Content-Length: 7\n\n{"a":1}',
  },
  {
    name: "a reason phrase of its own",
    response: () => new Response("", { statusText: "Fine" }),
    want: `HTTP/1.1 200 Fine\n${COMMON}${TEXT}Content-Length: 0\n\n`,
  },
  {
    name: "no body",
    response: () => new Response(null, { status: 204 }),
    want: `HTTP/1.1 204 No Content\n${COMMON}\n`,
  },
  {
    name: "304",
    response: () =>
      new Response(null, { status: 304, headers: { ETag: '"1"' } }),
    want: `HTTP/1.1 304 Not Modified\n${COMMON}etag: "1"\n\n`,
  },
  {
    name: "101, which needs the connection",
    response: () => new Response(null, { status: 101 }),
    want: FAILED,
    errors: [
      "Error: Cannot send a Response of the status 101: answer by the steps, " +
      "then take the connection by detach()",
    ],
  },
  {
    name: "cookies stay apart",
    response: () =>
      new Response(null, {
        headers: [["Set-Cookie", "a=1"], ["Set-Cookie", "b=2"]],
      }),
    want: `HTTP/1.1 200 OK\n${COMMON}set-cookie: a=1\nset-cookie: b=2\n` +
      "Content-Length: 0\n\n",
  },
  {
    name: "a redirect",
    response: () => Response.redirect("http://b/c", 303),
    want: `HTTP/1.1 303 See Other\n${COMMON}location: http://b/c\n` +
      "Content-Length: 0\n\n",
  },
  {
    name: "fields about another connection are dropped",
    response: () =>
      new Response("hello", {
        headers: {
          "Content-Type": "text/plain",
          "Transfer-Encoding": "chunked",
          "Keep-Alive": "timeout=5",
          "Connection": "keep-alive",
        },
      }),
    want: `HTTP/1.1 200 OK\n${COMMON}content-type: text/plain\n` +
      "Content-Length: 5\n\nhello",
  },
  {
    name: "a wish to close",
    response: () => new Response("", { headers: { Connection: "close" } }),
    want: `HTTP/1.1 200 OK\n${COMMON}${TEXT}` +
      "Content-Length: 0\nConnection: close\n\n",
  },
  {
    name: "a stream that is there at once has a length",
    response: () =>
      new Response(
        ReadableStream.from(
          ["one ", "two"].map((s) => new TextEncoder().encode(s)),
        ),
      ),
    want: `HTTP/1.1 200 OK\n${COMMON}Content-Length: 7\n\none two`,
  },
  {
    name: "a stream that has to be waited for leaves piece by piece",
    response: () => new Response(slowly(["one ", "two"])),
    want: `HTTP/1.1 200 OK\n${COMMON}Transfer-Encoding: chunked\n\n` +
      "4\none \n3\ntwo\n0\n\n",
    writes: 4,
  },
  {
    name: "a stream with a length",
    response: () =>
      new Response(slowly(["one ", "two"]), {
        headers: { "Content-Length": "7" },
      }),
    want: `HTTP/1.1 200 OK\n${COMMON}Content-Length: 7\n\none two`,
    writes: 3,
  },
  {
    name: "a stream that fails in the middle is cut",
    response: () => new Response(slowly(["one"], new Error("broken"))),
    want: `HTTP/1.1 200 OK\n${COMMON}Transfer-Encoding: chunked\n\n3\none\n`,
    writes: 2,
    errors: ["Error: broken"],
  },
  {
    name: "a stream that fails at once is a 500",
    response: () =>
      new Response(
        new ReadableStream({ start: (c) => c.error(new Error("broken")) }),
      ),
    want: FAILED,
    errors: ["Error: broken"],
  },
  {
    name: "a body that was read already is a 500",
    response: async () => {
      const response = new Response("once");
      await response.text();
      return response;
    },
    want: FAILED,
    errors: ["TypeError: ReadableStream is locked"],
  },
  {
    name: "Response.error() is a 500",
    response: () => Response.error(),
    want: FAILED,
    errors: ["RangeError: Cannot send the status 0"],
  },
  {
    name: "HEAD gets the length of a text",
    request: HEAD_REQUEST,
    response: () => new Response("hello"),
    want: `HTTP/1.1 200 OK\n${COMMON}${TEXT}Content-Length: 5\n\n`,
  },
  {
    name: "HEAD gets the head of a stream",
    request: HEAD_REQUEST,
    response: () => new Response(slowly(["one"])),
    want: `HTTP/1.1 200 OK\n${COMMON}Transfer-Encoding: chunked\n\n`,
  },
];

Deno.test("sendWebResponse() answers with a Response", async (t) => {
  for (const row of ROWS) {
    await t.step(row.name, async () => {
      const { response, request = GET, want, writes = 1, errors = [] } = row;
      const App = answering(function () {
        return response();
      });
      const seen = await talk(App, request);
      assertEquals(seen.text, want);
      assertEquals(seen.errors, [...errors]);
      assertEquals(seen.writes, writes);
    });
  }
});

Deno.test("sendWebResponse() cancels a stream without end for HEAD", async () => {
  let cancelled = false;
  const App = answering(() =>
    new Response(
      new ReadableStream({
        pull: (controller) => controller.enqueue(new Uint8Array(1000)),
        cancel: () => {
          cancelled = true;
        },
      }, { highWaterMark: 0 }),
    )
  );
  const { text } = await talk(App, HEAD_REQUEST + GET.replace("GET", "HEAD"));
  const head = `HTTP/1.1 200 OK\n${COMMON}Transfer-Encoding: chunked\n\n`;
  assertEquals(text, head + head);
  assertEquals(cancelled, true);
});
