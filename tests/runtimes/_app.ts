// A user's program for any runtime: handlers with decorators, by `toFetch`, and
// what some requests get, a line each.

import { HttpRequestHandler, verb } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";

class Site extends HttpRequestHandler {
  @verb("GET", "/hello/:name")
  hello({ name }: { name: string }): void {
    this.sendResponse(200);
    this.sendHeader("X-Path", this.pathname);
    this.endHeaders();
    this.wfile.write(`Hello, ${name}`);
  }

  @verb("GET", "/broken")
  broken(): void {
    throw new Error("for the log");
  }
}

class Notes extends Site {
  static override prefix = "/notes";

  @verb("POST", "/")
  @verb("PUT", "/:id")
  async write(): Promise<Response> {
    const note = await this.json();
    return Response.json(note, { status: 201, headers: { "X-Path": "notes" } });
  }

  @verb("POST", "/echo")
  async echo(): Promise<void> {
    this.sendResponse(200);
    this.endHeaders();
    for (let line; (line = await this.rfile.readLine()) !== null;) {
      await this.wfile.write(line);
      await this.wfile.flush();
    }
  }
}

const JSON_TYPE = { "Content-Type": "application/json" };

const ROWS: readonly [method: string, path: string, init?: RequestInit][] = [
  ["GET", "/hello/Ada%20L"],
  ["HEAD", "/hello/Ada"],
  ["GET", "/notes/hello/Ada"],
  ["POST", "/notes", { headers: JSON_TYPE, body: '{"a":[1]}' }],
  ["PUT", "/notes/7", { headers: JSON_TYPE, body: "{" }],
  ["POST", "/notes/echo", { body: "one\ntwo" }],
  ["OPTIONS", "/notes/7"],
  ["DELETE", "/notes/7"],
  ["GET", "/broken"],
  ["GET", "/none"],
];

async function run(): Promise<void> {
  const log: string[] = [];
  const handler = toFetch([Site, Notes], {
    onError: (error) => log.push(String(error)),
  });
  for (const [method, path, init] of ROWS) {
    const request = new Request(`http://host${path}`, { method, ...init });
    const response = await handler(request);
    const { status, headers } = response;
    const body = await response.text();
    log.push(JSON.stringify({
      asked: `${method} ${path}`,
      status,
      path: headers.get("X-Path") ?? undefined,
      allow: headers.get("Allow") ?? undefined,
      body: body.startsWith("<!DOCTYPE") ? "a page" : body,
    }));
  }
  // deno-lint-ignore no-console -- what the test reads
  console.log(log.join("\n"));
}

void run();
