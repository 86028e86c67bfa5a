// What a FastCGI application is told: the same as a CGI program, and nothing of
// what servers have let through in the past.

import { assertEquals } from "@std/assert";
import { FastCgiRequestHandler } from "../../lib/cgi/fastcgi_request_handler.ts";
import { RECORD_TYPE, RecordDecoder } from "../../lib/cgi/fastcgi_record.ts";
import { Serving, Site } from "./_serve.ts";

const decoder = new TextDecoder();

/** Reads name-value pairs (specification §3.4). */
function decodePairs(bytes: Uint8Array): Record<string, string> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pairs: Record<string, string> = {};
  let at = 0;
  const length = () => {
    const first = view.getUint8(at);
    at += first < 0x80 ? 1 : 4;
    return first < 0x80 ? first : view.getUint32(at - 4) & 0x7fffffff;
  };
  const text = (size: number) => {
    at += size;
    return decoder.decode(bytes.subarray(at - size, at));
  };
  while (at < bytes.length) {
    const [nameLength, valueLength] = [length(), length()];
    const name = text(nameLength);
    pairs[name] = text(valueLength);
  }
  return pairs;
}

/** Takes the variables of one request, and closes. */
async function takeParams(
  listener: Deno.Listener<Deno.UnixConn>,
): Promise<Record<string, string>> {
  using stream = await listener.accept();
  const records = new RecordDecoder();
  const buffer = new Uint8Array(65_536);
  let params = new Uint8Array(0);
  for (;;) {
    const record = records.next();
    if (record === undefined) {
      const count = await stream.read(buffer);
      if (count === null) throw new Error("The request broke off");
      records.push(buffer.slice(0, count));
    } else if (record.type === RECORD_TYPE.params) {
      if (record.content.length === 0) return decodePairs(params);
      params = Uint8Array.of(...params, ...record.content);
    }
  }
}

Deno.test("FastCgiRequestHandler tells an application what a program is told", async () => {
  await using site = new Site({ "page.php": "" });
  const path = `${site.root}/app.sock`;
  using listener = Deno.listen({ transport: "unix", path });
  const Php = FastCgiRequestHandler.with({
    root: site.root,
    address: `unix:${path}`,
  });
  await using serving = new Serving(Php);
  const answering = serving.exchange(
    [
      "POST /page.php/more?-d+allow_url_include%3d1 HTTP/1.1",
      "Host: localhost",
      "Proxy: http://evil.example",
      "X_Real_User: root",
      "X-Real-User: ada",
      "Authorization: Basic YWRhOng=",
      "REMOTE_USER: root",
      "Transfer-Encoding: chunked",
      "Connection: close",
      "",
      "3\r\nabc\r\n0\r\n\r\n",
    ].join("\r\n"),
  );
  const {
    REMOTE_PORT,
    SERVER_SOFTWARE,
    ...params
  } = await takeParams(listener);
  await answering;
  assertEquals([typeof REMOTE_PORT, typeof SERVER_SOFTWARE], [
    "string",
    "string",
  ]);
  assertEquals(params, {
    CONTENT_LENGTH: "3",
    DOCUMENT_ROOT: site.root,
    GATEWAY_INTERFACE: "CGI/1.1",
    HTTP_CONNECTION: "close",
    HTTP_HOST: "localhost",
    HTTP_X_REAL_USER: "ada",
    PATH_INFO: "/more",
    PATH_TRANSLATED: `${site.root}/more`,
    QUERY_STRING: "-d+allow_url_include%3d1",
    REDIRECT_STATUS: "200",
    REMOTE_ADDR: "127.0.0.1",
    SERVER_ADDR: "127.0.0.1",
    REQUEST_METHOD: "POST",
    REQUEST_SCHEME: "http",
    REQUEST_URI: "/page.php/more?-d+allow_url_include%3d1",
    SCRIPT_FILENAME: `${site.root}/page.php`,
    SCRIPT_NAME: "/page.php",
    SERVER_NAME: "localhost",
    SERVER_PORT: String(serving.port),
    SERVER_PROTOCOL: "HTTP/1.1",
  });
});

Deno.test("FastCgiRequestHandler passes no file that is not one of the suffix", async () => {
  await using site = new Site({
    "page.php": "",
    "picture.jpg": "",
    ".hidden.php": "",
    "folder/page.txt": "",
  });
  const path = `${site.root}/app.sock`;
  using _listener = Deno.listen({ transport: "unix", path });
  const Php = FastCgiRequestHandler.with({
    root: site.root,
    address: `unix:${path}`,
  });
  await using serving = new Serving(Php);
  for (
    const target of [
      "/picture.jpg/x.php",
      "/folder/page.txt/.php",
      "/.hidden.php",
      "/missing.php",
      "/page.php%00.jpg",
      "/../page.php%2f..%2fpicture.jpg",
      "/folder",
    ]
  ) {
    const response = await serving.exchange(
      `GET ${target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`,
    );
    assertEquals(/^HTTP\/1\.1 40[0-9] /.test(response), true, target);
  }
});
