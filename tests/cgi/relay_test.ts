import { assertRejects } from "@std/assert";
import { relayDocument } from "../../lib/cgi/relay.ts";

Deno.test("relayDocument() leaves no read behind that nobody handles", async (t) => {
  const head = {
    kind: "document",
    status: 200,
    reason: "OK",
    fields: [],
  } as const;
  const sink = {
    command: "GET",
    sendResponse() {},
    sendHeader() {},
    endHeaders() {},
  };
  const write = () => Promise.reject(new Error("the client is gone"));
  for (const contentLength of [undefined, 5, 500_000]) {
    await t.step(`of a body of ${contentLength} bytes`, async () => {
      const reading = Promise.withResolvers<never>();
      const run = {
        read: () => reading.promise,
        outcome: () => Promise.resolve({ code: 0, signal: null }),
      };
      const wfile = { write, flush: write };
      const document = { ...head, contentLength };
      await assertRejects(
        () => relayDocument(document, new Uint8Array(3), run, sink, wfile),
        Error,
        "the client is gone",
      );
      reading.reject(new Error("the application closed"));
      // Where nobody handles it the runtime says so in this turn.
      await new Promise((turn) => setTimeout(turn, 0));
    });
  }
});
