import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { HttpRequestHandler, verb } from "../../mod.ts";
import { DEFAULT_LIMITS } from "../../lib/facts/limits.ts";
import { RepeatedSection } from "../../lib/protocol/repeated_section.ts";
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

Deno.test("RepeatedSection gives each request the fields that it has sent", async () => {
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

Deno.test("RepeatedSection asks again for Host where the version changes", async () => {
  const answers = await exchange(
    Mirror,
    "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n" +
      "GET / HTTP/1.1\r\nConnection: keep-alive\r\n\r\n",
  );
  const text = new TextDecoder().decode(answers);
  assert(text.startsWith("HTTP/1.1 200 OK\r\n"), text);
  assert(text.includes("|HTTP/1.1 400 Bad Request\r\n"), text);
});

Deno.test("RepeatedSection parses a repeated section once, a long one each time", () => {
  const sections = new RepeatedSection(DEFAULT_LIMITS);
  const short = "Host: a\r\n";
  const long = `Host: a\r\nX: ${"x".repeat(5000)}\r\n`;
  const first = sections.parse(short, "HTTP/1.1");
  assertStrictEquals(sections.parse(short, "HTTP/1.1"), first);
  const second = sections.parse(long, "HTTP/1.1");
  assert(sections.parse(long, "HTTP/1.1") !== second);
  assertStrictEquals(sections.parse(short, "HTTP/1.1"), first);
});
