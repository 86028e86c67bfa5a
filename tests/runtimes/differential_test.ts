// One handler under this server, under `Deno.serve` and under `node:http` of
// Node.js: what it sees of a request that all three take, and what the client
// gets of its response, are the same.

import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { HttpServer } from "../../mod.ts";
import { toFetch } from "../../lib/fetch/mod.ts";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { type Answer, latin1, parseAnswer } from "../fetch/_transports.ts";
import { Echo, elementsOf, type Plan } from "./_echo.ts";
import { installed, ROOT, run } from "./_runtimes.ts";

const node = installed("node/bin/node");

interface Ask {
  readonly method: string;
  readonly target: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  /** The pieces of the body; of several, each is a chunk. */
  readonly body: readonly string[];
  readonly plan: Plan;
}

const PLAN: Plan = { status: 200, returns: false, pieces: [], field: "f" };
const ASK: Ask = {
  method: "GET",
  target: "/",
  fields: [],
  body: [],
  plan: PLAN,
};

const TABLE: Record<string, Ask> = {
  "a path": { ...ASK, target: "/a/b.c" },
  "a path with escapes": { ...ASK, target: "/a%20b/%C3%A9%2F%25" },
  "a path with what needs no escape": { ...ASK, target: "/~a!$&'()*+,;=:@-._" },
  "repeated slashes": { ...ASK, target: "/a//b///" },
  "a query": { ...ASK, target: "/?a=1&b=%26&a=x+y&c" },
  "an empty query": { ...ASK, target: "/a?" },
  "a query with slashes and question marks": { ...ASK, target: "/a?b/?c" },
  "fields in any case": { ...ASK, fields: [["X-A", "1"], ["x-b", "2"]] },
  "a field twice": { ...ASK, fields: [["X-A", "1"], ["x-a", "2, 3"]] },
  "an empty field": { ...ASK, fields: [["X-A", ""]] },
  "a field in Latin-1": { ...ASK, fields: [["X-A", "caf\xe9 \xff"]] },
  "a field with whitespace": { ...ASK, fields: [["X-A", "  a \t b\t "]] },
  "HEAD": { ...ASK, method: "HEAD" },
  "OPTIONS": { ...ASK, method: "OPTIONS" },
  "a method that few know": { ...ASK, method: "PROPFIND" },
  "a body": { ...ASK, method: "POST", body: ["a\r\nb\0\xff"] },
  "a body in chunks": { ...ASK, method: "PUT", body: ["a", "bc", "\r\n"] },
  "an empty body": { ...ASK, method: "POST", body: [""] },
  "no body": { ...ASK, method: "POST" },
  "a body of DELETE": { ...ASK, method: "DELETE", body: ["abc"] },
  "a large body": { ...ASK, method: "POST", body: ["x".repeat(100_000)] },
  "a large body in large chunks": {
    ...ASK,
    method: "POST",
    body: ["x".repeat(70_000), "y".repeat(70_000)],
  },
  "a large response": { ...ASK, plan: { ...PLAN, pieces: [200_000, 1] } },
  "a Response": { ...ASK, plan: { ...PLAN, returns: true, pieces: [5] } },
  "a Response for HEAD": {
    ...ASK,
    method: "HEAD",
    plan: { ...PLAN, returns: true, pieces: [5] },
  },
  "no content": { ...ASK, plan: { ...PLAN, status: 204, returns: true } },
  "not modified": { ...ASK, plan: { ...PLAN, status: 304, returns: true } },
  "an unknown status": { ...ASK, plan: { ...PLAN, status: 499 } },
};

const text = (characters: string, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...characters), maxLength });

const PCHAR = "abcXYZ019-._~!$&()*+,;=:@";
/** Dots alone are resolved by some and not by others. */
const segment = fc.oneof(
  text(PCHAR, 6).filter((name) => !/^\.{1,2}$/.test(name)),
  fc.constantFrom("%20", "%C3%A9", "%e2%82%ac", "%25", "%2F", ""),
);
const target = fc.tuple(
  fc.array(segment, { maxLength: 5 }),
  fc.option(text(`${PCHAR}/?`, 12), { nil: undefined }),
).map(([path, query]) =>
  `/${path.join("/")}${query === undefined ? "" : `?${query}`}`
);
const field = fc.tuple(
  text("abCD-9", 5).map((name) => `X-${name}0`),
  text("aZ09 \t,;=\"'()[]{}\\/|~\x80\xe9\xff", 12),
);
const plan: fc.Arbitrary<Plan> = fc.record({
  status: fc.constantFrom(200, 201, 204, 206, 299, 304, 400, 404, 499, 500),
  returns: fc.boolean(),
  pieces: fc.array(fc.nat(40_000), { maxLength: 4 }),
  field: text('aZ09 ,;="', 8),
});
const body = fc.array(
  fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)) }),
  { maxLength: 4 },
);
const ask: fc.Arbitrary<Ask> = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"),
  target,
  fields: fc.array(field, { maxLength: 4 }),
  body,
  plan,
}).map((one) => /^(?:GET|HEAD)$/.test(one.method) ? { ...one, body: [] } : one);

