// The steps of an answer, Expect and the log: rows 33 to 53.

import { HttpRequestHandler, verb } from "../../mod.ts";
import {
  Base,
  Getting,
  HOST,
  ONE_LINE,
  seen,
  statusRow,
  watch,
} from "./_handlers.ts";
import { ask, bodyOf, fieldOf, lineOf, type Row, statusOf } from "./_row.ts";

/** What `sendError` says of a body, for a verb that takes the status as path. */
function bodiless(row: number, verb: string, code: number, here?: string): Row {
  const python = `${code}, Content-Length none, Content-Type none, ""`;
  return {
    row,
    name: `${verb} and sendError(${code})`,
    see: async () => {
      const answer = await ask(
        Base,
        `${verb} /${code} HTTP/1.1\r\n${HOST}\r\n`,
      );
      return `${statusOf(answer)}, ` +
        `Content-Length ${fieldOf(answer, "Content-Length")}, ` +
        `Content-Type ${fieldOf(answer, "Content-Type")}, ` +
        JSON.stringify(bodyOf(answer));
    },
    python,
    ...(here === undefined ? {} : {
      differs: {
        here,
        why: "RFC 9110 15.3.6: 205 has content of length zero, and a client " +
          "that keeps the connection must be told so",
      },
    }),
  };
}

const ONE_WRITE = "a small answer leaves in one write, in one packet";

