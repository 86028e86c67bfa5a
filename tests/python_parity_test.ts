// What CPython's own tests assert of http.server, row by row: the same here, or
// listed as an intended difference, with what happens instead and the reason.

import { assertEquals } from "@std/assert";
import { ANSWER_ROWS } from "./parity/_answer_rows.ts";
import { COMMAND_ROWS } from "./parity/_command_rows.ts";
import { PROGRAM_ROWS } from "./parity/_program_rows.ts";
import { REQUEST_ROWS } from "./parity/_request_rows.ts";
import type { Row } from "./parity/_row.ts";
import { STATIC_ROWS } from "./parity/_static_rows.ts";

const ROWS: readonly Row[] = [
  ...REQUEST_ROWS,
  ...ANSWER_ROWS,
  ...STATIC_ROWS,
  ...PROGRAM_ROWS,
  ...COMMAND_ROWS,
];

Deno.test("verb does as Python's http.server, but for the differences listed", async (t) => {
  for (const { row, name, see, python, differs } of ROWS) {
    const kind = differs === undefined ? "same" : `differs: ${differs.why}`;
    await t.step(`${row}. ${name} (${kind})`, async () => {
      assertEquals(await see(), differs?.here ?? python);
    });
  }
});

/** The rows that CPython's tests assert; the rest was only observed. */
const ASSERTED = [[1, 21], [27, 30], [33, 44], [47, 73], [80, 97]];

Deno.test("every row that CPython's tests assert is here", () => {
  const rows = new Set(ROWS.map(({ row }) => row));
  const missing = ASSERTED.flatMap(([from = 0, to = 0]) =>
    Array.from({ length: to - from + 1 }, (_, i) => from + i)
  ).filter((row) => !rows.has(row));
  assertEquals(missing, []);
});
