// A server over a temporary folder, spoken to in raw HTTP/1.1.

import { HttpServer } from "../../lib/server/http_server.ts";
import type { HttpHandlerClass } from "../../lib/handler/http_request_handler.ts";
import { StaticRequestHandler } from "../../lib/static/static_request_handler.ts";
import { type Folder, folderOf, type Layout } from "./_folder.ts";

/** An answer taken apart. */
export interface Answer {
  readonly status: number;
  /** Fields by lower-case name. */
  readonly fields: ReadonlyMap<string, string>;
  readonly body: string;
}

/** A running server over a folder. */
export interface Site extends AsyncDisposable {
  readonly root: string;
  readonly origin: string;
  readonly port: number;
  /** Sends a request and reads the one answer to it. */
  ask(
    path: string,
    fields?: Readonly<Record<string, string>>,
    method?: string,
    body?: string,
  ): Promise<Answer>;
  /** Sends octets and reads all that comes until the server closes. */
  raw(request: string): Promise<string>;
}

/** Serves a layout with settings of `StaticRequestHandler`. */
export async function siteOf(
  layout: Layout,
  settings: Partial<StaticRequestHandler> = {},
): Promise<Site> {
  const folder = await folderOf(layout);
  const root = `${folder.path}/${settings.root ?? ""}`.replace(/\/$/, "");
  return serve(folder, root, StaticRequestHandler.with({ ...settings, root }));
}

/** Serves a folder with handler classes; the folder goes when the server goes. */
export function serve(
  folder: Folder,
  root: string,
  classes: HttpHandlerClass | readonly HttpHandlerClass[],
): Site {
  const server = new HttpServer({ port: 0, hostname: "127.0.0.1" }, classes);
  const serving = server.serveForever();
  const port = server.serverPort;
  const raw = (request: string) => exchange(port, request);
  return {
    root,
    port,
    origin: `http://127.0.0.1:${port}`,
    raw,
    async ask(path, fields = {}, method = "GET", body = "") {
      const head = Object.entries({ Host: "x", Connection: "close", ...fields })
        .map(([name, value]) => `${name}: ${value}\r\n`).join("");
      const text = `${method} ${path} HTTP/1.1\r\n${head}\r\n${body}`;
      return parseAnswer(await raw(text));
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await serving;
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function exchange(port: number, request: string): Promise<string> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const octets = Uint8Array.from(request, (c) => c.charCodeAt(0));
  for (let at = 0; at < octets.length;) {
    at += await conn.write(octets.subarray(at));
  }
  let text = "";
  const buffer = new Uint8Array(65_536);
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) return text;
    for (const octet of buffer.subarray(0, count)) {
      text += String.fromCharCode(octet);
    }
  }
}

/** Takes one answer apart; chunks are joined. */
export function parseAnswer(text: string): Answer {
  const end = text.indexOf("\r\n\r\n");
  const [statusLine = "", ...lines] = text.slice(0, end).split("\r\n");
  const fields = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const before = fields.get(name);
    fields.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  let body = text.slice(end + 4);
  if (fields.get("transfer-encoding") === "chunked") body = joinChunks(body);
  return { status: Number(statusLine.split(" ")[1]), fields, body };
}

function joinChunks(text: string): string {
  let body = "";
  for (let at = 0; at < text.length;) {
    const lineEnd = text.indexOf("\r\n", at);
    const size = parseInt(text.slice(at, lineEnd), 16);
    if (size === 0) break;
    body += text.slice(lineEnd + 2, lineEnd + 2 + size);
    at = lineEnd + 2 + size + 2;
  }
  return body;
}
