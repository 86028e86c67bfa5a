// What the socket tests of this folder share: a server that logs into an
// array, a directory of programs, and a client that shows every octet.

import type { HttpHandlerClass } from "../../lib/handler/http_request_handler.ts";
import { HttpServer } from "../../lib/server/http_server.ts";
import type { TcpServerOptions } from "../../lib/server/tcp_server.ts";

/** A server and what it logged. */
export class Serving implements AsyncDisposable {
  /** Such as `http://127.0.0.1:4711`. */
  readonly origin: string;
  readonly port: number;
  /** The lines of the log, without the client's address and the time. */
  readonly log: string[] = [];
  /** What was reported that no client is told of. */
  readonly errors: unknown[] = [];
  readonly #server: HttpServer;
  readonly #serving: Promise<void>;

  /** Serves the classes on a free port. */
  constructor(
    classes: HttpHandlerClass | HttpHandlerClass[],
    options: TcpServerOptions = {},
  ) {
    const { log, errors } = this;
    const Server = class extends HttpServer {
      override handleError(error: unknown): void {
        errors.push(error);
      }
    };
    this.#server = new Server({
      port: 0,
      accessLog: (line) => log.push(line.replace(/^.*?\] /, "")),
      ...options,
    }, classes);
    this.port = this.#server.serverPort;
    this.origin = `http://127.0.0.1:${this.port}`;
    this.#serving = this.#server.serveForever();
  }

  /** Sends the text and resolves to all that the server sends until it closes. */
  async exchange(request: string): Promise<string> {
    using connection = await Deno.connect({ port: this.port });
    await connection.write(new TextEncoder().encode(request));
    return await readToEnd(connection);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await this.#serving;
  }
}

/** All that comes until the other side closes. */
export async function readToEnd(
  connection: { read(p: Uint8Array): Promise<number | null> },
): Promise<string> {
  const decoder = new TextDecoder();
  const buffer = new Uint8Array(65_536);
  let text = "";
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) return text + decoder.decode();
    text += decoder.decode(buffer.subarray(0, count), { stream: true });
  }
}

/** A directory tree that is removed at the end. */
export class Site implements AsyncDisposable {
  /** Its absolute name. */
  readonly root: string;

  /** Makes the files; those that begin with `#!` are executable. */
  constructor(files: Readonly<Record<string, string>>) {
    this.root = Deno.realPathSync(Deno.makeTempDirSync());
    for (const [name, content] of Object.entries(files)) {
      const file = `${this.root}/${name}`;
      Deno.mkdirSync(file.slice(0, file.lastIndexOf("/")), { recursive: true });
      const mode = content.startsWith("#!") ? 0o755 : 0o644;
      Deno.writeTextFileSync(file, content);
      Deno.chmodSync(file, mode);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}

/** Hides what differs from run to run in a head. */
export function undated(response: string): string {
  return response
    .replace(/^Date: .*?(?=\r$)/m, "Date: now")
    .replace(/^Server: .*?(?=\r$)/m, "Server: verb");
}

/**
 * Shows a chunked response as if its length had been known: which of the two a
 * small one is hangs on how fast the program was.
 */
export function unchunked(response: string): string {
  const [head = "", ...rest] = response.split("\r\n\r\n");
  if (!head.includes("\r\nTransfer-Encoding: chunked")) return response;
  let body = "";
  for (let left = rest.join("\r\n\r\n");;) {
    const line = left.slice(0, left.indexOf("\r\n"));
    const size = parseInt(line, 16);
    if (!(size > 0)) break;
    const start = line.length + 2;
    body += left.slice(start, start + size);
    left = left.slice(start + size + 2);
  }
  const field = `Content-Length: ${body.length}`;
  return head.replace("Transfer-Encoding: chunked", field) +
    `\r\n\r\n${body}`;
}

/** Whether the programs are all there; prints the reason if a test is skipped. */
export function isMissing(...programs: string[]): boolean {
  const missing = programs.filter((program) => !isThere(program));
  if (missing.length > 0) {
    // deno-lint-ignore no-console -- the reason why a test does not run
    console.log(`skipped: ${missing.join(", ")} not installed`);
  }
  return missing.length > 0;
}

function isThere(program: string): boolean {
  const found = new Deno.Command("sh", {
    args: ["-c", `command -v "$1" || test -e "$1"`, "sh", program],
    stdout: "null",
  }).outputSync();
  return found.success;
}
