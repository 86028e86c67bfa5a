// A task whose input is always here already lets others get on.

import { assertEquals } from "@std/assert";
import { HttpRequestHandler, HttpServer, verb } from "../../mod.ts";
import { ByteReader } from "../../lib/bytes/byte_reader.ts";

const LINES = 20_000;

/** Counts turns of the event loop until `work` has ended. */
async function turnsDuring(work: Promise<unknown>): Promise<number> {
  let isOver = false;
  let turns = 0;
  void work.then(() => isOver = true);
  while (!isOver) {
    await new Promise((resolve) => setTimeout(resolve, 0));
    turns++;
  }
  return turns;
}

for (const way of ["readLine", "read"] as const) {
  Deno.test(`ByteReader.${way}() gives others their turns`, async () => {
    const bytes = new Uint8Array(LINES).fill(0x0a);
    let at = 0;
    const reader = new ByteReader({
      read(p) {
        if (at === bytes.length) return Promise.resolve(null);
        const piece = bytes.subarray(at, at + p.length);
        p.set(piece);
        at += piece.length;
        return Promise.resolve(piece.length);
      },
      write: (p) => Promise.resolve(p.length),
      close: () => {},
    });
    const reading = (async () => {
      let lines = 0;
      while (await reader[way](1) !== null) lines++;
      return lines;
    })();
    const turns = await turnsDuring(reading);
    assertEquals(await reading, LINES);
    assertEquals(turns >= LINES / 300, true, `${turns} turns`);
    reader.release();
  });
}

for (const framing of ["length", "chunked"] as const) {
  for (const way of ["readLine", "read"] as const) {
    Deno.test(`a ${framing} body gives others their turns: ${way}`, async () => {
      let turns = 0;
      class Lines extends HttpRequestHandler {
        @verb("POST")
        async count() {
          let lines = 0;
          const counting = (async () => {
            while (await this.rfile[way](1) !== null) lines++;
          })();
          turns = await turnsDuring(counting);
          return new Response(String(lines));
        }
      }
      await using server = new HttpServer({ port: 0 }, Lines);
      void server.serveForever();
      const body = new Uint8Array(LINES).fill(0x0a);
      const response = await fetch(`http://127.0.0.1:${server.serverPort}/`, {
        method: "POST",
        body: framing === "length" ? body : new Blob([body]).stream(),
      });
      assertEquals(await response.text(), String(LINES));
      assertEquals(turns >= LINES / 300, true, `${turns} turns`);
    });
  }
}