/** Rows 33 to 53. */
export const ANSWER_ROWS: readonly Row[] = [
  statusRow(33, "CUSTOM / HTTP/1.1", "999"),
  statusRow(34, "SEND_ERROR /999 HTTP/1.1", "999"),
  {
    row: 35,
    name: "sendError() with a message and an explanation",
    see: async () => {
      const answer = await ask(Base, `LONGERROR / HTTP/1.1\r\n${HOST}\r\n`);
      return `${statusOf(answer)} ${
        Number(fieldOf(answer, "Content-Length")) > 0
      }`;
    },
    python: "999 true",
  },
  {
    row: 36,
    name: "the length of an error page",
    see: async () => {
      const answer = await ask(Base, `NOTFOUND / HTTP/1.1\r\n${HOST}\r\n`);
      const length = Number(fieldOf(answer, "Content-Length"));
      return `${statusOf(answer)} ${bodyOf(answer).length === length}`;
    },
    python: "404 true",
  },
  bodiless(37, "SEND_ERROR", 101),
  {
    row: 37,
    name: "SEND_ERROR and sendError(102)",
    see: async () =>
      statusOf(
        await ask(Base, `SEND_ERROR /102 HTTP/1.1\r\n${HOST}\r\n`, {
          onError: () => {},
        }),
      ),
    python: "102",
    differs: {
      here: "500",
      why: "an informational status is no answer (RFC 9110 15.2): " +
        "sendInformational() sends it ahead of one",
    },
  },
  bodiless(37, "SEND_ERROR", 204),
  bodiless(
    37,
    "SEND_ERROR",
    205,
    '205, Content-Length 0, Content-Type none, ""',
  ),
  bodiless(37, "SEND_ERROR", 304),
  {
    row: 38,
    name: "HEAD and sendError(200)",
    see: async () => {
      const answer = await ask(Base, `HEAD /200 HTTP/1.1\r\n${HOST}\r\n`);
      return `${statusOf(answer)}, ` +
        `length ${Number(fieldOf(answer, "Content-Length")) > 0}, ` +
        `${fieldOf(answer, "Content-Type").split(";")[0]}, ` +
        JSON.stringify(bodyOf(answer));
    },
    python: '200, length true, text/html, ""',
  },
  bodiless(38, "HEAD", 101),
  bodiless(38, "HEAD", 204),
  bodiless(38, "HEAD", 205, '205, Content-Length 0, Content-Type none, ""'),
  bodiless(38, "HEAD", 304),
  {
    row: 39,
    name: "fields are latin-1 both ways",
    see: async () => {
      const answer = await ask(
        Base,
        `LATINONEHEADER / HTTP/1.1\r\n${HOST}` +
          "X-Special-Incoming: Ärger mit Unicode\r\n\r\n",
      );
      const body = new TextDecoder().decode(
        Uint8Array.from(bodyOf(answer), (c) => c.charCodeAt(0)),
      );
      return `${fieldOf(answer, "X-Special")}; ${body}`;
    },
    python: "Dängerous Mind; Ärger mit Unicode",
  },
  {
    row: 40,
    name: "markup in the method",
    see: async () => {
      const answer = await ask(
        Base,
        `<script>alert("hello")</script> / HTTP/1.1\r\n${HOST}\r\n`,
      );
      return `${statusOf(answer)}, raw: ${answer.includes("<script>")}, ` +
        `escaped: ${answer.includes('&lt;script&gt;alert("hello")')}`;
    },
    python: "501, raw: false, escaped: true",
    differs: {
      here: "400, raw: false, escaped: false",
      why: "a method is a token (RFC 9110 9.1); " + ONE_LINE,
    },
  },
  {
    row: 41,
    name: "the writes of sendError(418)",
    see: async () => {
      let writes = 0;
      await ask(Base, `SEND_ERROR /418 HTTP/1.1\r\n${HOST}\r\n`, {
        onWrite: () => writes++,
      });
      return `${writes}`;
    },
    python: "2",
    differs: { here: "1", why: ONE_WRITE },
  },
  {
    row: 42,
    name: "the writes of sendResponseOnly(418), endHeaders(), and the rest",
    see: async () => {
      let writes = 0;
      const steps: number[] = [];
      class Stepping extends HttpRequestHandler {
        @verb("GET")
        get() {
          this.sendResponseOnly(418);
          steps.push(writes);
          this.endHeaders();
          steps.push(writes);
        }
      }
      await ask(Stepping, `GET / HTTP/1.1\r\n${HOST}\r\n`, {
        onWrite: () => writes++,
      });
      return [...steps, writes].join();
    },
    python: "0,1,1",
    differs: { here: "0,0,1", why: ONE_WRITE },
  },
  {
    row: 43,
    name: "the octets of fields without a status line",
    see: async () => {
      const errors: string[] = [];
      class Stepping extends HttpRequestHandler {
        @verb("GET")
        get() {
          this.sendHeader("Foo", "foo");
          this.sendHeader("bar", "bar");
          this.endHeaders();
        }
      }
      const answer = await ask(Stepping, `GET / HTTP/1.1\r\n${HOST}\r\n`, {
        onError: (error) => errors.push(String(error)),
      });
      return `${statusOf(answer)} ${errors}`;
    },
    python: "Foo: foo\r\nbar: bar\r\n\r\n",
    differs: {
      here: '500 Error: Cannot send the field "Foo" in the phase "start", ' +
        'only in "head"',
      why: "an answer begins with its status line; an error in the order of " +
        "the steps is the handler's, and the client is told",
    },
  },
  {
    row: 43,
    name: "the octets of fields behind a status line",
    see: async () => {
      class Stepping extends HttpRequestHandler {
        @verb("GET")
        get() {
          this.sendResponseOnly(204);
          this.sendHeader("Foo", "foo");
          this.sendHeader("bar", "bar");
          this.endHeaders();
        }
      }
      const answer = await ask(Stepping, `GET / HTTP/1.1\r\n${HOST}\r\n`);
      return answer.slice(answer.indexOf("\r\n") + 2);
    },
    python: "Foo: foo\r\nbar: bar\r\n\r\n",
  },
  {
    row: 44,
    name: "dateTimeString()",
    see: async () => {
      class Dated extends HttpRequestHandler {
        @verb("GET")
        get() {
          return new Response(this.dateTimeString(1_714_651_455_000));
        }
      }
      return bodyOf(await ask(Dated, `GET / HTTP/1.1\r\n${HOST}\r\n`));
    },
    python: "Thu, 02 May 2024 12:04:15 GMT",
  },
  {
    row: 47,
    name: "HTTP/1.0 and Expect",
    see: () => watch("GET / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n"),
    python: 'HTTP/1.1 200 OK; GET / HTTP/1.0 "GET / HTTP/1.0" 1',
  },
  {
    row: 48,
    name: "HTTP/1.1 and Expect, without a body",
    see: async () =>
      (await ask(
        Getting,
        `GET / HTTP/1.1\r\n${HOST}Expect: 100-continue\r\n\r\n`,
      )).slice(0, 25),
    python: "HTTP/1.1 100 Continue\r\n\r\n",
    differs: {
      here: "HTTP/1.1 200 OK\r\nServer: ",
      why: "100 is sent when the body is first read: what is refused by its " +
        "head is not sent for (RFC 9110 10.1.1)",
    },
  },
  ...[48, 49].map((row): Row => ({
    row,
    name: "HTTP/1.1 and Expect, with a body that is read",
    see: async () => {
      const head = `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\n` +
        "Expect: 100-continue\r\n\r\n";
      const writes: string[] = [];
      await ask(Getting, head + "x", {
        splits: [head.length],
        onWrite: (octets) => writes.push(new TextDecoder().decode(octets)),
      });
      return `${writes[0]}|${lineOf(writes[1] ?? "")}`;
    },
    python: "HTTP/1.1 100 Continue\r\n\r\n|HTTP/1.1 200 OK",
  })),
  {
    row: 50,
    name: "a handleExpect100() that refuses",
    see: async () => {
      class Refusing extends Getting {
        override handleExpect100(): boolean {
          this.sendError(417);
          return false;
        }
      }
      seen.length = 0;
      const answer = await ask(
        Refusing,
        `POST / HTTP/1.1\r\n${HOST}Content-Length: 1\r\n` +
          "Expect: 100-continue\r\n\r\n",
      );
      return `${lineOf(answer)}, ${
        answer.split("Connection: close").length - 1
      }` +
        ` close, ${
          seen.filter((call) => call.startsWith("POST")).length
        } calls`;
    },
    python: "HTTP/1.1 417 Expectation Failed, 1 close, 0 calls",
  },
  {
    row: 51,
    name: "the log of a 200",
    see: async () => {
      const lines: string[] = [];
      await ask(Getting, `GET / HTTP/1.1\r\n${HOST}\r\n`, {
        accessLog: (line) => lines.push(line.replace(/^.*\] /, "")),
      });
      return lines.join("\n");
    },
    python: '"GET / HTTP/1.1" 200 -',
  },
  {
    row: 52,
    name: "the log of a 404",
    see: async () => {
      const lines: string[] = [];
      await ask(Base, `ERROR / HTTP/1.1\r\n${HOST}\r\n`, {
        accessLog: (line) => lines.push(line.replace(/^.*\] /, "")),
      });
      return lines.join("\n");
    },
    python: 'code 404, message File not found\n"ERROR / HTTP/1.1" 404 -',
  },
  {
    row: 53,
    name: "control characters in the log",
    see: async () => {
      const lines: string[] = [];
      class Logging extends HttpRequestHandler {
        @verb("GET")
        get() {
          this.logMessage("\x1bFoo\x1b \0 \x7f \x9f \xa0 \\");
          return new Response();
        }
      }
      await ask(Logging, `GET / HTTP/1.1\r\n${HOST}\r\n`, {
        accessLog: (line) => lines.push(line.replace(/^.*\] /, "")),
      });
      return lines[0] ?? "";
    },
    python: "\\x1bFoo\\x1b \\x00 \\x7f \\x9f \xa0 \\\\",
  },
];
