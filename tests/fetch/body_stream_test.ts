import { assertEquals, assertRejects } from "@std/assert";
import { BodyStream } from "../../lib/fetch/body_stream.ts";

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

Deno.test("BodyStream gives what has piled up as one piece", async () => {
  const body = new BodyStream(() => {});
  const piece = bytesOf("a");
  for (let i = 0; i < 10_000; i++) await body.write(piece);
  piece.fill(0);
  body.close();
  const reader = body.readable.getReader();
  const { value } = await reader.read();
  assertEquals(value, bytesOf("a".repeat(10_000)));
  assertEquals((await reader.read()).done, true);
});

Deno.test("BodyStream gives a host that waits each piece at once", async () => {
  const body = new BodyStream(() => {});
  const reader = body.readable.getReader();
  for (const text of ["a", "b"]) {
    const reading = reader.read();
    void body.write(bytesOf(text));
    assertEquals((await reading).value, bytesOf(text));
  }
  const reading = reader.read();
  body.close();
  assertEquals((await reading).done, true);
});

Deno.test("BodyStream.write() waits while 64 KiB are not taken", async () => {
  const body = new BodyStream(() => {});
  await body.write(new Uint8Array(65_535));
  let isTaken = false;
  const writing = body.write(bytesOf("a")).then(() => isTaken = true);
  await new Promise((resolve) => setTimeout(resolve));
  assertEquals(isTaken, false);
  const reader = body.readable.getReader();
  assertEquals((await reader.read()).value?.length, 65_536);
  await writing;
});

Deno.test("BodyStream.write() fails once the host wants no more", async () => {
  const reasons: string[] = [];
  const body = new BodyStream((error) => reasons.push(error.message));
  await body.write(bytesOf("a"));
  await body.readable.cancel("enough");
  await assertRejects(() => body.write(bytesOf("b")), Error, "went away");
  assertEquals(reasons, ["The client went away"]);
});
