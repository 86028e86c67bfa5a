import { assertEquals, assertThrows } from "@std/assert";
import { ConnectionLost, HttpError } from "../../lib/facts/errors.ts";

Deno.test("HttpError takes the statuses of errors", () => {
  for (const status of [400, 404, 599]) {
    assertEquals(new HttpError(status).status, status);
  }
  for (const status of [399, 600, 404.5, NaN]) {
    assertThrows(
      () => new HttpError(status),
      RangeError,
      `Cannot make an error of the status ${status}`,
    );
  }
});

Deno.test("HttpError holds what the response is to say", () => {
  const bare = new HttpError(404);
  assertEquals(bare.name, "HttpError");
  assertEquals(bare.message, "");
  assertEquals(bare.explain, undefined);
  assertEquals(bare.headers, []);
  const cause = new Error("disk");
  const full = new HttpError(503, "Later", { explain: "The disk", cause });
  assertEquals(full.message, "Later");
  assertEquals(full.explain, "The disk");
  assertEquals(full.cause, cause);
});

Deno.test("HttpError takes fields as an object, pairs and Headers", () => {
  for (
    const headers of [
      { allow: "GET", "retry-after": "1" },
      [["allow", "GET"], ["retry-after", "1"]] as const,
      new Map([["allow", "GET"], ["retry-after", "1"]]),
      new Headers({ allow: "GET", "retry-after": "1" }),
    ]
  ) {
    assertEquals(new HttpError(405, "", { headers }).headers, [
      ["allow", "GET"],
      ["retry-after", "1"],
    ]);
  }
});

Deno.test("HttpError refuses what are no fields", () => {
  for (
    const headers of [
      '"ab"',
      '["ab"]',
      '[["a"]]',
      '[["a", "b", "c"]]',
      '[["a", 1]]',
      '[[1, "a"]]',
      '{"a": 1}',
      "[null]",
      '[{"0": "a", "1": "b", "length": 2}]',
    ]
  ) {
    assertThrows(
      // As plain JavaScript may give it.
      () => new HttpError(405, "", { headers: JSON.parse(headers) }),
      TypeError,
      "Cannot make an error with these headers: give an object of texts, " +
        "or pairs of a name and a value",
      headers,
    );
  }
});

Deno.test("ConnectionLost is told by its name", () => {
  assertEquals(new ConnectionLost("gone").name, "ConnectionLost");
});
