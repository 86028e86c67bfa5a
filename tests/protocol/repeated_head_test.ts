import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { HttpError, HttpRequestHandler, verb } from "../../mod.ts";
import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";
import { RepeatedHead } from "../../lib/protocol/repeated_head.ts";
import { exchange } from "../../lib/testing/mod.ts";

/** Answers with the fields and the body that it has seen. */
class Mirror extends HttpRequestHandler {
  @verb("*")
  async mirror() {
    const lines = [...this.fields].map(([name, value]) => `${name}=${value}`);
    const body = await this.text();
    this.sendResponseOnly(200);
    this.endHeaders();
    this.wfile.write(`${lines.join(";")}|${body}`);
  }
}

/** The bodies of the answers to requests on one connection. */
async function bodies(...requests: string[]): Promise<string[]> {
  const input = requests.join("").replaceAll("\n", "\r\n");
  const text = new TextDecoder().decode(await exchange(Mirror, input));
  return text.split(/HTTP\/1\.1 200 OK\r\n(?:[^\r]+\r\n)*\r\n/).slice(1);
}

Deno.test("RepeatedHead gives each request the fields that it has sent", async () => {
  const post = (length: number, body: string) =>
    `POST / HTTP/1.1\nHost: a\nContent-Length: ${length}\n\n${body}`;
  assertEquals(
    await bodies(
      post(2, "ab"),
      post(2, "cd"),
      post(3, "efg"),
      "GET / HTTP/1.1\nHost: a\n\n",
      "GET http://b/ HTTP/1.1\nHost: a\n\n",
      "GET / HTTP/1.1\nHost: a\n\n",
    ),
    [
      "Host=a;Content-Length=2|ab",
      "Host=a;Content-Length=2|cd",
      "Host=a;Content-Length=3|efg",
      "Host=a|",
      "Host=b|",
      "Host=a|",
    ],
  );
});

Deno.test("RepeatedHead asks again for Host where the version changes", async () => {
  const answers = await exchange(
    Mirror,
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" +
      "GET / HTTP/1.1\r\nConnection: keep-alive\r\n\r\n",
  );
  const text = new TextDecoder().decode(answers);
  assert(text.startsWith("HTTP/1.1 200 OK\r\n"), text);
  assert(text.includes("|HTTP/1.1 400 Bad Request\r\n"), text);
});

Deno.test("RepeatedHead parses a repeated head or section once, a long one each time", () => {
  const heads = new RepeatedHead(DEFAULT_LIMITS);
  const get = (path: string, padding = "") =>
    `GET ${path} HTTP/1.1\r\nHost: a\r\nX: ${padding}\r\n`;
  const first = heads.parse(get("/"));
  assertStrictEquals(heads.parse(get("/")), first);
  const other = heads.parse(get("/other"));
  assertEquals(other.path, "/other");
  assertStrictEquals(other.fields, first.fields);
  assertStrictEquals(heads.framing(other), heads.framing(first));
  const long = get("/", "x".repeat(5000));
  assert(heads.parse(long) !== heads.parse(long));
  assertStrictEquals(heads.parse(get("/other")), other);
});

Deno.test("RepeatedHead remembers no head that was refused", () => {
  const heads = new RepeatedHead(DEFAULT_LIMITS);
  const broken = "GET / HTTP/1.1\r\n";
  for (let i = 0; i < 2; i++) {
    assertThrows(() => heads.parse(broken), HttpError, "There is no Host");
  }
  const unknown = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n";
  for (let i = 0; i < 2; i++) {
    const head = heads.parse(unknown);
    assertThrows(() => heads.framing(head), HttpError, "not implemented");
  }
});
