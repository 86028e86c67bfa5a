/**
 * The servers that are compared: how each is started on a port of loopback.
 *
 * @module
 */

import { HOSTNAME } from "./server.ts";

/** A server that can be started. */
export interface Peer {
  /** The name in the tables. */
  readonly title: string;
  /** The command line that starts it, in the foreground. */
  readonly command: (place: Place) => string[];
}

/** Where a server listens and what it serves. */
export interface Place {
  /** The port on loopback. */
  readonly port: number;
  /** The folder of files and scripts. */
  readonly folder: string;
  /** Isolates that share the port. */
  readonly isolates: number;
}

/** Ours: verb methods that answer by the pipeline. */
export const VERB: Peer = {
  title: "verb",
  command: ({ port, isolates }) => deno("verb.ts", port, isolates),
};

/** Ours: a verb method that returns a web `Response`. */
export const VERB_RESPONSE: Peer = {
  title: "verb, Response",
  command: ({ port }) => deno("verb_response.ts", port),
};

/** Ours: the static handler. */
export const VERB_FILES: Peer = {
  title: "verb, files",
  command: ({ port, folder }) => deno("verb_files.ts", port, folder),
};

/** Ours: the CGI handler, with the permission that `docs/cgi.md` advises. */
export const VERB_CGI: Peer = {
  title: "verb, CGI",
  command: ({ port, folder }) =>
    denoWith(["--allow-ffi"], "verb_cgi.ts", port, folder),
};

/** The same without that permission. */
export const VERB_CGI_WITHOUT_FFI: Peer = {
  title: "verb, CGI without --allow-ffi",
  command: ({ port, folder }) => deno("verb_cgi.ts", port, folder),
};

/** Ours with as many routes. */
export function verbRoutes(count: number): Peer {
  return {
    title: `verb, routes: ${count}`,
    command: ({ port }) => deno("verb_routes.ts", port, count),
  };
}

/** The bare TCP loop: the limit. */
export const BARE_TCP: Peer = {
  title: "bare TCP loop",
  command: ({ port }) => deno("bare_tcp.ts", port),
};

/** `Deno.serve` with a plain handler. */
export const DENO_SERVE: Peer = {
  title: "Deno.serve",
  command: ({ port }) => deno("deno_serve.ts", port),
};

/** `deno serve`, with `--parallel` when there is more than one isolate. */
export const DENO_SERVE_PARALLEL: Peer = {
  title: "deno serve --parallel",
  command: ({ port, isolates }) => [
    "env",
    `DENO_JOBS=${isolates}`,
    Deno.execPath(),
    "serve",
    `--host=${HOSTNAME}`,
    `--port=${port}`,
    ...(isolates > 1 ? ["--parallel"] : []),
    pathOf("deno_serve_parallel.ts"),
  ],
};

/** Hono on `Deno.serve`. */
export const HONO: Peer = {
  title: "Hono",
  command: ({ port }) => deno("hono.ts", port),
};

/** Oak on `Deno.serve`. */
export const OAK: Peer = {
  title: "Oak (npm build)",
  command: ({ port }) => deno("oak.mjs", port),
};

/** node:http on Deno. */
export const NODE_HTTP_ON_DENO: Peer = {
  title: "node:http on Deno",
  command: ({ port }) => deno("node_http.mjs", port),
};

/** node:http on Node. */
export const NODE_HTTP: Peer = {
  title: "node:http on Node",
  command: ({ port }) => ["node", pathOf("node_http.mjs"), String(port)],
};

/** Express on Node. */
export const EXPRESS: Peer = {
  title: "Express on Node",
  command: ({ port }) => ["node", pathOf("express/server.mjs"), String(port)],
};

/** Python's http.server with a handler of its own. */
export const PYTHON: Peer = {
  title: "Python http.server",
  command: ({ port }) => ["python3", pathOf("python_http.py"), String(port)],
};

/** Python's http.server with `--cgi`. */
export const PYTHON_CGI: Peer = {
  title: "Python --cgi",
  command: ({ port, folder }) => [
    "python3",
    "-m",
    "http.server",
    "--cgi",
    `--bind=${HOSTNAME}`,
    `--directory=${folder}`,
    String(port),
  ],
};

/** nginx with sendfile, one worker, no access log. */
export const NGINX: Peer = {
  title: "nginx",
  command: (place) => ["nginx", "-c", configure("nginx.conf", place)],
};

/** lighttpd with mod_cgi. */
export const LIGHTTPD: Peer = {
  title: "lighttpd mod_cgi",
  command: (place) => [
    "lighttpd",
    "-D",
    "-f",
    configure("lighttpd.conf", place),
  ],
};

function deno(script: string, ...args: (string | number)[]): string[] {
  return denoWith([], script, ...args);
}

function denoWith(
  flags: readonly string[],
  script: string,
  ...args: (string | number)[]
): string[] {
  return [
    Deno.execPath(),
    "run",
    `--allow-net=${HOSTNAME}`,
    "--allow-read",
    "--allow-env",
    "--allow-run",
    // For the isolates beside the first one, which hear of its end by it.
    "--unstable-net",
    ...flags,
    `--lock=${new URL("deno.lock", import.meta.url).pathname}`,
    pathOf(script),
    ...args.map(String),
  ];
}

function pathOf(script: string): string {
  return new URL(`peers/${script}`, import.meta.url).pathname;
}

/** Fills in a server's configuration and returns the path of the copy. */
function configure(name: string, { port, folder }: Place): string {
  const text = Deno.readTextFileSync(pathOf(name))
    .replaceAll("{port}", String(port))
    .replaceAll("{folder}", folder);
  const path = `${folder}/../${port}.${name}`;
  Deno.writeTextFileSync(path, text);
  return path;
}
