// The request line, the head and the connection: rows 1 to 30.

import { HttpRequestHandler } from "../../mod.ts";
import {
  Base,
  Getting,
  HOST,
  ONE_LINE,
  seen,
  statusRow,
  watch,
} from "./_handlers.ts";
import { ask, fieldOf, lineOf, type Row, statusOf } from "./_row.ts";

const NO_GET = {
  here: "405",
  why: "a method that HTTP has, on a path that takes others, is 405 with " +
    "Allow (RFC 9110 15.5.6); 501 is for methods that nobody knows",
};
const NO_09 = "HTTP/0.9 has no status and no fields, so that no client can " +
  "tell an answer from an error; it is refused (RFC 9112 appendix C.1)";
/** Rows 1 to 30. */
export const REQUEST_ROWS: readonly Row[] = [
  {
    row: 1,
    name: "GET of a class without methods",
    see: async () =>
      statusOf(
        await ask(HttpRequestHandler, `GET / HTTP/1.1\r\n${HOST}\r\n`),
      ),
    python: "501",
  },
  statusRow(1, "GET / HTTP/1.1", "501", NO_GET),
  statusRow(2, "XYZBOGUS / HTTP/1.1\n", "501", {
    here: "400",
    why: "a bare LF ends a line for some readers and not for others: a way " +
      "to smuggle requests (RFC 9112 2.2)",
  }),
  statusRow(3, "GET / FUBAR", "400"),
  statusRow(4, "GET / HTTP/9.9.9", "400"),
  statusRow(5, "GET / HTTP/-9_9_9.+9_9_9", "400"),
  statusRow(6, "GET / HTTP/909876543210.0", "400"),
  statusRow(7, "GET / HTTP/1.909876543210", "400"),
  statusRow(8, "GET / HTTP/9.9", "505"),
  statusRow(9, "GET /", "501", { here: "400", why: NO_09 }),
  statusRow(10, "CUSTOM /", "400"),
  statusRow(11, " / ", "400"),
  statusRow(12, "custom / HTTP/1.1", "501"),
  statusRow(12, "GETs / HTTP/1.1", "501"),
  statusRow(12, "FOO / HTTP/1.1", "501"),
  {
    row: 13,
    name: "a target with a space",
    see: async () => {
      seen.length = 0;
      const answer = await ask(
        Getting,
        `GET /spaced out HTTP/1.1\r\n${HOST}\r\n`,
      );
      const count = (name: string) => answer.split(`\r\n${name}: `).length - 1;
      return `${lineOf(answer).slice(0, 13)}; Server ${count("Server")}, ` +
        `Date ${count("Date")}, Content-Type ${count("Content-Type")}; ` +
        `handler called: ${seen.some((call) => call.startsWith("GET"))}`;
    },
    python: "HTTP/1.1 400 ; Server 1, Date 1, Content-Type 1; " +
      "handler called: false",
  },
  {
    row: 14,
    name: "a request line over 65536 octets",
    see: () => watch(`GET ${"/x".repeat(40_000)} HTTP/1.1\r\n\r\n`),
    python: 'HTTP/1.1 414 URI Too Long; error 414 ""',
  },
  {
    row: 15,
    name: "a header line over 65536 octets",
    see: () =>
      watch(`GET / HTTP/1.1\r\n${HOST}X: ${"x".repeat(65_537)}\r\n\r\n`),
    python: 'HTTP/1.1 431 Line too long; error 431 "GET / HTTP/1.1"',
    differs: {
      here: 'HTTP/1.1 431 Request Header Fields Too Large; error 431 ""',
      why: ONE_LINE + "; the head is parsed as a whole or not at all",
    },
  },
  {
    row: 16,
    name: "101 header lines",
    see: () => watch(`GET / HTTP/1.1\r\n${HOST}${"X: y\r\n".repeat(100)}\r\n`),
    python: 'HTTP/1.1 431 Too many headers; error 431 "GET / HTTP/1.1"',
    differs: {
      here: 'HTTP/1.1 431 Request Header Fields Too Large; error 431 ""',
      why: ONE_LINE + "; the head is parsed as a whole or not at all",
    },
  },
  {
    row: 17,
    name: "the attributes of a plain request",
    see: () => watch("GET / HTTP/1.1\r\n\r\n"),
    python: 'HTTP/1.1 200 OK; GET / HTTP/1.1 "GET / HTTP/1.1" 0',
    differs: {
      here: 'HTTP/1.1 400 Bad Request; error 400 ""',
      why: "HTTP/1.1 without Host must be refused (RFC 9112 3.2)",
    },
  },
  {
    row: 17,
    name: "the attributes of a plain request with a Host",
    see: () => watch(`GET / HTTP/1.1\r\n${HOST}\r\n`),
    python: 'HTTP/1.1 200 OK; GET / HTTP/1.1 "GET / HTTP/1.1" 1',
  },
  {
    row: 18,
    name: "HTTP/1.0",
    see: () => watch("GET / HTTP/1.0\r\n\r\n"),
    python: 'HTTP/1.1 200 OK; GET / HTTP/1.0 "GET / HTTP/1.0" 0',
  },
  {
    row: 19,
    name: "HTTP/0.9 with a version",
    see: () => watch("GET / HTTP/0.9\r\n\r\n"),
    python: '<html><body>Data</body></html>; GET / HTTP/0.9 "GET / HTTP/0.9" 0',
    differs: {
      here: 'HTTP/1.1 505 HTTP Version Not Supported; error 505 ""',
      why: NO_09,
    },
  },
  {
    row: 20,
    name: "HTTP/0.9 without a version, and a second request",
    see: () => watch("GET /index.html\r\nGET /again\r\n"),
    python: "<html><body>Data</body></html>; GET /index.html HTTP/0.9 " +
      '"GET /index.html" 0',
    differs: { here: 'HTTP/1.1 400 Bad Request; error 400 ""', why: NO_09 },
  },
  {
    row: 21,
    name: "POST without a version",
    see: async () => {
      const answer = await ask(Getting, "POST /index.html\r\n");
      return `${statusOf(answer)}, names the verb: ${answer.includes("POST")}`;
    },
    python: "400, names the verb: true",
    differs: { here: "400, names the verb: false", why: ONE_LINE },
  },
  statusRow(27, "GET / HTTP/1.1\r\nConnection: close", "501", NO_GET),
  statusRow(27, "GET / HTTP/1.1\r\nConnection: keep-alive", "501", NO_GET),
  {
    row: 28,
    name: "Connection: keep-alive is sent and kept",
    see: async () => {
      const request = `KEEP / HTTP/1.1\r\n${HOST}\r\n`;
      const answer = await ask(Base, request + request);
      return `${fieldOf(answer, "Connection")} ` +
        (answer.match(/HTTP\/1\.1 200 OK\r\n/g)?.length ?? 0);
    },
    python: "keep-alive 2",
  },
  ...[[true], [false, false, true]].map((closings): Row => ({
    row: 29,
    name: `handle() until closeConnection: ${closings}`,
    see: async () => {
      let calls = 0;
      class Counted extends Getting {
        override async handleOneRequest(): Promise<void> {
          await super.handleOneRequest();
          this.closeConnection = closings[calls++] ?? true;
        }
      }
      await ask(Counted, `GET / HTTP/1.1\r\n${HOST}\r\n`.repeat(4));
      return `${calls} calls`;
    },
    python: `${closings.length} calls`,
  })),
  {
    row: 30,
    name: "a server of HTTP/1.0 closes",
    see: async () => {
      class Old extends Getting {
        override protocolVersion = "HTTP/1.0" as const;
      }
      const answer = await ask(Old, `GET / HTTP/1.1\r\n${HOST}\r\n`.repeat(2));
      return `${lineOf(answer)}, ${fieldOf(answer, "Connection")}, ` +
        `${answer.split("HTTP/1.0").length - 1} answer`;
    },
    python: "HTTP/1.0 200 OK, close, 1 answer",
  },
  {
    row: 30,
    name: "the version of a server that sets none",
    see: async () =>
      lineOf(await ask(Getting, `GET / HTTP/1.1\r\n${HOST}\r\n`)),
    python: "HTTP/1.0 200 OK",
    differs: {
      here: "HTTP/1.1 200 OK",
      why: "connections are kept: protocolVersion is HTTP/1.1 by default",
    },
  },
];
