import { assertEquals } from "@std/assert";
import { type Place, Roster } from "../../lib/server/roster.ts";

Deno.test("Roster holds exactly those that have come and not gone", () => {
  // Every order in which three can leave, and one that stays.
  for (const order of ["abc", "acb", "bac", "bca", "cab", "cba"]) {
    const roster = new Roster<string>();
    const places = new Map<string, Place<string>>();
    for (const item of "abcd") places.set(item, roster.add(item));
    const left = new Set("abcd");
    for (const item of order) {
      const place = places.get(item);
      if (place !== undefined) roster.delete(place);
      left.delete(item);
      assertEquals(new Set(roster.items()), left, `${order}: without ${item}`);
      assertEquals(roster.size, left.size);
    }
  }
});

Deno.test("Roster.items() does not change while it is gone through", () => {
  const roster = new Roster<number>();
  const places = [1, 2, 3].map((item) => roster.add(item));
  const seen: number[] = [];
  for (const item of roster.items()) {
    seen.push(item);
    for (const place of places.splice(0)) roster.delete(place);
  }
  assertEquals(seen, [1, 2, 3]);
  assertEquals(roster.size, 0);
});
