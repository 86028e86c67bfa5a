import { assertEquals } from "@std/assert";
import { FieldList } from "../../mod.ts";

const fields = new FieldList(
  ["Accept", "X-A", "accept"],
  ["text/html", "b", "text/plain"],
);

for (const name of ["accept", "Accept", "ACCEPT"]) {
  Deno.test(`FieldList finds ${name}: names compare without case`, () => {
    assertEquals(fields.get(name), "text/html, text/plain");
    assertEquals(fields.getAll(name), ["text/html", "text/plain"]);
    assertEquals(fields.has(name), true);
  });
}

Deno.test("FieldList has no field of another name", () => {
  assertEquals(fields.get("X-B"), undefined);
  assertEquals(fields.getAll("X-B"), []);
  assertEquals(fields.has("X-B"), false);
});

Deno.test("FieldList joins the lines of Cookie as cookies are joined", () => {
  const cookies = new FieldList(["Cookie", "cookie"], ["a=1", "b=2"]);
  assertEquals(cookies.get("Cookie"), "a=1; b=2");
});
