import { assertEquals } from "@std/assert";
import { StderrLines } from "../../lib/cgi/stderr_lines.ts";

const ROWS: readonly { name: string; pieces: string[]; want: string[] }[] = [
  { name: "nothing", pieces: [], want: [] },
  { name: "one line", pieces: ["oops\n"], want: ["oops"] },
  { name: "CRLF", pieces: ["oops\r\n"], want: ["oops"] },
  { name: "no line end", pieces: ["oo", "ps"], want: ["oops"] },
  { name: "lines over pieces", pieces: ["a\nb", "c\n"], want: ["a", "bc"] },
  { name: "an empty line", pieces: ["\na\n"], want: ["", "a"] },
  {
    name: "a long line is cut",
    pieces: ["123456789", "0\nb\n"],
    want: ["12345678…", "b"],
  },
  {
    name: "the rest is dropped",
    pieces: ["a\nb\nc\nd\n", "e\n"],
    want: ["a", "b", "c", "more than 3 lines: the rest is dropped"],
  },
];

Deno.test("StderrLines logs line by line, bounded", async (t) => {
  for (const { name, pieces, want } of ROWS) {
    await t.step(name, () => {
      const logged: string[] = [];
      const lines = new StderrLines((line) => logged.push(line), {
        lineBytes: 8,
        lines: 3,
      });
      for (const piece of pieces) lines.push(new TextEncoder().encode(piece));
      lines.end();
      assertEquals(logged, want);
    });
  }
});
