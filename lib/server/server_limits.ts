// A server's options, and the limits among them. Without types a misspelt one
// would be no limit, and nobody would notice.

import { kindOf } from "../facts/kind.ts";
import { type Limits, withLimits } from "../facts/limits.ts";
import { type OptionType, requireOptions } from "../facts/options.ts";
import type { ListenOptions } from "./listener.ts";

/** A record, so that the compiler misses a name that is forgotten. */
const OTHER_OPTIONS: Readonly<
  Record<keyof ListenOptions | "hosts" | "signal" | "accessLog", OptionType>
> = {
  port: "number",
  hostname: "string",
  path: "string",
  cert: "string",
  key: "string",
  hosts: "array",
  signal: "object",
  accessLog: "function",
  backlog: "number",
  reusePort: "boolean",
  parallel: "number",
};

/**
 * Makes sure that a server's options have known names and the right types.
 *
 * @param options What was given for the options.
 * @throws {TypeError} If an option is unknown, or of the wrong type.
 * @throws {RangeError} If `parallel` is no number of isolates.
 */
export function requireServerOptions(options: unknown): void {
  if (Array.isArray(options)) {
    throw new TypeError(
      `Cannot listen on ${JSON.stringify(options)}: want an object as ` +
        '{ hostname: "127.0.0.1", port: 8000 }',
    );
  }
  requireOptions(options, OTHER_OPTIONS);
  const { signal, parallel = 1 } = Object(options);
  if (!Number.isSafeInteger(parallel) || parallel < 1) {
    throw new RangeError(
      `Cannot set parallel to ${parallel}: want a whole number from 1`,
    );
  }
  if (signal === undefined || signal instanceof AbortSignal) return;
  throw new TypeError(
    `Cannot take ${
      kindOf(signal)
    } for the option "signal": want an AbortSignal`,
  );
}

/**
 * Takes the limits out of a server's options.
 *
 * @param options The options.
 * @throws {TypeError} If an option is unknown, or of the wrong type.
 * @throws {RangeError} If a limit is out of range.
 */
export function limitsOf(
  options: ListenOptions & Partial<Limits>,
): Readonly<Limits> {
  requireServerOptions(options);
  return withLimits(options);
}
