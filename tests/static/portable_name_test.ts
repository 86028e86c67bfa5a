import { assertEquals } from "@std/assert";
import {
  isPortableName,
  portableName,
} from "../../lib/static/portable_name.ts";

const NAMES: readonly [name: string, portable: string][] = [
  ["a.txt", "a.txt"],
  ["\u00e9 (1)%20~1", "\u00e9 (1)%20~1"],
  ["console", "console"],
  ["com10", "com10"],
  ["a.nul", "a.nul"],
  ["..\\x", "..%5Cx"],
  ["a/b", "a%2Fb"],
  ["C:x", "C%3Ax"],
  ["a.txt::$DATA", "a.txt%3A%3A$DATA"],
  ["a\0b", "a%00b"],
  ["\x1b[31m", "%1B[31m"],
  ["a\r\n", "a%0D%0A"],
  ["a\x7f\x9b", "a%7F%C2%9B"],
  ["a.", "a%2E"],
  ["a. ", "a.%20"],
  ["NUL", "_NUL"],
  ["aux.c", "_aux.c"],
  ["con .txt", "_con .txt"],
  ["COM1.txt", "_COM1.txt"],
  ["lpt\u00b9", "_lpt\u00b9"],
  ["conout$", "_conout$"],
];

Deno.test("portableName() escapes what would be another thing elsewhere", () => {
  for (const [name, portable] of NAMES) {
    assertEquals(portableName(name), portable);
    assertEquals(isPortableName(name), name === portable, name);
    assertEquals(isPortableName(portable), true, portable);
  }
});
