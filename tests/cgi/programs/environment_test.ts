import { assertEquals } from "@std/assert";
import { CgiRequestHandler } from "../../../lib/cgi/cgi_request_handler.ts";
import { Serving, Site } from "../_serve.ts";

const ECHO_ENV = `#!/bin/sh
printf 'Content-Type: text/plain\\n\\n'
env
`;

/** The lines `NAME=value` of a body. */
function variables(response: string): Record<string, string> {
  const [, body = ""] = response.split("\r\n\r\n");
  const lines = body.split("\n").filter((line) => line.includes("="));
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf("=");
    return [line.slice(0, at), line.slice(at + 1)];
  }));
}

Deno.test("a shell script gets these variables and no others", async () => {
  await using site = new Site({ "cgi-bin/echo_env.sh": ECHO_ENV });
  class Cgi extends CgiRequestHandler {
    static override prefix = "/app";
    override root = site.root;
    override env = { GREETING: "hello" };
    override authenticated() {
      return { type: "Basic", user: "ann" };
    }
  }
  await using serving = new Serving(Cgi);
  Deno.env.set("VERB_SECRET", "of the server");
  const request = [
    "POST /app/cgi-bin/echo_env.sh/Path%20Info/é?a=b%20c&d HTTP/1.0",
    "Host: example.org:8000",
    "User-Agent: test/1",
    "Accept: text/html",
    "Accept: text/plain",
    "Cookie: a=1",
    "Cookie: b=2",
    "Authorization: Basic eDp5",
    "Proxy: http://evil.example",
    "X-Real: yes",
    "X_Real: no",
    "Content-Type: text/plain",
    "Content-Length: 4",
  ].join("\r\n").replace("é", "%C3%A9");
  const response = await serving.exchange(`${request}\r\n\r\nbody`);
  Deno.env.delete("VERB_SECRET");
  const { PWD, REMOTE_PORT, PATH, ...rest } = variables(response);
  assertEquals(PWD, `${site.root}/cgi-bin`);
  assertEquals(PATH, Deno.env.get("PATH"));
  assertEquals(REMOTE_PORT, String(Number(REMOTE_PORT)));
  assertEquals(rest, {
    AUTH_TYPE: "Basic",
    CONTENT_LENGTH: "4",
    CONTENT_TYPE: "text/plain",
    DOCUMENT_ROOT: site.root,
    GATEWAY_INTERFACE: "CGI/1.1",
    GREETING: "hello",
    HTTP_ACCEPT: "text/html, text/plain",
    HTTP_COOKIE: "a=1; b=2",
    HTTP_HOST: "example.org:8000",
    HTTP_USER_AGENT: "test/1",
    HTTP_X_REAL: "yes",
    PATH_INFO: "/Path Info/é",
    PATH_TRANSLATED: `${site.root}/Path Info/é`,
    QUERY_STRING: "a=b%20c&d",
    REDIRECT_STATUS: "200",
    REMOTE_ADDR: "127.0.0.1",
    SERVER_ADDR: "127.0.0.1",
    REMOTE_USER: "ann",
    REQUEST_METHOD: "POST",
    REQUEST_SCHEME: "http",
    REQUEST_URI: "/app/cgi-bin/echo_env.sh/Path%20Info/%C3%A9?a=b%20c&d",
    SCRIPT_FILENAME: `${site.root}/cgi-bin/echo_env.sh`,
    SCRIPT_NAME: "/app/cgi-bin/echo_env.sh",
    SERVER_NAME: "example.org",
    SERVER_PORT: String(serving.port),
    SERVER_PROTOCOL: "HTTP/1.0",
    SERVER_SOFTWARE: "verb",
  });
});

Deno.test("RFC 3875 4.1.17 SERVER_SOFTWARE equals the Server field", async () => {
  await using site = new Site({ "cgi-bin/echo_env.sh": ECHO_ENV });
  const Cgi = CgiRequestHandler.with({
    root: site.root,
    serverVersion: "mine/2",
  });
  await using serving = new Serving(Cgi);
  const response = await fetch(`${serving.origin}/cgi-bin/echo_env.sh`);
  const text = await response.text();
  assertEquals(response.headers.get("server"), "mine/2");
  assertEquals(variables(`\r\n\r\n${text}`).SERVER_SOFTWARE, "mine/2");
});

Deno.test("RFC 3875 4.1.14 and 4.1.15 SERVER_NAME and SERVER_PORT are set without a Host field", async () => {
  await using site = new Site({ "cgi-bin/echo_env.sh": ECHO_ENV });
  const Cgi = CgiRequestHandler.with({ root: site.root });
  await using serving = new Serving(Cgi);
  const response = await serving.exchange(
    "GET /cgi-bin/echo_env.sh HTTP/1.0\r\n\r\n",
  );
  const { SERVER_NAME, SERVER_PORT } = variables(response);
  assertEquals([SERVER_NAME, SERVER_PORT], [
    "127.0.0.1",
    String(serving.port),
  ]);
});
