// Where a server listens: from what follows `--bind` to the line that tells it.

import { resolve } from "@std/path";
import type { HttpServer } from "../server/http_server.ts";

const UNIX = "unix:";

/** Where to listen. */
export type Place =
  | { readonly hostname: string; readonly port: number }
  | { readonly path: string };

/** Whether a value of `--bind` is a Unix socket. */
export function isSocket(bind: string): boolean {
  return bind.startsWith(UNIX);
}

/**
 * Reads a value of `--bind`.
 *
 * @param bind An address, a name, or `unix:PATH`.
 * @param port The port to listen on.
 */
export function parsePlace(bind: string, port: number): Place {
  if (isSocket(bind)) return { path: resolve(bind.slice(UNIX.length)) };
  return { hostname: bind.replace(/^\[(.*)\]$/, "$1"), port };
}

/** A place as messages name it. */
export function formatPlace(place: Place): string {
  return "path" in place
    ? UNIX + place.path
    : `${inUrl(place.hostname)}:${place.port}`;
}

/**
 * The URL at which a server is reached; undefined for a Unix socket.
 *
 * @param server The server.
 * @param hostname The name to use; by default that which it is bound to.
 */
export function urlOf(
  server: HttpServer,
  hostname: string = server.serverName,
): string | undefined {
  if (server.serverAddress.transport !== "tcp") return undefined;
  const scheme = server.isSecure ? "https" : "http";
  return `${scheme}://${inUrl(hostname)}:${server.serverPort}/`;
}

/** The line that tells where a server listens, as Python prints it. */
export function startLine(server: HttpServer): string {
  const scheme = server.isSecure ? "HTTPS" : "HTTP";
  const url = urlOf(server);
  return url === undefined
    ? `Serving ${scheme} on ${UNIX}${server.serverName} ...`
    : `Serving ${scheme} on ${server.serverName} port ${server.serverPort} ` +
      `(${url}) ...`;
}

function inUrl(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}
