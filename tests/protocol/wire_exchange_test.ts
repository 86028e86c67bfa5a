import { assertEquals } from "@std/assert";
import { HttpRequestHandler, verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import {
  crlf,
  eachSplit,
  mirrored,
  NEXT,
  play,
  refused,
  type Row,
  send,
} from "../_wire.ts";

const CLOSE = "Connection: close";
const NAME = "A header name is not a token";
const HOST = "There is no Host";
const CHUNKS = "2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n";

const PIPELINES: Row[] = [
  {
    name: "three without bodies",
    raw:
      crlf`GET /1 HTTP/1.1\nHost: a\n\nGET /2 HTTP/1.1\nHost: a\n\nGET /3 HTTP/1.1\nHost: a\n\n`,
    want: mirrored("GET /1 []") + mirrored("GET /2 []") + mirrored("GET /3 []"),
  },
  {
    name: "a length, chunks, a length",
    raw:
      crlf`POST /1 HTTP/1.1\nHost: a\nContent-Length: 1\n\naPOST /2 HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n2\nbb\n0\n\nPOST /3 HTTP/1.1\nHost: a\nContent-Length: 3\n\nccc`,
    want: mirrored("POST /1 [a]") + mirrored("POST /2 [bb]") +
      mirrored("POST /3 [ccc]"),
  },
  {
    name: "an empty line between",
    raw:
      crlf`POST /1 HTTP/1.1\nHost: a\nContent-Length: 1\n\na\nGET /2 HTTP/1.1\nHost: a\n\n`,
    want: mirrored("POST /1 [a]") + mirrored("GET /2 []"),
  },
  {
    name: "junk between",
    raw:
      crlf`POST /1 HTTP/1.1\nHost: a\nContent-Length: 1\n\na GET /2 HTTP/1.1\nHost: a\n\n`,
    want: mirrored("POST /1 [a]") +
      refused("400 Bad Request", "The method is not a token"),
  },
  {
    name: "octets over the length become a method",
    raw:
      crlf`POST /1 HTTP/1.1\nHost: a\nContent-Length: 1\n\nabGET /2 HTTP/1.1\nHost: a\n\n`,
    want: mirrored("POST /1 [a]") + mirrored("bGET /2 []"),
  },
  {
    name: "nothing after close",
    raw:
      crlf`GET /1 HTTP/1.1\nHost: a\nConnection: close\n\nGET /2 HTTP/1.1\nHost: a\n\n`,
    want: mirrored("GET /1 []", CLOSE),
  },
  {
    name: "nothing after a refusal",
    raw:
      crlf`GET /1 HTTP/1.1\nHost: a\n\nGET /2 HTTP/1.1\nHost: \n\nGET /3 HTTP/1.1\nHost: a\n\n`,
    want: mirrored("GET /1 []") +
      refused("400 Bad Request", "The Host is malformed"),
  },
  {
    name: "1.0 with keep-alive, then 1.0",
    raw:
      crlf`GET /1 HTTP/1.0\nConnection: keep-alive\n\nGET /2 HTTP/1.0\n\nGET /3 HTTP/1.0\n\n`,
    want: mirrored("GET /1 []", "Connection: keep-alive") +
      mirrored("GET /2 []", CLOSE),
  },
  {
    name: "HEAD between",
    raw:
      crlf`GET /1 HTTP/1.1\nHost: a\n\nHEAD /2 HTTP/1.1\nHost: a\n\nGET /3 HTTP/1.1\nHost: a\n\n`,
    want: mirrored("GET /1 []") +
      "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n" +
      mirrored("GET /3 []"),
  },
  {
    name: "a body on HEAD",
    raw:
      crlf`HEAD /1 HTTP/1.1\nHost: a\nContent-Length: 2\n\nabGET /2 HTTP/1.1\nHost: a\n\n`,
    want: "HTTP/1.1 200 OK\r\nContent-Length: 12\r\n\r\n" +
      mirrored("GET /2 []"),
  },
  ...["HEAD / HTTP/1.1\r\n\r\n", "HEAD / HTTP/1.1\r\nX : y\r\n\r\n"].map((
    raw,
  ) => ({
    name: `a broken HEAD: ${JSON.stringify(raw)}`,
    raw,
    want: refused("400 Bad Request", raw.includes("X") ? NAME : HOST)
      .replace(/\r\n\r\n.*/s, "\r\n\r\n"),
  })),
];

Deno.test("WireExchange answers pipelined requests in order", async (t) => {
  for (const row of PIPELINES) await t.step(row.name, () => play(row));
});

const CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

Deno.test("WireExchange sends 100 when it waits for the body, and only then", async (t) => {
  for (
    const [name, expect, body, length] of [
      ["a length", "100-continue", "hello", "Content-Length: 5"],
      ["chunks", "100-CONTINUE", CHUNKS, "Transfer-Encoding: chunked"],
    ] as const
  ) {
    await t.step(name, async () => {
      const head =
        crlf`POST /p HTTP/1.1\nHost: a\nExpect: ${expect}\n${length}\n\n`;
      await eachSplit(head + body + NEXT, async (splits, cut) => {
        const waits = splits === "each" || splits[0] === head.length;
        assertEquals(
          await send(head + body + NEXT, { splits }),
          (waits ? CONTINUE : "") + mirrored("POST /p [hello]") +
            mirrored("GET /next []"),
          cut,
        );
      });
    });
  }
  const rows: Row[] = [
    {
      name: "HTTP/1.0",
      raw:
        crlf`POST /p HTTP/1.0\nExpect: 100-continue\nContent-Length: 5\n\nhello`,
      want: mirrored("POST /p [hello]", CLOSE),
    },
    {
      name: "no body",
      raw: crlf`GET /p HTTP/1.1\nHost: a\nExpect: 100-continue\n\n`,
      want: mirrored("GET /p []"),
    },
    {
      name: "an empty body",
      raw:
        crlf`POST /p HTTP/1.1\nHost: a\nExpect: 100-continue\nContent-Length: 0\n\n`,
      want: mirrored("POST /p []"),
    },
    {
      name: "an empty expectation",
      raw: crlf`POST /p HTTP/1.1\nHost: a\nExpect:\nContent-Length: 5\n\nhello`,
      want: mirrored("POST /p [hello]"),
    },
    ...["magic", "100-continue, magic", "200-ok", "100-continue;a=b"].map(
      (expect) => ({
        name: expect,
        raw:
          crlf`POST /p HTTP/1.1\nHost: a\nExpect: ${expect}\nContent-Length: 5\n\nhello`,
        want: refused("417 Expectation Failed"),
      }),
    ),
  ];
  for (const row of rows) await t.step(row.name, () => play(row));
});

/** Answers without a look at the body. */
class Deaf extends HttpRequestHandler {
  override errorMessageFormat = "%(message)s";
  override errorContentType = "text/plain";
  override sendResponse(code: number, message?: string): void {
    this.sendResponseOnly(code, message);
  }

  @verb("*", "/p")
  answer(): void {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write(this.command);
  }

  @verb("POST", "/stream")
  async stream(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    await this.flushHeaders();
    for (let chunk; (chunk = await this.rfile.read()) !== null;) {
      await this.wfile.write(chunk);
    }
  }
}

async function deaf(
  raw: string,
  options: Parameters<typeof exchange>[2] = {},
): Promise<string> {
  return new TextDecoder().decode(await exchange(Deaf, raw, options));
}

const GET_P = crlf`GET /p HTTP/1.1\nHost: a\n\n`;

Deno.test("WireExchange skips a body that was not read, or closes", async (t) => {
  const length = crlf`POST /p HTTP/1.1\nHost: a\nContent-Length: 28\n\n`;
  const hidden = crlf`GET /x HTTP/1.1\nHost: a\n\n`.padEnd(28);
  const chunked =
    crlf`POST /p HTTP/1.1\nHost: a\nTransfer-Encoding: chunked\n\n`;
  await t.step("a length", async () => {
    await eachSplit(length + hidden + GET_P, async (splits, cut) => {
      const got = await deaf(length + hidden + GET_P, { splits });
      assertEquals(got, mirrored("POST") + mirrored("GET"), cut);
    });
  });
  await t.step("chunks that are here", async () => {
    const raw = chunked + CHUNKS + GET_P;
    assertEquals(await deaf(raw), mirrored("POST") + mirrored("GET"));
  });
  await t.step("chunks that are not here yet", async () => {
    const raw = chunked + CHUNKS + GET_P;
    const splits = [chunked.length + 3];
    assertEquals(await deaf(raw, { splits }), mirrored("POST", CLOSE));
  });
  await t.step("chunks that are malformed", async () => {
    assertEquals(
      await deaf(chunked + "x\r\n" + GET_P),
      mirrored("POST", CLOSE),
    );
  });
  await t.step("more than discardBytes", async () => {
    const got = await deaf(length + hidden + GET_P, {
      discardBytes: 20,
      splits: [length.length],
    });
    assertEquals(got, mirrored("POST", CLOSE));
  });
  await t.step("a body that waits for 100", async () => {
    const expecting = length.replace("Host", "Expect: 100-continue\r\nHost");
    const got = await deaf(expecting + GET_P, { splits: [expecting.length] });
    assertEquals(got, mirrored("POST", CLOSE));
  });
  await t.step("404 for a body", async () => {
    const raw = length.replace("/p", "/none") + hidden + GET_P;
    const missing = refused("404 Not Found").replace(CLOSE + "\r\n", "");
    assertEquals(await deaf(raw), missing + mirrored("GET"));
  });
  await t.step("a body that is read after the head was sent", async () => {
    const raw = length.replace("/p", "/stream") + hidden + GET_P;
    assertEquals(
      await deaf(raw),
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" +
        `1c\r\n${hidden}\r\n0\r\n\r\n` + mirrored("GET"),
    );
  });
});

Deno.test("WireExchange writes as seldom as it can", async (t) => {
  async function writes(raw: string, splits: number[] = []): Promise<string[]> {
    const seen: string[] = [];
    await deaf(raw, {
      splits,
      onWrite: (octets) => seen.push(new TextDecoder().decode(octets)),
    });
    return seen;
  }
  await t.step("head and body together", async () => {
    assertEquals(await writes(GET_P), [mirrored("GET")]);
  });
  await t.step("pipelined answers together", async () => {
    assertEquals(await writes(GET_P.repeat(3)), [mirrored("GET").repeat(3)]);
  });
  await t.step("an answer before the next request is here", async () => {
    assertEquals(await writes(GET_P + GET_P, [GET_P.length]), [
      mirrored("GET"),
      mirrored("GET"),
    ]);
  });
  await t.step("a refusal", async () => {
    assertEquals(await writes("\0"), [
      refused("400 Bad Request", "The method is not a token"),
    ]);
  });
});

Deno.test("WireExchange keeps the request line as it came", async () => {
  const lines: string[] = [];
  class Raw extends HttpRequestHandler {
    @verb("GET")
    answer(): Response {
      lines.push(new TextDecoder("latin1").decode(this.rawRequestLine));
      return new Response();
    }

    override sendError(code: number): void {
      lines.push(new TextDecoder("latin1").decode(this.rawRequestLine));
      super.sendError(code);
    }
  }
  const good = "GET //a?b HTTP/1.1\r\n";
  const bad = "GET /\xe9 HTTP/1.1\r\n";
  await exchange(Raw, `${good}Host: a\r\n\r\n${bad}Host: a\r\n\r\n`);
  assertEquals(lines, [good, bad]);
});

Deno.test("absolute-form takes the place of Host", async () => {
  const hosts: (string | undefined)[] = [];
  class Host extends HttpRequestHandler {
    @verb("GET")
    answer(): Response {
      hosts.push(this.fields.get("host"));
      return new Response();
    }
  }
  await exchange(Host, crlf`GET http://b:81/ HTTP/1.1\nHost: a\n\n`);
  await exchange(Host, crlf`GET http://b/ HTTP/1.0\n\n`);
  assertEquals(hosts, ["b:81", "b"]);
});
