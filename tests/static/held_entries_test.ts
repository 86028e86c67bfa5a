import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../mod.ts";
import {
  HeldEntries,
  MAX_HELD_ENTRIES,
} from "../../lib/static/held_entries.ts";

function hold(count: number): HeldEntries {
  const entries = new HeldEntries();
  for (let at = 0; at < count; at++) entries.add();
  return entries;
}

Deno.test("HeldEntries refuses what would be too much for all together", () => {
  {
    using _first = hold(MAX_HELD_ENTRIES / 2);
    using second = hold(MAX_HELD_ENTRIES / 2);
    const error = assertThrows(() => hold(1), HttpError);
    assertEquals([error.status, error.headers], [503, [["Retry-After", "1"]]]);
    assertThrows(() => second.add(), HttpError);
  }
  assertEquals(HeldEntries.total, 0);
});

Deno.test("HeldEntries takes back what is not held any more", () => {
  using first = hold(MAX_HELD_ENTRIES - 1);
  using second = hold(1);
  first.drop(10);
  second.add();
  assertEquals(HeldEntries.total, MAX_HELD_ENTRIES - 9);
});

Deno.test("HeldEntries lets one client read a folder of any size", () => {
  using _alone = hold(MAX_HELD_ENTRIES * 2);
  assertThrows(() => hold(1), HttpError);
});
