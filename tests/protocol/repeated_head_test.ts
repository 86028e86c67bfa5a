import {
  assert,
  assertEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { HttpError, HttpRequestHandler, verb } from "../../mod.ts";
import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";
import type { RequestHead } from "../../lib/protocol/request_head.ts";
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

const encoder = new TextEncoder();
const CR = 0x0d;

/** Finds a head at the start of `octets` and parses it. */
function receive(heads: RepeatedHead, octets: Uint8Array): RequestHead {
  const end = heads.findEnd(octets, 0, 0, octets.length);
  return heads.known ?? heads.parse(octets.subarray(0, end - 2));
}

function get(path: string, padding = ""): Uint8Array {
  return encoder.encode(
    `GET ${path} HTTP/1.1\r\nHost: a\r\nX: ${padding}\r\n\r\n`,
  );
}

Deno.test("RepeatedHead parses a repeated head or section once, a long one each time", () => {
  const heads = new RepeatedHead(DEFAULT_LIMITS);
  const first = receive(heads, get("/"));
  assertStrictEquals(receive(heads, get("/")), first);
  const other = receive(heads, get("/other"));
  assertEquals(other.path, "/other");
  assertStrictEquals(other.fields, first.fields);
  assertStrictEquals(heads.framing(other), heads.framing(first));
  const long = get("/", "x".repeat(5000));
  assert(receive(heads, long) !== receive(heads, long));
  assertStrictEquals(receive(heads, get("/other")), other);
});

Deno.test("RepeatedHead tells heads apart that differ in one octet", async (t) => {
  const first = get("/a", "b");
  for (const at of first.keys()) {
    await t.step(`octet ${at}`, () => {
      const heads = new RepeatedHead(DEFAULT_LIMITS);
      receive(heads, first);
      const other = first.slice();
      other[at] = 0x7f;
      const find = () => heads.findEnd(other, 0, 0, other.length);
      if (first[at] === CR) assertThrows(find, HttpError, "LF alone");
      else find();
      assertEquals(heads.known, undefined);
    });
  }
});

Deno.test("RepeatedHead waits for the whole of a repeated head", async (t) => {
  const first = get("/a", "b");
  for (const end of first.keys()) {
    await t.step(`${end} octets`, () => {
      const heads = new RepeatedHead(DEFAULT_LIMITS);
      const known = receive(heads, first);
      // What lies behind `end` is left over from the head before.
      assertEquals(heads.findEnd(first, 0, 0, end), -1);
      assertEquals(heads.known, undefined);
      const whole = first.length;
      assertEquals(heads.findEnd(first, 0, end, whole), whole);
      assertStrictEquals(heads.known, known);
    });
  }
});

Deno.test("RepeatedHead finds a shorter and a longer head after another", () => {
  const heads = new RepeatedHead(DEFAULT_LIMITS);
  for (const path of ["/abc", "/a", "/a", "/abcd", "/ab", "/abcd"]) {
    assertEquals(receive(heads, get(path)).path, path);
  }
});

Deno.test("RepeatedHead remembers no head that was refused", () => {
  const heads = new RepeatedHead(DEFAULT_LIMITS);
  const broken = encoder.encode("GET / HTTP/1.1\r\n\r\n");
  for (let i = 0; i < 2; i++) {
    assertThrows(() => receive(heads, broken), HttpError, "There is no Host");
  }
  const unknown = encoder.encode(
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
  );
  for (let i = 0; i < 2; i++) {
    const head = receive(heads, unknown);
    assertThrows(() => heads.framing(head), HttpError, "not implemented");
  }
});

Deno.test("RepeatedHead keeps a copy: the next head may stand in the same place", () => {
  const heads = new RepeatedHead(DEFAULT_LIMITS);
  const buffer = get("/a");
  assertEquals(receive(heads, buffer).path, "/a");
  buffer.set(get("/b"));
  assertEquals(receive(heads, buffer).path, "/b");
});

Deno.test("RepeatedHead frames a head that is not remembered by its own fields", () => {
  const heads = new RepeatedHead(DEFAULT_LIMITS);
  const framingOf = (fields: string) => {
    const text = `POST / HTTP/1.1\r\nHost: a\r\n${fields}\r\n\r\n`;
    return heads.framing(receive(heads, encoder.encode(text))).body;
  };
  const padding = `X: ${"x".repeat(5000)}`;
  const five = { kind: "length", length: 5 } as const;
  assertEquals(framingOf("Content-Length: 5"), five);
  assertEquals(framingOf(padding), { kind: "none" });
  assertEquals(framingOf(`${padding}\r\nTransfer-Encoding: chunked`), {
    kind: "chunked",
  });
  assertEquals(framingOf("Content-Length: 5"), five);
});

Deno.test("RepeatedHead remembers heads of up to 4096 bytes", () => {
  const size = get("/").length - 2;
  for (const [length, isRemembered] of [[4096, true], [4097, false]] as const) {
    const heads = new RepeatedHead(DEFAULT_LIMITS);
    const head = get("/", "x".repeat(length - size));
    const first = receive(heads, head);
    assertEquals(receive(heads, head) === first, isRemembered);
  }
});

Deno.test("RepeatedHead takes no empty line for a head before the first one", () => {
  const heads = new RepeatedHead(DEFAULT_LIMITS);
  assertEquals(heads.known, undefined);
  const octets = encoder.encode("\r\n\r\n");
  assertEquals(heads.findEnd(octets, 0, 0, octets.length), 4);
  assertEquals(heads.known, undefined);
});
