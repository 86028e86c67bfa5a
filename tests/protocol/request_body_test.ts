import { assertEquals } from "@std/assert";
import { HttpRequestHandler, type Reader, verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { mirrored, NEXT } from "../_wire.ts";

/** What the handler saw, and whether the next request was found. */
async function serve(
  read: (body: Reader, h: HttpRequestHandler) => Promise<unknown>,
  raw: string,
  splits: readonly number[] | "each" = [],
): Promise<unknown> {
  let seen: unknown;
  class Reading extends HttpRequestHandler {
    override sendResponse(code: number, message?: string): void {
      this.sendResponseOnly(code, message);
    }

    @verb("POST")
    async post(): Promise<void> {
      seen = await read(this.rfile, this);
      this.sendResponse(204);
      this.endHeaders();
    }

    @verb("GET")
    next(): void {
      this.sendResponse(200);
      this.endHeaders();
      this.wfile.write("GET /next []");
    }
  }
  const got = await exchange(Reading, raw + NEXT, { splits });
  assertEquals(
    new TextDecoder().decode(got),
    "HTTP/1.1 204 No Content\r\n\r\n" + mirrored("GET /next []"),
  );
  return seen;
}

function withLength(body: string): string {
  return `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

function inChunks(...pieces: string[]): string {
  const chunks = pieces.map((piece) =>
    `${piece.length.toString(16)}\r\n${piece}\r\n`
  );
  return "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" +
    `${chunks.join("")}0\r\n\r\n`;
}

function text(octets: Uint8Array | null): string | null {
  return octets && new TextDecoder().decode(octets);
}

async function lines(body: Reader): Promise<(string | null)[]> {
  const found: (string | null)[] = [];
  for (let line; (line = await body.readLine(6)) !== null;) {
    found.push(text(line));
  }
  return found;
}

Deno.test("RequestBody.readLine() finds lines across chunks and reads", async () => {
  for (const splits of [[], "each"] as const) {
    const raw = inChunks("a", "b\n", "\n", "long", "er\nc\nlast");
    assertEquals(await serve(lines, raw, splits), [
      "ab\n",
      "\n",
      "longer",
      "\n",
      "c\n",
      "last",
    ]);
    assertEquals(await serve(lines, withLength("a\nb"), splits), ["a\n", "b"]);
  }
});

Deno.test("RequestBody.read() gives up to a maximum, null at the end", async () => {
  const seen = await serve(async (body) => [
    text(await body.read(2)),
    text(await body.read(2)),
    text(await body.read(2)),
    await body.read(2),
    await body.read(),
  ], withLength("abcde"));
  assertEquals(seen, ["ab", "cd", "e", null, null]);
});

Deno.test("RequestBody.read() gives what is here of as many chunks as there are", async () => {
  const chunks = Array.from("abcdefghij");
  const seen = await serve(async (body) => [
    text(await body.read(4)),
    text(await body.read()),
    await body.read(),
  ], inChunks(...chunks));
  assertEquals(seen, ["abcd", "efghij", null]);
});

Deno.test("RequestBody.read() gives what stands before a malformed chunk", async () => {
  const seen: unknown[] = [];
  class Reading extends HttpRequestHandler {
    @verb("POST")
    async post(): Promise<void> {
      seen.push(text(await this.rfile.read()));
      await this.rfile.read().catch((error) => seen.push(String(error)));
      this.sendResponseOnly(204);
      this.endHeaders();
    }
  }
  const raw = inChunks("a", "b", "c").replace("1\r\nc", "x\r\nc");
  assertEquals(
    new TextDecoder().decode(await exchange(Reading, raw + NEXT)),
    "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
  );
  assertEquals(seen, [
    "ab",
    "HttpError: A chunk size is not a hexadecimal number",
  ]);
});

Deno.test("RequestBody.read() keeps no large array for few bytes", async () => {
  const sizes: number[] = [];
  const cuts = [HEAD_END, HEAD_END + 1, HEAD_END + 2, HEAD_END + 60_000];
  const read = async (body: Reader) => {
    for (let bytes; (bytes = await body.read()) !== null;) {
      sizes.push(bytes.length / bytes.buffer.byteLength);
    }
  };
  await serve(read, withLength(LARGE), cuts);
  assertEquals(sizes.filter((share) => share < 0.5), []);
});

const LARGE = "0123456789".repeat(10_000);
const HEAD_END = withLength(LARGE).length - LARGE.length;

/** Where a network might cut a large body. */
const CUTS = [HEAD_END, HEAD_END + 1000, HEAD_END + 30_000, HEAD_END + 99_000];

Deno.test("RequestBody gives a large body whole, by every reader", async (t) => {
  const readers: Record<string, (h: HttpRequestHandler) => Promise<string>> = {
    "text()": (h) => h.text(),
    "readable": (h) => new Response(h.rfile.readable).text(),
    "after signal": (h) => (void h.signal.aborted, h.text()),
  };
  for (const [name, read] of Object.entries(readers)) {
    await t.step(name, async () => {
      const raw = withLength(LARGE);
      assertEquals(await serve((_, h) => read(h), raw, CUTS), LARGE);
      const chunked = inChunks(LARGE.slice(0, 70_000), LARGE.slice(70_000));
      assertEquals(await serve((_, h) => read(h), chunked, CUTS), LARGE);
    });
  }
});

Deno.test("Reads at once part the body, and never pass its end", async () => {
  const seen = await serve(
    async (body) => {
      let whole = "";
      for (let isOver = false; !isOver;) {
        const pieces = await Promise.all([
          body.read(),
          body.read(),
          body.read(),
        ]);
        whole += pieces.map((piece) => text(piece) ?? "").join("");
        isOver = pieces.includes(null);
      }
      return whole;
    },
    withLength(LARGE),
    CUTS,
  );
  assertEquals(seen, LARGE);
});

Deno.test("A body that was left half read is skipped", async () => {
  const read = async (body: Reader) => text(await body.read(3));
  assertEquals(await serve(read, withLength(LARGE), CUTS), "012");
  assertEquals(await serve(read, inChunks("01234", "5")), "012");
});

Deno.test("A body that broke off stays broken", async () => {
  const errors: string[] = [];
  class Twice extends HttpRequestHandler {
    @verb("POST")
    async post(): Promise<void> {
      for (let i = 0; i < 2; i++) {
        await this.bytes().catch((error) => errors.push(String(error)));
      }
      this.sendResponseOnly(204);
      this.endHeaders();
    }
  }
  const got = await exchange(Twice, inChunks("a").replace("1\r\na", "x\r\na"));
  assertEquals(
    new TextDecoder().decode(got),
    "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
  );
  const error = "HttpError: A chunk size is not a hexadecimal number";
  assertEquals(errors, [error, error]);
});
