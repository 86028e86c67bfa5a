// Asks a handler class what hangs on its settings, which are fields of its
// instances: an instance is made that serves nobody.

import { ByteReader } from "../bytes/byte_reader.ts";
import { ByteWriter } from "../bytes/byte_writer.ts";
import { DEFAULT_LIMITS } from "../facts/limits.ts";
import type { Connection } from "./connection.ts";

/** A class whose instances can be made on a bare connection. */
export type ProbedClass<Handler> = new (connection: Connection) => Handler;

const probes = new WeakMap<object, unknown>();

/**
 * An instance of a handler class that serves nobody.
 *
 * @typeParam Handler The class.
 * @param handlerClass The class.
 * @returns The instance, the same for each call.
 */
export function probeOf<Handler>(handlerClass: ProbedClass<Handler>): Handler {
  // What is kept under a class is an instance of it.
  let probe = probes.get(handlerClass) as Handler | undefined;
  if (probe === undefined) {
    probe = new handlerClass(nobody());
    probes.set(handlerClass, probe);
  }
  return probe;
}

/** A connection that has ended before it began. */
function nobody(): Connection {
  const stream = {
    read: () => Promise.resolve(null),
    write: (octets: Uint8Array) => Promise.resolve(octets.length),
    close: () => {},
  };
  return {
    rfile: new ByteReader(stream),
    wfile: new ByteWriter(stream),
    clientAddress: { transport: "unix", path: "" },
    server: {
      serverName: "",
      serverPort: 0,
      isSecure: false,
      limits: DEFAULT_LIMITS,
      accessLog: undefined,
      handleError: () => {},
    },
  };
}
