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
