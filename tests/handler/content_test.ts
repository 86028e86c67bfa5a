import { assertEquals } from "@std/assert";
import { verb } from "../../mod.ts";
import { answering, Fixed, talk } from "./_talk.ts";

class Bodies extends Fixed {
  @verb("POST", "/bytes")
  async readBytes() {
    return this.#show([...await this.bytes()].join(" "));
  }

  @verb("POST", "/text")
  async readText() {
    return this.#show(await this.text());
  }

  @verb("POST", "/json")
  async readJson() {
    return this.#show(JSON.stringify(await this.json()));
  }

  @verb("POST", "/form")
  async readForm() {
    const parts: string[] = [];
    for (const [name, value] of await this.formData()) {
      parts.push(
        typeof value === "string"
          ? `${name}=${value}`
          : `${name}=<${value.name} ${value.type} ${await value.text()}>`,
      );
    }
    return this.#show(parts.join("; "));
  }

  @verb("POST", "/lines")
  async readLines() {
    const lines: string[] = [];
    for (let line; (line = await this.rfile.readLine()) !== null;) {
      lines.push(JSON.stringify(new TextDecoder().decode(line)));
    }
    return this.#show(lines.join(" "));
  }

  @verb("POST", "/pieces")
  async readPieces() {
    let text = "";
    for (let p; (p = await this.rfile.read(4)) !== null;) {
      text += p.length > 4 ? "too much" : new TextDecoder().decode(p);
    }
    return this.#show(text);
  }

  @verb("POST", "/stream")
  async readStream() {
    return this.#show(await new Response(this.rfile.readable).text());
  }

  @verb("POST", "/request")
  async readRequest() {
    const { method, url, headers } = this.request;
    const text = await this.request.text();
    return this.#show(`${method} ${url} ${headers.get("x-a")} ${text}`);
  }

  @verb("POST", "/trailers")
  async readTrailers() {
    const before = this.trailers.size;
    await this.bytes();
    return this.#show(`${before} ${[...this.trailers].join(" ")}`);
  }

  @verb("POST", "/twice")
  async readTwice() {
    const first = await this.text();
    return this.#show(`${first}|${await this.text()}`);
  }

  #show(text: string): void {
    this.sendResponseOnly(200);
    this.endHeaders();
    this.wfile.write(text);
  }
}

interface Row {
  readonly name: string;
  readonly path: string;
  readonly type?: string;
  /** The fields that frame the body; by default its length. */
  readonly framing?: string;
  readonly body: string;
  /** The body of a 200, or the status line. */
  readonly want: string;
}

const FORM = "application/x-www-form-urlencoded";
const MULTIPART = "multipart/form-data; boundary=B";

