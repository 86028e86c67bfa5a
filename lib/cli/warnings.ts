// What is served as it was asked for, but may not be what was meant.

import type { CommandOptions } from "./options.ts";
import { isSocket } from "./place.ts";

/**
 * Warns of what others in the network may do or read.
 *
 * @param options What the command line asks for.
 * @returns A line each.
 */
export function warningsOf(options: CommandOptions): string[] {
  const { binds, upload, authFile, authEnv, allowed, tlsCert } = options;
  if (!binds.some(isPublic)) return [];
  const hasUsers = authFile !== undefined || authEnv !== undefined;
  const warnings = [];
  if (upload && !hasUsers && allowed.length === 0) {
    warnings.push(
      "whoever reaches this address may upload: add --auth-file or --allow",
    );
  }
  if (hasUsers && tlsCert === undefined) {
    warnings.push("passwords go over the network in the clear: add --tls-cert");
  }
  return warnings;
}

function isPublic(bind: string): boolean {
  return !isSocket(bind) &&
    !/^(?:localhost|127\.[0-9.]+|\[?::1\]?)$/i.test(bind);
}