/** The bytes of a request, one character each. */
function written({ method, target, fields, body, plan }: Ask): string {
  const lines = [
    `${method} ${target} HTTP/1.1`,
    "Host: host",
    "Connection: close",
    `X-Plan: ${JSON.stringify(plan)}`,
    ...fields.map(([name, value]) => `${name}: ${value}`),
  ];
  const [first = "", ...more] = body;
  if (body.length === 0) return [...lines, "", ""].join("\r\n");
  if (more.length === 0) {
    return [...lines, `Content-Length: ${first.length}`, "", first]
      .join("\r\n");
  }
  const chunks = body.filter((piece) => piece !== "").map((piece) =>
    `${piece.length.toString(16)}\r\n${piece}\r\n`
  );
  return [...lines, "Transfer-Encoding: chunked", "", ""].join("\r\n") +
    chunks.join("") + "0\r\n\r\n";
}

/** What the handler must tell; a slash is repeated to no effect. */
function toldOf({ method, target, fields, body, plan }: Ask): string {
  const [path = "", ...query] = target.split("?");
  const seen = new Headers({ "X-Plan": JSON.stringify(plan) });
  for (const [name, value] of fields) seen.append(name, value);
  const told = JSON.stringify({
    method,
    pathname: decodeURIComponent(path).replace(/\/+/g, "/"),
    query: [...new URLSearchParams(query.join("?"))],
    fields: [...seen].map(([name, value]) => [name, elementsOf(value)]),
    body: [...latin1Octets(body.join(""))],
  });
  return latin1(new TextEncoder().encode(told));
}

/** What a client gets, without what each server says of itself. */
async function outcome(port: number, one: Ask): Promise<Answer> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const writer = connection.writable.getWriter();
  const writing = writer.write(latin1Octets(written(one)));
  const octets = await new Response(connection.readable).bytes();
  await writing;
  const { status, fields, body } = parseAnswer(
    latin1(octets),
    one.method === "HEAD",
  );
  // RFC 9110 §5.5: whitespace around a value is no part of it.
  const own = fields.filter((line) => /^(?:x-|content-type)/.test(line))
    .map((line) => line.trimEnd().replace(/: +/, ": "));
  return { status, reason: "", fields: own, body };
}

/** The handler under Node.js; the port is undefined where that is missing. */
async function underNode(): Promise<{ port: number } & AsyncDisposable> {
  const folder = await Deno.makeTempDir();
  const file = `${folder}/server.mjs`;
  const source = `${ROOT}tests/runtimes/_node_server.ts`;
  const args = ["bundle", "--no-lock", "-o", file, source];
  const { code, stderr } = await run(Deno.execPath(), args);
  assertEquals(code, 0, stderr);
  const child = new Deno.Command(node ?? "", {
    args: [file],
    stdin: "piped",
    stdout: "piped",
  }).spawn();
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  return {
    port: Number(new TextDecoder().decode(value)),
    async [Symbol.asyncDispose]() {
      await child.stdin.close();
      await reader.cancel();
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test({
  name: "a handler sees and sends the same under three servers",
  ignore: node === undefined,
  async fn(t) {
    await using nodes = await underNode();
    await using ours = new HttpServer({ port: 0 }, Echo);
    void ours.serveForever();
    await using denos = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      toFetch(Echo),
    );
    const assertSame = async (one: Ask) => {
      const got = await outcome(ours.serverPort, one);
      assertEquals(got, await outcome(denos.addr.port, one), "Deno.serve");
      assertEquals(got, await outcome(nodes.port, one), "node:http");
      if (got.body !== "") {
        assertEquals(got.body.replace(/p*$/, ""), toldOf(one), "the request");
      }
    };
    for (const [name, one] of Object.entries(TABLE)) {
      await t.step(name, () => assertSame(one));
    }
    await t.step("generated requests", async () => {
      await fc.assert(fc.asyncProperty(ask, assertSame), { numRuns: 150 });
    });
  },
});
