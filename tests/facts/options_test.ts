import { assertThrows } from "@std/assert";
import { requireOptions } from "../../lib/facts/options.ts";

Deno.test("requireOptions() refuses misspelt names", () => {
  requireOptions({ prot: undefined, headTimeout: 1, port: 1 }, {
    port: "number",
  });
  for (const name of ["headTimout", "prot", "toString", "__proto__"]) {
    assertThrows(
      () => requireOptions(JSON.parse(`{"${name}": 0}`), { port: "number" }),
      TypeError,
      `There is no option "${name}": there are port, requestLineBytes, `,
    );
  }
});

Deno.test("requireOptions() refuses values of another type", () => {
  const types = {
    port: "number",
    hosts: "array",
    signal: "object",
    path: "string",
    accessLog: "function",
    reusePort: "boolean",
  } as const;
  requireOptions({
    port: NaN,
    hosts: [],
    signal: AbortSignal.abort(),
    path: "",
    accessLog: () => {},
    reusePort: false,
  }, types);
  const rows: [options: object, message: string][] = [
    [{ port: "80" }, 'Cannot take a string for the option "port": want a num'],
    [{ hosts: "a" }, 'a string for the option "hosts": want an array'],
    [{ signal: [] }, 'object (Array) for the option "signal": want an object'],
    [{ path: 7 }, 'a number for the option "path": want a string'],
    [{ path: null }, 'null for the option "path": want a string'],
    [{ accessLog: true }, 'a boolean for the option "accessLog": want a func'],
    [{ reusePort: 1 }, 'a number for the option "reusePort": want a boolean'],
  ];
  for (const [options, message] of rows) {
    assertThrows(() => requireOptions(options, types), TypeError, message);
  }
});

Deno.test("requireOptions() refuses what are no options", () => {
  const rows: [given: unknown, kind: string][] = [
    [undefined, "undefined"],
    [null, "null"],
    [8000, "a number"],
    ["8000", "a string"],
    [class Handler {}, "a function"],
    [[], "an object (Array)"],
  ];
  for (const [given, kind] of rows) {
    assertThrows(
      () => requireOptions(given),
      TypeError,
      `Cannot take ${kind} for the options: want an object`,
    );
  }
});
