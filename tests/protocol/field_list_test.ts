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

Deno.test("FieldList keeps the lines in order, as they were written", () => {
  assertEquals(fields.size, 3);
  assertEquals([...fields], [
    ["Accept", "text/html"],
    ["X-A", "b"],
    ["accept", "text/plain"],
  ]);
  const lines = [0, 1, 2, 3].map((i) => [
    fields.lowerNameAt(i),
    fields.valueAt(i),
  ]);
  assertEquals(lines, [
    ["accept", "text/html"],
    ["x-a", "b"],
    ["accept", "text/plain"],
    ["", ""],
  ]);
});

Deno.test("FieldList.get() gives the value of a single line as it is", () => {
  assertEquals(fields.get("x-a"), "b");
  assertEquals(new FieldList(["A"], ["b"]).get("a"), "b");
  // A field of no lines and one of an empty line are told apart.
  assertEquals(new FieldList(["A"], [""]).get("a"), "");
  assertEquals(new FieldList([], []).get("a"), undefined);
});

Deno.test("FieldList.with() sets the first line of a name, or adds one", () => {
  for (
    const [name, want] of [
      ["X-a", [["Accept", "1"], ["X-A", "new"], ["Accept", "2"]]],
      ["accept", [["Accept", "new"], ["X-A", "b"], ["Accept", "2"]]],
      ["Host", [["Accept", "1"], ["X-A", "b"], ["Accept", "2"], [
        "Host",
        "new",
      ]]],
    ] as const
  ) {
    const before = new FieldList(["Accept", "X-A", "Accept"], ["1", "b", "2"]);
    const after = before.with(name, "new");
    assertEquals([...after], want.map(([...line]) => line));
    assertEquals(after.getAll(name)[0], "new");
    assertEquals(before.size, 3);
  }
});

Deno.test("FieldList makes strings of what stands within a text", () => {
  const text = "Accept: a\r\nX-A:b\r\nACCEPT: c \r\n";
  const list = FieldList.within(text, [
    0,
    6,
    8,
    9,
    11,
    14,
    15,
    16,
    18,
    24,
    26,
    27,
  ]);
  assertEquals(list.size, 3);
  assertEquals([...list], [["Accept", "a"], ["X-A", "b"], ["ACCEPT", "c"]]);
  assertEquals(list.get("accept"), "a, c");
  assertEquals(list.getAll("x-a"), ["b"]);
  assertEquals(list.has("X-B"), false);
  assertEquals([list.lowerNameAt(2), list.valueAt(2)], ["accept", "c"]);
  assertEquals([list.lowerNameAt(3), list.valueAt(3)], ["", ""]);
  assertEquals([...list.with("x-a", "d")][1], ["X-A", "d"]);
  assertEquals([...list.with("X-B", "d")][3], ["X-B", "d"]);
});

Deno.test("FieldList keeps what it was made of, whatever becomes of that", () => {
  const [names, values] = [["A"], ["b"]];
  const list = new FieldList(names, values);
  names[0] = values[0] = "c";
  assertEquals([...list], [["A", "b"]]);
});
