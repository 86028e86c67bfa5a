// The limits among a server's options. Without types a misspelt one would be no
// limit, and nobody would notice.

import { type Limits, withLimits } from "../facts/limits.ts";
import { requireKnownNames } from "../facts/option_names.ts";
import type { ListenOptions } from "./listener.ts";

/** A record, so that the compiler misses a name that is forgotten. */
const OTHER_NAMES: Readonly<
  Record<keyof ListenOptions | "hosts" | "signal" | "accessLog", true>
> = {
  port: true,
  hostname: true,
  path: true,
  cert: true,
  key: true,
  hosts: true,
  signal: true,
  accessLog: true,
  backlog: true,
  reusePort: true,
  parallel: true,
};

/**
 * Takes the limits out of a server's options.
 *
 * @param options The options.
 * @throws {TypeError} If an option is unknown, or a limit of the wrong type.
 * @throws {RangeError} If a limit is out of range.
 */
export function limitsOf(
  options: ListenOptions & Partial<Limits>,
): Readonly<Limits> {
  requireKnownNames(options, Object.keys(OTHER_NAMES));
  return withLimits(options);
}
