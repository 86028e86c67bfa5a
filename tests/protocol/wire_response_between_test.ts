// What WireResponse says of the connection, and sends besides the response.

import { assertEquals } from "@std/assert";
import {
  type ResponseContext,
  WireResponse,
} from "../../lib/protocol/response_writer.ts";
import { advance, CONTEXT, LONG, OLD, responseTo } from "./_wire_response.ts";

Deno.test("WireResponse.endsConnection tells whether no other can follow", async (t) => {
  const rows: {
    name: string;
    context?: Partial<ResponseContext>;
    status?: number;
    write?: string;
    want: boolean;
  }[] = [
    { name: "a length", want: false },
    { name: "chunks", write: LONG, want: false },
    { name: "the client closes", context: { closes: true }, want: true },
    { name: "1.0, a length", context: OLD, want: false },
    { name: "1.0, no length", context: OLD, write: LONG, want: true },
    { name: "another protocol begins (9110 15.2.2)", status: 101, want: true },
  ];
  for (const { name, context, status = 200, write = "a", want } of rows) {
    await t.step(name, () => {
      const { response } = responseTo(context);
      response.begin();
      response.start(status, "");
      response.endHead();
      assertEquals(response.endsConnection, false);
      response.write(write);
      response.end();
      assertEquals([response.isCommitted, response.endsConnection], [
        true,
        want,
      ]);
      response.begin();
      assertEquals(response.endsConnection, false);
    });
  }
  await t.step("what the client was told stays said", () => {
    const context = { ...CONTEXT, closes: true };
    const { writer } = responseTo();
    const response = new WireResponse(writer, context);
    advance(response, "done");
    context.closes = false;
    assertEquals(response.endsConnection, true);
  });
});

Deno.test("WireResponse.inform() goes ahead of the head, to 1.1 (9110 15.2)", async () => {
  const hint = "HTTP/1.1 103 Hint\nA: b\n\n";
  for (const [context, want] of [[{}, hint], [OLD, ""]] as const) {
    const { response, sent } = responseTo(context);
    for (const phase of ["start", "head", "body"] as const) {
      advance(response, phase);
      await response.inform(103, "Hint", [["A", "b"]]);
    }
    assertEquals(sent(), want.repeat(3));
  }
});

Deno.test("WireResponse.probe() sends what changes nothing", async (t) => {
  const chunked = "HTTP/1.1 200 OK\nTransfer-Encoding: chunked\n\n";
  const probe = "HTTP/1.1 100 Continue\n\n";
  const rows: {
    name: string;
    context?: Partial<ResponseContext>;
    fields?: [string, string][];
    isFlushed?: boolean;
    want: string;
  }[] = [
    { name: "100 ahead of the head (9110 15.2.1)", want: probe },
    {
      name: "a zero in front of a size (9112 7.1)",
      isFlushed: true,
      want: `${chunked}0`,
    },
    {
      name: "nothing within a length",
      fields: [["Content-Length", "1"]],
      isFlushed: true,
      want: "HTTP/1.1 200 OK\nContent-Length: 1\n\n",
    },
    {
      name: "nothing behind the head to HEAD",
      context: { isHead: true },
      isFlushed: true,
      want: chunked,
    },
    { name: "nothing to 1.0", context: OLD, want: "" },
  ];
  for (const { name, context, fields = [], isFlushed = false, want } of rows) {
    await t.step(name, async () => {
      const { response, sent } = responseTo(context);
      response.begin();
      response.start(200, "OK");
      for (const [field, value] of fields) response.field(field, value);
      response.endHead();
      if (isFlushed) await response.flush();
      response.probe();
      // Without a flush: it has to leave by itself.
      await new Promise((resolve) => setTimeout(resolve, 0));
      assertEquals(sent(), want);
    });
  }
  await t.step("nothing between two responses", async () => {
    const { response, sent, writer } = responseTo();
    response.probe();
    await writer.flush();
    assertEquals(sent(), "");
  });
});

Deno.test("WireResponse adopts no web response", () => {
  assertEquals(responseTo().response.adopt(new Response()), false);
});
