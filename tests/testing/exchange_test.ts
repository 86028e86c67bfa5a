import { assertEquals, assertRejects } from "@std/assert";
import { HttpRequestHandler, verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

const decoder = new TextDecoder();

class App extends HttpRequestHandler {
  override sendResponse(code: number) {
    this.logRequest(code);
    this.sendResponseOnly(code);
  }

  override logDateTimeString() {
    return "now";
  }

  #say(text: string) {
    this.sendResponse(200);
    this.endHeaders();
    this.wfile.write(text);
  }

  @verb("POST", "/echo")
  async echo() {
    this.#say(await this.text());
  }

  @verb("GET", "/signal")
  async signals() {
    const { signal } = this;
    // A macrotask: whatever was to be read has been read by then.
    await new Promise((resolve) => setTimeout(resolve));
    this.#say(String(signal.aborted));
  }

  @verb("GET", "/broken")
  broken() {
    throw new Error("no such luck");
  }

  @verb("GET", "/raw")
  async raw() {
    const { rfile, wfile } = this.detach();
    for (let piece; (piece = await rfile.read()) !== null;) {
      await wfile.write(piece);
    }
    await wfile.flush();
  }
}

const ECHO = "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello";
const HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`;
const FALSE = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nfalse";

const rows: {
  name: string;
  input: string | Uint8Array;
  splits?: readonly number[] | "each";
  want: string;
}[] = [
  { name: "nothing", input: "", want: "" },
  { name: "one request", input: ECHO, want: HELLO },
  { name: "as octets", input: new TextEncoder().encode(ECHO), want: HELLO },
  { name: "octet by octet", input: ECHO, splits: "each", want: HELLO },
  { name: "cut twice", input: ECHO, splits: [3, 50], want: HELLO },
  {
    name: "cut where there is nothing",
    input: ECHO,
    splits: [0, 0, 999],
    want: HELLO,
  },
  { name: "two requests", input: ECHO + ECHO, want: HELLO + HELLO },
  {
    name: "a client that waits for its answer",
    input: GET("/signal"),
    want: FALSE,
  },
  {
    name: "a client that waits for two answers",
    input: GET("/signal") + GET("/signal"),
    want: FALSE + FALSE,
  },
  {
    name: "another protocol",
    input: GET("/raw") + "ab\0\xff",
    want: "ab\0\xff",
  },
];

Deno.test("exchange() gives the octets that a client gets", async (t) => {
  for (const { name, input, splits, want } of rows) {
    await t.step(name, async () => {
      const answer = await exchange(App, input, splits ? { splits } : {});
      assertEquals(String.fromCharCode(...answer), want);
    });
  }
});

Deno.test("exchange() shows the writes, the log and the errors", async () => {
  const writes: string[] = [];
  const log: string[] = [];
  const errors: string[] = [];
  const answer = await exchange(App, GET("/signal") + GET("/broken"), {
    onWrite: (octets) => writes.push(decoder.decode(octets).slice(0, 12)),
    accessLog: (line) => log.push(line),
    onError: (error) => errors.push(String(error)),
  });
  assertEquals(decoder.decode(answer).split("\r\n")[0], "HTTP/1.1 200 OK");
  // The second answer was complete before the first had to be sent.
  assertEquals(writes, ["HTTP/1.1 200"]);
  assertEquals(log, [
    '127.0.0.1 - - [now] "GET /signal HTTP/1.1" 200 -',
    "127.0.0.1 - - [now] code 500, message Internal Server Error",
    '127.0.0.1 - - [now] "GET /broken HTTP/1.1" 500 -',
  ]);
  assertEquals(errors, ["Error: no such luck"]);
});

Deno.test("exchange() takes the limits of a server", async () => {
  const answer = await exchange(App, ECHO, { bufferedBodyBytes: 4 });
  assertEquals(
    decoder.decode(answer).split("\r\n")[0],
    "HTTP/1.1 413 Content Too Large",
  );
  await assertRejects(
    () => exchange(App, ECHO, { bodyBytes: -1 }),
    RangeError,
    "Cannot set the limit bodyBytes to -1",
  );
});

Deno.test("exchange() takes the bytes of a write late, as a socket may", async () => {
  class Hasty extends App {
    @verb("GET", "/:how")
    async copy({ how }: { how: string }) {
      const buffer = new Uint8Array(20_000).fill(0x61);
      this.sendResponse(200);
      this.sendHeader("Content-Length", String(buffer.length));
      this.endHeaders();
      const written = this.wfile.write(buffer);
      if (how === "patient") await written;
      // It has the next piece at hand, some calls deeper.
      for (let depth = 0; depth < 20; depth++) await undefined;
      buffer.fill(0x62);
    }
  }
  const sent = async (path: string) => {
    const response = await exchange(Hasty, GET(path));
    return decoder.decode(response).split("\r\n\r\n")[1];
  };
  assertEquals(await sent("/patient"), "a".repeat(20_000));
  assertEquals(await sent("/hasty"), "b".repeat(20_000));
});

Deno.test("exchange() leaves nothing in the array of a read but what was read", async () => {
  class Raw extends App {
    @verb("GET", "/views")
    async views() {
      const { rfile, wfile } = this.detach();
      const pieces: (Uint8Array | null)[] = [];
      for (let count = 0; count < 3; count++) pieces.push(await rfile.read(2));
      // Each belongs to whoever has read it.
      for (const piece of pieces) await wfile.write(piece ?? "-");
      await wfile.flush();
    }
  }
  const input = GET("/views");
  const answer = await exchange(Raw, input + "abcdef", {
    splits: [input.length, input.length + 2, input.length + 4],
  });
  assertEquals(decoder.decode(answer), "abcdef");
});
