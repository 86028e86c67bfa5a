// An awaited write gives the buffer back: whoever fills it again must not change
// what the client gets.

import { assertEquals } from "@std/assert";
import { HttpRequestHandler, verb } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

/** Pieces of a body, each of one letter. */
const PIECES = 40;

// No digit of a chunk size.
const letter = (piece: number) => 0x67 + piece % 20;

class Copier extends HttpRequestHandler {
  override sendResponse(code: number): void {
    this.sendResponseOnly(code);
  }

  @verb("GET", "/:framing/:size")
  async copy({ framing, size }: { framing: string; size: string }) {
    const buffer = new Uint8Array(Number(size));
    this.sendResponse(200);
    if (framing === "length") {
      this.sendHeader("Content-Length", String(PIECES * buffer.length));
    }
    this.endHeaders();
    for (let piece = 0; piece < PIECES; piece++) {
      buffer.fill(letter(piece));
      await this.wfile.write(buffer);
      buffer.fill(0x2d);
    }
  }
}

/** The body of a response in which each piece is a chunk, or of another one. */
function bodyOf(response: string, framing: string): string {
  const body = response.slice(response.indexOf("\r\n\r\n") + 4);
  if (framing !== "chunked") return body;
  return body.replace(/\r\n[0-9a-f]+\r\n(?:\r\n$)?/g, "")
    .replace(/^[0-9a-f]+\r\n/, "");
}

const SIZES = [3, 1_000, 8_192, 8_193, 16_384, 32_768, 65_536, 65_537, 200_000];

function wanted(size: number): string {
  const letters = Array.from({ length: PIECES }, (_, i) => letter(i));
  return letters.map((c) => String.fromCharCode(c).repeat(size)).join("");
}

const versions = { chunked: "1.1", length: "1.1", close: "1.0" };

for (const [framing, version] of Object.entries(versions)) {
  Deno.test(`an awaited write gives the buffer back: ${framing}`, async (t) => {
    for (const size of SIZES) {
      await t.step(`pieces of ${size}`, async () => {
        const response = await exchange(
          Copier,
          `GET /${framing}/${size} HTTP/${version}\r\nHost: a\r\n\r\n`,
        );
        const text = new TextDecoder().decode(response);
        // Not by assertEquals: its message would hold megabytes.
        assertEquals(bodyOf(text, framing) === wanted(size), true);
      });
    }
  });
}

Deno.test("an awaited write gives the buffer back: fetch", async (t) => {
  for (const size of SIZES) {
    await t.step(`pieces of ${size}`, async () => {
      const response = await toFetch(Copier)(
        new Request(`http://a/chunked/${size}`),
      );
      assertEquals(await response.text() === wanted(size), true);
    });
  }
});
