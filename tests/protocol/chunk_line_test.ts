import { assertEquals, assertThrows } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import {
  parseChunkLine,
  parseTrailers,
} from "../../lib/protocol/chunk_line.ts";

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

Deno.test("parseTrailers() takes lines up to its limits (9112 7.1.2)", () => {
  const text = "A: 1\r\nB: 2\r\n";
  const trailers = parseTrailers(text, { trailerBytes: 12, headerCount: 2 });
  assertEquals([...trailers], [["A", "1"], ["B", "2"]]);
  for (
    const limits of [
      { trailerBytes: 11, headerCount: 2 },
      { trailerBytes: 12, headerCount: 1 },
    ]
  ) {
    const error = assertThrows(() => parseTrailers(text, limits), HttpError);
    assertEquals(error.status, 431);
  }
});
