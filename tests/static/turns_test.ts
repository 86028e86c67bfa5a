import { assertEquals, assertRejects } from "@std/assert";
import { Turns } from "../../lib/static/turns.ts";

Deno.test("Turns does one piece of work at a time, in order", async () => {
  const turns = new Turns();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const work = (name: string) => async () => {
    done.push(`${name} begins`);
    await gate.promise;
    done.push(`${name} ends`);
    return name;
  };
  const all = [turns.take(work("a")), turns.take(work("b"))];
  assertEquals(turns.length, 2);
  gate.resolve();
  assertEquals(await Promise.all(all), ["a", "b"]);
  assertEquals(done, ["a begins", "a ends", "b begins", "b ends"]);
  assertEquals(turns.length, 0);
});

Deno.test("Turns goes on after work that has failed", async () => {
  const turns = new Turns();
  const failing = turns.take(() => Promise.reject(new Error("failed")));
  const next = turns.take(() => Promise.resolve("next"));
  await assertRejects(() => failing, Error, "failed");
  assertEquals(await next, "next");
  assertEquals(turns.length, 0);
});

Deno.test("Turns does a few at once, and goes on behind what fails", async () => {
  const turns = new Turns(2);
  let busy = 0;
  let most = 0;
  const work = async () => {
    most = Math.max(most, ++busy);
    await new Promise((resolve) => setTimeout(resolve, 0));
    busy--;
    throw new Error("failed");
  };
  const all = Array.from({ length: 5 }, () => turns.take(work));
  const ended = await Promise.allSettled(all);
  assertEquals(ended.map(({ status }) => status), Array(5).fill("rejected"));
  assertEquals([most, busy, turns.length], [2, 0, 0]);
});
