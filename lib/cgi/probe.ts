// Asks a handler class which paths are its own. The answer hangs on the
// settings of the class, which are fields of its instances, so an instance is
// made that serves nobody.

import { ByteReader } from "../bytes/byte_reader.ts";
import { ByteWriter } from "../bytes/byte_writer.ts";
import { DEFAULT_LIMITS } from "../facts/limits.ts";
import type { HttpEndpoint } from "../handler/http_request_handler.ts";
import type { Connection } from "../handler/stream_request_handler.ts";

/** A handler that knows its paths. */
export interface PathOwner {
  /** Whether a canonical path is one of them. */
  isCgi(pathname: string): boolean;
}

/** A class of such handlers. */
export type PathOwnerClass = new (endpoint: HttpEndpoint) => PathOwner;

const probes = new WeakMap<PathOwnerClass, PathOwner>();

/** Whether an instance of the class would take the path. */
export function ownsByProbe(owner: PathOwnerClass, pathname: string): boolean {
  let probe = probes.get(owner);
  if (probe === undefined) {
    probe = new owner(nobody());
    probes.set(owner, probe);
  }
  return probe.isCgi(pathname);
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
