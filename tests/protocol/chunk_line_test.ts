import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import {
  checkTrailers,
  parseChunkLine,
} from "../../lib/protocol/chunk_line.ts";
import { FieldList } from "../../lib/protocol/field_list.ts";

Deno.test("parseChunkLine() gives a size and how long its extensions are (9112 7.1)", () => {
  for (
    const [line, size, extensions] of [
      ["0", 0, 0],
      ["1aF", 431, 0],
      ["0000000000000005", 5, 0],
      ["fffffffffffff", 4_503_599_627_370_495, 0],
      ["000fffffffffffff", 4_503_599_627_370_495, 0],
      ["5;a", 5, 2],
      ["005;name", 5, 5],
      ["5;name=value;other", 5, 17],
      ['10 ; name = "a \\" value" ;b', 16, 25],
    ] as const
  ) {
    assertEquals(parseChunkLine(line), { size, extensions }, line);
  }
});

Deno.test("parseChunkLine() refuses what overflows or is no line (9112 7.1)", () => {
  const size = "A chunk size is not a hexadecimal number";
  const digits = "A chunk size has too many digits";
  const malformed = "A chunk line is malformed";
  for (
    const [line, message] of [
      ["", size],
      [" 5", size],
      ["-5", size],
      ["x5", size],
      ["10000000000000", digits],
      ["00000000000000005", digits],
      ["5;name=value value", malformed],
      ["5;name other", malformed],
      ["5;;name", malformed],
      ["5x", malformed],
      ["5;name=value\x00", malformed],
    ] as const
  ) {
    const error = assertThrows(() => parseChunkLine(line), HttpError);
    assertEquals([error.status, error.message], [400, message], line);
  }
});

Deno.test("checkTrailers() refuses what frames, routes or authenticates (9110 6.5.1)", () => {
  checkTrailers(new FieldList(["A", "Digest"], ["1", "2"]));
  const names =
    "authorization connection content-length expect host te trailer transfer-encoding";
  for (const name of names.split(" ")) {
    for (const written of [name, name.toUpperCase()]) {
      const trailers = new FieldList(["A", written], ["1", ""]);
      const error = assertThrows(() => checkTrailers(trailers), HttpError);
      assertEquals(
        [error.status, error.message],
        [400, "A trailer field belongs in the head"],
        written,
      );
    }
  }
});
