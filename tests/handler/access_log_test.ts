import { assertEquals } from "@std/assert";
import { escapeControls, formatLogDate } from "../../lib/handler/access_log.ts";
import { verb } from "../../mod.ts";
import { exchange } from "../../lib/testing/mod.ts";
import { answering, Fixed, GET, talk } from "./_talk.ts";

const ESCAPES: readonly (readonly [text: string, want: string])[] = [
  ["plain text", "plain text"],
  ["\x1b[31mred", "\\x1b[31mred"],
  ["\0", "\\x00"],
  ["\x7f", "\\x7f"],
  ["\x80\x9f", "\\x80\\x9f"],
  ["\xa0é☃", "\xa0é☃"],
  ["a\\b", "a\\\\b"],
  ["a\r\nb\tc", "a\\x0d\\x0ab\\x09c"],
];

Deno.test("escapeControls() escapes what could move a cursor", async (t) => {
  for (const [text, want] of ESCAPES) {
    await t.step(want, () => assertEquals(escapeControls(text), want));
  }
});

Deno.test("formatLogDate() writes local time as the common log does", () => {
  const time = new Date(2026, 10, 1, 9, 5, 7).getTime();
  assertEquals(formatLogDate(time), "01/Nov/2026 09:05:07");
  assertEquals(formatLogDate(time + 61_000), "01/Nov/2026 09:06:08");
});

Deno.test("logMessage() writes the client, the time and the message", async () => {
  const lines: string[] = [];
  const App = answering(function () {
    this.logMessage("on \x1b its way");
    this.sendResponse(200);
    this.endHeaders();
  });
  await exchange(App, GET.replaceAll("\n", "\r\n"), {
    accessLog: (line) => lines.push(line),
  });
  assertEquals(lines, [
    "127.0.0.1 - - [now] on \\x1b its way",
    '127.0.0.1 - - [now] "GET / HTTP/1.1" 200 -',
  ]);
});

Deno.test("logRequest() escapes what a client sent", async () => {
  const App = answering(() => new Response());
  const { log } = await talk(App, "GET /\x1b[2J HTTP/1.1\nHost: a\n\n");
  assertEquals(log, [
    "code 400, message The request target is malformed",
    '"" 400 -',
  ]);
});

Deno.test("logMessage() shortens what is as long as a body", async () => {
  class Quoting extends Fixed {
    @verb("POST", "/")
    async quote(): Promise<Response> {
      this.logMessage(await this.text());
      return new Response();
    }
  }
  const body = "\x1b".repeat(28_672) + "left out" + "\x1b".repeat(4_096);
  const { log } = await talk(
    Quoting,
    `POST / HTTP/1.1\nHost: a\nContent-Length: ${body.length}\n\n${body}`,
  );
  const short = "\\x1b".repeat(28_672) + " … 8 characters … " +
    "\\x1b".repeat(4_096);
  assertEquals(log[0] === short, true);
});

Deno.test("the log hooks may be overridden", async () => {
  const calls: string[] = [];
  class Logged extends Fixed {
    override addressString(): string {
      return "client";
    }
    override logRequest(code: number | string, size?: number | string): void {
      calls.push(`request ${this.command} ${this.path} ${code} ${size}`);
      super.logRequest(code, 12);
    }
    override logError(message: string): void {
      calls.push(`error ${message}`);
      super.logError(message);
    }

    @verb("GET", "/")
    get() {
      return new Response("ok");
    }
  }
  const lines: string[] = [];
  const request = GET + GET.replace("/", "/x");
  await exchange(Logged, request.replaceAll("\n", "\r\n"), {
    accessLog: (line) => lines.push(line),
  });
  assertEquals(calls, [
    "request GET / 200 undefined",
    "error code 404, message Not Found",
    "request GET /x 404 undefined",
  ]);
  assertEquals(lines, [
    'client - - [now] "GET / HTTP/1.1" 200 12',
    "client - - [now] code 404, message Not Found",
    'client - - [now] "GET /x HTTP/1.1" 404 12',
  ]);
});

Deno.test("logMessage() is called where it is overridden, without a log too", async () => {
  const messages: string[] = [];
  class Logged extends Fixed {
    override logMessage(message: string): void {
      messages.push(message);
    }

    @verb("GET", "/")
    get() {
      return new Response("ok");
    }
  }
  await exchange(Logged, GET.replaceAll("\n", "\r\n"));
  assertEquals(messages, ['"GET / HTTP/1.1" 200 -']);
});