const ROWS: readonly Row[] = [
  { name: "bytes()", path: "/bytes", body: "\x00\xff", want: "0 255" },
  { name: "bytes() of nothing", path: "/bytes", body: "", want: "" },
  {
    name: "bytes() without a length is nothing",
    path: "/bytes",
    framing: "",
    body: "",
    want: "",
  },
  {
    name: "bytes() of chunks",
    path: "/bytes",
    framing: "Transfer-Encoding: chunked\n",
    body: "1\nA\n2;x=y\nBC\n0\n\n",
    want: "65 66 67",
  },
  {
    name: "bytes() at the limit",
    path: "/bytes",
    body: "x".repeat(500),
    want: Array(500).fill("120").join(" "),
  },
  {
    name: "bytes() over the limit",
    path: "/bytes",
    body: "x".repeat(501),
    want: "413 Content Too Large",
  },
  {
    name: "bytes() of chunks over the limit",
    path: "/bytes",
    framing: "Transfer-Encoding: chunked\n",
    body: `ff\n${"x".repeat(255)}\nff\n${"x".repeat(255)}\n0\n\n`,
    want: "413 Content Too Large",
  },
  {
    name: "bytes() of chunks that are malformed",
    path: "/bytes",
    framing: "Transfer-Encoding: chunked\n",
    body: "zz\n",
    want: "400 Bad Request",
  },
  {
    name: "bytes() of a body that breaks off",
    path: "/bytes",
    framing: "Content-Length: 5\n",
    body: "abc",
    want: "400 Bad Request",
  },
  { name: "text()", path: "/text", body: "gr\xc3\xbcn", want: "grün" },
  {
    name: "text() keeps a byte order mark away",
    path: "/text",
    body: "\xef\xbb\xbfa",
    want: "a",
  },
  {
    name: "text() of what is not UTF-8",
    path: "/text",
    body: "gr\xfcn",
    want: "400 Bad Request",
  },
  {
    name: "json()",
    path: "/json",
    type: "application/json",
    body: '{"a": [1, null]}',
    want: '{"a":[1,null]}',
  },
  {
    name: "json() with a charset",
    path: "/json",
    type: "Application/JSON; charset=utf-8",
    body: "1",
    want: "1",
  },
  {
    name: "json() of a type built on JSON",
    path: "/json",
    type: "application/merge-patch+json",
    body: "1",
    want: "1",
  },
  { name: "json() without a type", path: "/json", body: "1", want: "1" },
  {
    name: "json() of another type",
    path: "/json",
    type: "text/plain",
    body: "1",
    want: "415 Unsupported Media Type",
  },
  {
    name: "json() of a type that only ends like it",
    path: "/json",
    type: "text/notjson",
    body: "1",
    want: "415 Unsupported Media Type",
  },
  {
    name: "json() at the limit",
    path: "/json",
    type: "application/json",
    body: `"${"a".repeat(98)}"`,
    want: `"${"a".repeat(98)}"`,
  },
  {
    name: "json() over the limit",
    path: "/json",
    type: "application/json",
    body: `"${"a".repeat(99)}"`,
    want: "413 Content Too Large",
  },
  {
    name: "json() of what is none",
    path: "/json",
    type: "application/json",
    body: "{",
    want: "400 Bad Request",
  },
  {
    name: "json() of nothing",
    path: "/json",
    type: "application/json",
    body: "",
    want: "400 Bad Request",
  },
  {
    name: "formData() urlencoded",
    path: "/form",
    type: FORM,
    body: "a=1&b=%C3%BC+x&a=2&c",
    want: "a=1; b=ü x; a=2; c=",
  },
  {
    name: "formData() with files",
    path: "/form",
    type: MULTIPART,
    body: '--B\nContent-Disposition: form-data; name="a"\n\n1\n' +
      '--B\nContent-Disposition: form-data; name="f"; filename="f.txt"\n' +
      "Content-Type: text/x\n\nhi\n--B--\n",
    want: "a=1; f=<f.txt text/x hi>",
  },
  {
    name: "formData() of another type",
    path: "/form",
    type: "application/json",
    body: "{}",
    want: "415 Unsupported Media Type",
  },
  {
    name: "formData() without a type",
    path: "/form",
    body: "a=1",
    want: "415 Unsupported Media Type",
  },
  {
    name: "formData() without a boundary",
    path: "/form",
    type: "multipart/form-data",
    body: "--B--\n",
    want: "400 Bad Request",
  },
  {
    name: "formData() of more fields than the limit",
    path: "/form",
    type: FORM,
    body: "a&".repeat(20) + "a",
    want: "413 Content Too Large",
  },
  {
    name: "formData() of a type full of spaces",
    path: "/form",
    type: `${MULTIPART}; x="a${" ".repeat(60_000)}b"`,
    body: '--B\nContent-Disposition: form-data; name="a"\n\n1\n--B--\n',
    want: "a=1",
  },
  {
    name: "request of a type that is too long for the platform",
    path: "/request",
    type: `text/plain; x="a${" ".repeat(1_100)}b"`,
    body: "abc",
    want: "400 Bad Request",
  },
  {
    name: "formData() of a quoted boundary, with an empty epilogue",
    path: "/form",
    type: 'multipart/form-data; x=y; boundary="a b"',
    body: '--a b\nContent-Disposition: form-data; name="a"\n\n1\n--a b--\n\n',
    want: "a=1",
  },
  {
    name: "formData() that breaks off behind a part",
    path: "/form",
    type: MULTIPART,
    body: '--B\nContent-Disposition: form-data; name="a"\n\n1\n--B\n',
    want: "400 Bad Request",
  },
  {
    name: "formData() that breaks off",
    path: "/form",
    type: MULTIPART,
    body: '--B\nContent-Disposition: form-data; name="a"\n\n1',
    want: "400 Bad Request",
  },
  {
    name: "rfile.readLine()",
    path: "/lines",
    body: "one\n\ntail",
    want: '"one\\r\\n" "\\r\\n" "tail"',
  },
  {
    name: "rfile.read()",
    path: "/pieces",
    body: "abcdefghij",
    want: "abcdefghij",
  },
  { name: "rfile.readable", path: "/stream", body: "abc", want: "abc" },
  {
    name: "request",
    path: "/request",
    type: "text/plain\nX-A: 1",
    body: "abc",
    want: "POST http://a/request 1 abc",
  },
  {
    name: "trailers",
    path: "/trailers",
    framing: "Transfer-Encoding: chunked\n",
    body: "1\nA\n0\nX-Sum: 1\nx-sum: 2\n\n",
    want: "0 X-Sum,1 x-sum,2",
  },
  { name: "text() twice", path: "/twice", body: "once", want: "once|once" },
];

Deno.test("ReceivedRequest gives the body in its usual forms", async (t) => {
  for (const row of ROWS) {
    await t.step(row.name, async () => {
      const size = row.body.replaceAll("\n", "\r\n").length;
      const { path, type, body, framing = `Content-Length: ${size}\n` } = row;
      const request = `POST ${path} HTTP/1.1\nHost: a\n` +
        (type === undefined ? "" : `Content-Type: ${type}\n`) +
        `${framing}\n${body}`;
      for (const splits of [[], "each"] as const) {
        const { text, errors } = await talk(Bodies, request, {
          splits,
          bufferedBodyBytes: 500,
          jsonBytes: 100,
          formFields: 20,
        });
        assertEquals(errors, []);
        const [line = ""] = text.split("\n");
        const ok = line === "HTTP/1.1 200 OK";
        assertEquals(
          ok
            ? text.slice(text.indexOf("\n\n") + 2)
            : line.slice("HTTP/1.1 ".length),
          row.want,
        );
      }
    });
  }
});

Deno.test("the stream of a request without a body is that of no other request", async (t) => {
  const leave: Readonly<Record<string, (body: ReadableStream) => unknown>> = {
    "locked": (body) => body.getReader(),
    "read": async (body) => await Array.fromAsync(body),
    "cancelled": (body) => body.cancel("not wanted"),
    "taken by a Response": (body) => new Response(body).text(),
  };
  for (const [state, act] of Object.entries(leave)) {
    await t.step(state, async () => {
      const seen = new WeakSet<ReadableStream>();
      const { text, errors } = await talk(
        answering(async function () {
          const { readable } = this.rfile;
          const isOwn = !seen.has(readable) && readable === this.rfile.readable;
          seen.add(readable);
          await act(readable);
          return new Response(`own: ${isOwn}\n`);
        }),
        "POST / HTTP/1.1\nHost: a\n\n".repeat(2),
      );
      assertEquals(errors, []);
      assertEquals(text.match(/own: \w+/g), ["own: true", "own: true"]);
    });
  }
});
