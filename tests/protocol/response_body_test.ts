import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { lateError, lateWrite } from "../../lib/protocol/late_error.ts";
import { ResponseBody } from "../../lib/protocol/response_body.ts";

const LATE = "Cannot write the body: the response is complete";

/** The body of a response, and what that is told. */
function bodyOf() {
  const calls: string[] = [];
  const body = new ResponseBody({
    write(chunk) {
      calls.push(`write ${chunk}`);
      return Promise.resolve();
    },
    flush() {
      calls.push("flush");
      return Promise.resolve();
    },
    get writable(): never {
      throw new Error("That of the response outlives it");
    },
  });
  return { body, calls };
}

Deno.test("ResponseBody passes on what is written", async () => {
  const { body, calls } = bodyOf();
  await body.write("a");
  await body.flush();
  assertStrictEquals(body.writable, body.writable);
  await new Response("b").body?.pipeTo(body.writable);
  assertEquals(calls, ["write a", "flush", "write 98", "flush"]);
});

Deno.test("ResponseBody takes nothing once it is closed", async () => {
  const { body, calls } = bodyOf();
  body.close();
  await assertRejects(() => body.write("a"), Error, LATE);
  await body.flush();
  assertEquals(calls, []);
});

Deno.test("ResponseBody refuses at once what is neither text nor bytes", () => {
  const { body, calls } = bodyOf();
  for (const _ of [0, 1]) {
    assertThrows(
      // As plain JavaScript may give it.
      () => void body.write(JSON.parse("1")),
      TypeError,
      "Cannot write a number",
    );
    body.close();
  }
  assertEquals(calls, []);
});

Deno.test("lateWrite() rejects, and brings nobody down who does not wait", async () => {
  const reason = new Error("late");
  void lateWrite(reason);
  // Were it unhandled, the test would end here.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await assertRejects(() => lateWrite(reason), Error, "late");
  await assertRejects(() => lateWrite(), Error, LATE);
  assertEquals(
    lateError("send a trailer").message,
    "Cannot send a trailer: the response is complete",
  );
});

Deno.test("ResponseBody has its writer wait for the response", async () => {
  const gate = Promise.withResolvers<void>();
  const waiting = () => gate.promise;
  const body = new ResponseBody({
    write: waiting,
    flush: waiting,
    writable: new WritableStream(),
  });
  let settled = 0;
  for (const promise of [body.write("a"), body.flush()]) {
    promise.then(() => settled++);
  }
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(settled, 0);
  gate.resolve();
  await gate.promise;
  await new Promise((resolve) => setTimeout(resolve, 0));
  assertEquals(settled, 2);
});
