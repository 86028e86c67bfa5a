import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../lib/cgi/cgi_request_handler.ts";
import {
  conditionOf,
  notModifiedFields,
} from "../../lib/cgi/document_condition.ts";
import type { DocumentHead } from "../../lib/cgi/output.ts";
import type { Precondition } from "../../lib/facts/preconditions.ts";
import { Serving, Site, undated } from "./_serve.ts";

const DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
const EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT";

const TAGGED: DocumentHead = {
  kind: "document",
  status: 200,
  reason: undefined,
  fields: [["ETag", '"v1"'], ["Last-Modified", DATE]],
  contentLength: undefined,
};

const DATED: DocumentHead = { ...TAGGED, fields: [["last-modified", DATE]] };

const CONDITIONS: readonly {
  name: string;
  head?: Partial<DocumentHead>;
  method?: string;
  fields: Record<string, string>;
  want: Precondition;
}[] = [
  { name: "no condition", fields: {}, want: "holds" },
  {
    name: "RFC 9110 13.1.2 the tag",
    fields: { "if-none-match": 'W/"v1", "v0"' },
    want: "not modified",
  },
  {
    name: "RFC 9110 13.1.2 another tag, whatever the date",
    fields: { "if-none-match": '"v0"', "if-modified-since": DATE },
    want: "holds",
  },
  {
    name: "RFC 9110 13.1.3 the date",
    head: DATED,
    fields: { "if-modified-since": DATE },
    want: "not modified",
  },
  {
    name: "RFC 9110 13.1.3 an earlier date",
    head: DATED,
    fields: { "if-modified-since": EARLIER },
    want: "holds",
  },
  {
    name: "RFC 9110 13.1.1 another tag in If-Match",
    fields: { "if-match": '"v0"' },
    want: "failed",
  },
  {
    name: "HEAD as GET",
    method: "HEAD",
    fields: { "if-none-match": '"v1"' },
    want: "not modified",
  },
  {
    name: "POST, which has had its effect",
    method: "POST",
    fields: { "if-none-match": '"v1"', "if-match": '"v0"' },
    want: "holds",
  },
  {
    name: "RFC 9110 13.2.1 a status but 200",
    head: { status: 404 },
    fields: { "if-none-match": '"v1"' },
    want: "holds",
  },
  {
    name: "no validators: the program's affair",
    head: { fields: [["X-A", "b"]] },
    fields: { "if-match": '"v1"', "if-modified-since": DATE },
    want: "holds",
  },
  {
    name: "two tags, which say nothing",
    head: { fields: [["ETag", '"v1"'], ["ETag", '"v2"']] },
    fields: { "if-none-match": '"v1"' },
    want: "holds",
  },
  {
    name: "a tag without its quotes",
    head: { fields: [["ETag", "v1"]] },
    fields: { "if-none-match": "v1" },
    want: "holds",
  },
];

Deno.test("conditionOf() evaluates what a program says of its document", async (t) => {
  for (const { name, head, method = "GET", fields, want } of CONDITIONS) {
    await t.step(name, () => {
      const request = {
        command: method,
        fields: new Map(Object.entries(fields)),
      };
      assertEquals(conditionOf({ ...TAGGED, ...head }, request), want);
    });
  }
});

Deno.test("notModifiedFields() keeps what a cache needs", () => {
  const shared = [
    ["Cache-Control", "no-cache"],
    ["Content-Location", "/x"],
    ["Expires", DATE],
    ["Vary", "Accept"],
    ["Set-Cookie", "a=1"],
    ["Content-Security-Policy", "default-src 'self'"],
  ] as const;
  const dropped = [
    ["Content-Type", "a/b"],
    ["Content-Language", "de"],
    ["Content-Encoding", "gzip"],
  ] as const;
  const modified = ["Last-Modified", DATE] as const;
  const tag = ["ETag", '"v1"'] as const;
  assertEquals(
    notModifiedFields([...dropped, ...shared, modified, tag]),
    [...shared, tag],
  );
  assertEquals(
    notModifiedFields([...shared, ...dropped, modified]),
    [...shared, modified],
  );
});

const FILES = {
  // More than a pipe holds: it ends only if it is read to its end.
  "cgi-bin/tagged": "#!/bin/sh\nprintf 'Content-Type: text/plain\\n" +
    `ETag: "v1"\\nCache-Control: no-cache\\n\\n'\n` +
    "head -c 300000 /dev/zero\necho done > done\n",
  "cgi-bin/hello": "#!/bin/sh\nprintf 'Content-Type: a/b\\n\\nhello'\n",
};

function request(method: string, path: string, field: string): string {
  return `${method} ${path} HTTP/1.1\r\nHost: h\r\n${field}\r\n\r\n`;
}

const HEAD = "Server: verb\r\nDate: now\r\n";

const ROWS = [
  {
    name: "GET, and the connection goes on",
    method: "GET",
    field: 'If-None-Match: "v1"',
    want: `HTTP/1.1 304 Not Modified\r\n${HEAD}ETag: "v1"\r\n` +
      "Cache-Control: no-cache\r\n\r\n",
  },
  {
    name: "HEAD",
    method: "HEAD",
    field: 'If-None-Match: "v1"',
    want: `HTTP/1.1 304 Not Modified\r\n${HEAD}ETag: "v1"\r\n` +
      "Cache-Control: no-cache\r\n\r\n",
  },
  {
    name: "HEAD of a condition that fails",
    method: "HEAD",
    field: 'If-Match: "v0"',
    want: `HTTP/1.1 412 Precondition Failed\r\n${HEAD}` +
      "Cache-Control: no-cache\r\nContent-Type: text/html;charset=utf-8\r\n" +
      "Content-Length: LENGTH\r\n\r\n",
  },
];

Deno.test("a client that has a program's document already gets 304", async (t) => {
  await using site = new Site(FILES);
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  for (const { name, method, field, want } of ROWS) {
    await t.step(name, async () => {
      const response = await serving.exchange(
        request(method, "/cgi-bin/tagged", field) +
          request("GET", "/cgi-bin/hello", "Connection: close"),
      );
      const [first = "", second = ""] = response.split(/(?=HTTP\/1\.1 200)/);
      const length = /(?<=^Content-Length: )[0-9]+/m;
      assertEquals(undated(first).replace(length, "LENGTH"), want);
      assertEquals(second.endsWith("\r\n\r\nhello"), true, second);
      // The program was neither killed nor left writing.
      const done = `${site.root}/cgi-bin/done`;
      assertEquals(await Deno.readTextFile(done), "done\n");
      await Deno.remove(done);
    });
  }
  assertEquals(serving.errors, []);
});
