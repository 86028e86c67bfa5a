import { assertEquals } from "@std/assert";
import { exhaustionError } from "../../lib/facts/exhaustion.ts";

function failure(code: unknown): Error {
  return Object.assign(new Error("failed"), { code });
}

Deno.test("exhaustionError() knows what the system has run out of", () => {
  const rows: [cause: unknown, status: number | undefined][] = [
    [failure("EMFILE"), 503],
    [failure("ENFILE"), 503],
    [failure("ENOSPC"), 507],
    [failure("EDQUOT"), 507],
    [failure("ENOENT"), undefined],
    [failure(undefined), undefined],
    [failure("constructor"), undefined],
    [new Error("EMFILE"), undefined],
    ["EMFILE", undefined],
    [undefined, undefined],
  ];
  for (const [cause, status] of rows) {
    const error = exhaustionError(cause);
    assertEquals(error?.status, status);
    assertEquals(error?.cause, error && cause);
  }
});

Deno.test("exhaustionError() says what there is none of, and when to come again", () => {
  const open: unknown[] = [503, "Too many open files", [["Retry-After", "1"]]];
  const room: unknown[] = [507, "There is no room on the disk", []];
  for (
    const [code, want] of [
      ["EMFILE", open],
      ["ENFILE", open],
      ["ENOSPC", room],
      ["EDQUOT", room],
    ] as const
  ) {
    const error = exhaustionError(Object.assign(new Error(code), { code }));
    assertEquals([error?.status, error?.message, error?.headers], want);
  }
});
