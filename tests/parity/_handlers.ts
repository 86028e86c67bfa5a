// What CPython's tests have as their handlers, and what rows share.

import { HttpRequestHandler, verb } from "../../mod.ts";
import { ask, lineOf, type Row, statusOf } from "./_row.ts";

/** What a handler has seen, and what it did. */
export const seen: string[] = [];

/** CPython's test handler: some verbs, and no GET. */
export class Base extends HttpRequestHandler {
  @verb("KEEP")
  keep() {
    this.sendResponse(200);
    this.sendHeader("Content-Type", "text/html");
    this.sendHeader("Connection", "keep-alive");
    this.endHeaders();
  }

  @verb("LATINONEHEADER")
  latinOneHeader() {
    this.sendResponse(999);
    this.sendHeader("X-Special", "Dängerous Mind");
    this.endHeaders();
    this.wfile.write(this.fields.get("x-special-incoming") ?? "");
  }

  @verb("NOTFOUND")
  notFound() {
    this.sendError(404);
  }

  @verb("ERROR")
  error() {
    this.sendError(404, "File not found");
  }

  @verb("SEND_ERROR")
  @verb("HEAD")
  sendGivenError() {
    this.sendError(Number(this.path.slice(1)));
  }

  @verb("LONGERROR")
  longError() {
    this.sendError(999, "Short Message", "This is a long \n explanation");
  }

  @verb("CUSTOM")
  custom() {
    this.sendResponse(999);
    this.endHeaders();
  }
}

/** The same with GET and POST. */
export class Getting extends Base {
  @verb("GET")
  get() {
    const { command, path, requestVersion, requestLine, fields } = this;
    seen.push(
      `${command} ${path} ${requestVersion} "${requestLine}" ${fields.size}`,
    );
    this.sendResponse(200);
    this.sendHeader("Content-Type", "text/html");
    this.endHeaders();
    this.wfile.write("<html><body>Data</body></html>\r\n");
  }

  @verb("POST")
  async post() {
    const text = await this.text();
    seen.push(`POST ${text}`);
    this.sendResponse(200);
    this.endHeaders();
  }

  override sendError(code: number): void | Promise<void> {
    seen.push(`error ${code} "${this.requestLine}"`);
    return super.sendError(code);
  }
}

/** The status, and what the handler has seen. */
export async function watch(request: string): Promise<string> {
  seen.length = 0;
  const line = lineOf(await ask(Getting, request));
  return [line, ...seen].join("; ");
}

/** The field that every request of HTTP/1.1 has. */
export const HOST = "Host: localhost\r\n";

/** Rows of which only the status of a request counts. */
export function statusRow(
  row: number,
  line: string,
  python: string,
  differs?: Row["differs"],
): Row {
  return {
    row,
    name: JSON.stringify(line),
    see: async () => statusOf(await ask(Base, `${line}\r\n${HOST}\r\n`)),
    python,
    ...(differs === undefined ? {} : { differs }),
  };
}

/** Why a phrase is never a message. */
export const ONE_LINE =
  "a reason phrase is that of its status: the message stands on the page, and " +
  "nothing of the request in either";
