// A body comes once, and may be asked for in each form, in any order.

import { assertEquals } from "@std/assert";
import { HttpRequestHandler, verb } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { exchange } from "../../lib/testing/mod.ts";

type Form = "bytes" | "text" | "json" | "formData";

const BODIES = {
  "application/json": `{"tea":2}`,
  "application/x-www-form-urlencoded": "tea=2&milk=no",
  "multipart/form-data; boundary=B":
    '--B\r\nContent-Disposition: form-data; name="tea"\r\n\r\n2\r\n--B--\r\n',
};

const FORMS: Record<keyof typeof BODIES, readonly Form[]> = {
  "application/json": ["bytes", "text", "json"],
  "application/x-www-form-urlencoded": ["bytes", "text", "formData"],
  "multipart/form-data; boundary=B": ["bytes", "text", "formData"],
};

class Twice extends HttpRequestHandler {
  override sendResponse(code: number): void {
    this.sendResponseOnly(code);
  }

  @verb("POST", "/:first/:second")
  async answer({ first, second }: { first: string; second: string }) {
    const shown = [
      show(await this[first as Form]()),
      show(await this[second as Form]()),
    ];
    return new Response(shown.join("|"), { headers: [] });
  }

  @verb("POST", "/rfile")
  async read() {
    await this.rfile.read(1);
    return new Response(await this.text());
  }
}

function show(value: unknown): string {
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  return value instanceof FormData
    ? JSON.stringify([...value])
    : typeof value === "string"
    ? value
    : JSON.stringify(value);
}

function wanted(form: Form, body: string): string {
  if (form === "json") return JSON.stringify(JSON.parse(body));
  if (form !== "formData") return body;
  return body.startsWith("--B")
    ? `[["tea","2"]]`
    : `[["tea","2"],["milk","no"]]`;
}

function raw(path: string, type: string, body: string): string {
  return `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
}

for (const [type, body] of Object.entries(BODIES)) {
  const forms = FORMS[type as keyof typeof BODIES];
  for (const first of forms) {
    for (const second of forms) {
      Deno.test(`${first}() and then ${second}() of ${type}`, async () => {
        const path = `/${first}/${second}`;
        const want = `${wanted(first, body)}|${wanted(second, body)}`;
        for (const splits of [[], "each"] as const) {
          const response = await exchange(Twice, raw(path, type, body), {
            splits,
          });
          const text = new TextDecoder().decode(response);
          assertEquals(text.slice(text.indexOf("\r\n\r\n") + 4), want);
        }
        const headers = { "Content-Type": type };
        const request = new Request(`http://a${path}`, {
          method: "POST",
          headers,
          body,
        });
        assertEquals(await (await toFetch(Twice)(request)).text(), want);
      });
    }
  }
}

Deno.test("text() behind a read of rfile is an error of the server", async () => {
  const errors: string[] = [];
  const response = await exchange(Twice, raw("/rfile", "text/plain", "abc"), {
    onError: (error) => void errors.push(String(error)),
  });
  assertEquals(
    new TextDecoder().decode(response).split("\r\n")[0],
    "HTTP/1.1 500 Internal Server Error",
  );
  assertEquals(errors, [
    "Error: Cannot collect the body: some of it was read by rfile",
  ]);
});

Deno.test("what was collected is of one request", async () => {
  const both = raw("/text/text", "text/plain", "one") +
    raw("/text/text", "text/plain", "two");
  const text = new TextDecoder().decode(await exchange(Twice, both));
  assertEquals(text.match(/one\|one|two\|two/g), ["one|one", "two|two"]);
});
