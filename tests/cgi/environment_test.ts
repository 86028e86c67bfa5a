import { assertEquals } from "@std/assert";
import {
  type EnvironmentSource,
  hostName,
  indexedQueryWords,
  inheritedEnvironment,
  requestEnvironment,
} from "../../lib/cgi/environment.ts";

const SOURCE: EnvironmentSource = {
  command: "GET",
  target: "/cgi-bin/hello",
  query: "",
  requestVersion: "HTTP/1.1",
  fields: [],
  contentLength: undefined,
  isRedirected: false,
  clientAddress: { transport: "tcp", hostname: "192.0.2.7", port: 4711 },
  localAddress: undefined,
  serverName: "example.org",
  serverPort: 8000,
  serverSoftware: "verb",
  secure: false,
  prefix: "",
  root: "/srv",
  program: {
    command: "/srv/cgi-bin/hello",
    args: [],
    file: "/srv/cgi-bin/hello",
    scriptName: "/cgi-bin/hello",
    pathInfo: "",
    nph: false,
  },
  authenticated: undefined,
  passAuthorization: false,
};

const MINIMAL = {
  DOCUMENT_ROOT: "/srv",
  GATEWAY_INTERFACE: "CGI/1.1",
  QUERY_STRING: "",
  REDIRECT_STATUS: "200",
  REMOTE_ADDR: "192.0.2.7",
  REMOTE_PORT: "4711",
  REQUEST_METHOD: "GET",
  REQUEST_SCHEME: "http",
  REQUEST_URI: "/cgi-bin/hello",
  SCRIPT_FILENAME: "/srv/cgi-bin/hello",
  SCRIPT_NAME: "/cgi-bin/hello",
  SERVER_NAME: "example.org",
  SERVER_PORT: "8000",
  SERVER_PROTOCOL: "HTTP/1.1",
  SERVER_SOFTWARE: "verb",
};

interface EnvironmentRow {
  readonly name: string;
  readonly source: Partial<EnvironmentSource>;
  /** What the row adds to, or changes in, the minimal environment. */
  readonly want: Record<string, string>;
}

const ENVIRONMENTS: readonly EnvironmentRow[] = [
  {
    name: "RFC 3875 4.1.7 QUERY_STRING is set even when empty",
    source: { query: "" },
    want: { QUERY_STRING: "" },
  },
  {
    name: "RFC 3875 4.1.4 GATEWAY_INTERFACE has no leading zeros",
    source: {},
    want: { GATEWAY_INTERFACE: "CGI/1.1" },
  },
  {
    name: "RFC 3875 4.1.8 REMOTE_ADDR is set, and REMOTE_HOST (4.1.9) is not",
    source: {
      clientAddress: { transport: "tcp", hostname: "2001:db8::1", port: 5 },
    },
    want: { REMOTE_ADDR: "2001:db8::1", REMOTE_PORT: "5" },
  },
  {
    name: "SERVER_ADDR is where the client has reached the server",
    source: {
      localAddress: { transport: "tcp", hostname: "192.0.2.1", port: 80 },
    },
    want: { SERVER_ADDR: "192.0.2.1" },
  },
  {
    name: "RFC 3875 4.1.15 SERVER_PORT is the port of the request",
    source: { serverPort: 443 },
    want: { SERVER_PORT: "443" },
  },
  {
    name: "RFC 3875 4.1.7 QUERY_STRING stays encoded",
    source: { query: "k=aa%2F%2Fbb&//q//p//=//a?b=c" },
    want: { QUERY_STRING: "k=aa%2F%2Fbb&//q//p//=//a?b=c" },
  },
  {
    name: "RFC 3875 4.1.2 CONTENT_LENGTH is set if and only if there is a body",
    source: {
      command: "POST",
      contentLength: 0,
      fields: [["Content-Length", "0"]],
    },
    want: { REQUEST_METHOD: "POST", CONTENT_LENGTH: "0" },
  },
  {
    name:
      "RFC 3875 4.1.2 CONTENT_LENGTH is the length without the transfer coding",
    source: {
      command: "POST",
      contentLength: 5,
      fields: [["Transfer-Encoding", "chunked"]],
    },
    want: { REQUEST_METHOD: "POST", CONTENT_LENGTH: "5" },
  },
  {
    name: "RFC 3875 4.1.3 CONTENT_TYPE is set if Content-Type was sent",
    source: { fields: [["content-type", "text/plain; charset=utf-8"]] },
    want: { CONTENT_TYPE: "text/plain; charset=utf-8" },
  },
  {
    name: "RFC 3875 4.1.3 CONTENT_TYPE has no default value",
    source: { command: "POST", contentLength: 2 },
    want: { REQUEST_METHOD: "POST", CONTENT_LENGTH: "2" },
  },
  {
    name: "a local redirect has no CONTENT_TYPE",
    source: { fields: [["Content-Type", "a/b"]], isRedirected: true },
    want: {},
  },
  {
    name: "RFC 3875 4.1.5 PATH_INFO is decoded and keeps its case",
    source: { program: { ...SOURCE.program, pathInfo: "/A b/é" } },
    want: { PATH_INFO: "/A b/é", PATH_TRANSLATED: "/srv/A b/é" },
  },
  {
    name: "RFC 3875 4.1.6 PATH_TRANSLATED is unset without PATH_INFO",
    source: { program: { ...SOURCE.program, pathInfo: "" } },
    want: {},
  },
  {
    name: "RFC 3875 4.1.13 SCRIPT_NAME is set even when empty",
    source: {
      program: { ...SOURCE.program, scriptName: "", pathInfo: "/x" },
    },
    want: { SCRIPT_NAME: "", PATH_INFO: "/x", PATH_TRANSLATED: "/srv/x" },
  },
  {
    name: "RFC 3875 3.3 SCRIPT_NAME holds the prefix of the handler",
    source: { prefix: "/old", target: "/old/cgi-bin/hello" },
    want: {
      SCRIPT_NAME: "/old/cgi-bin/hello",
      REQUEST_URI: "/old/cgi-bin/hello",
    },
  },
  {
    name: "RFC 3875 4.1.1 and 4.1.11 name the user the server authenticated",
    source: { authenticated: { type: "Basic", user: "ann" } },
    want: { AUTH_TYPE: "Basic", REMOTE_USER: "ann" },
  },
  {
    name: "RFC 3875 9.2 an unverified Authorization field sets nothing",
    source: {
      fields: [["Authorization", "Basic dTpw"], ["Proxy-Authorization", "x"]],
    },
    want: {},
  },
  {
    name: "passAuthorization shows the Authorization field",
    source: {
      fields: [["Authorization", "Bearer t"], ["Proxy-Authorization", "x"]],
      passAuthorization: true,
    },
    want: { HTTP_AUTHORIZATION: "Bearer t" },
  },
  {
    name: "a Proxy field does not become HTTP_PROXY (httpoxy)",
    source: { fields: [["Proxy", "http://evil.example"]] },
    want: {},
  },
  {
    name: "names with an underscore or another odd character are dropped",
    source: { fields: [["X_Foo", "1"], ["X.Foo", "2"], ["X-Foo", "3"]] },
    want: { HTTP_X_FOO: "3" },
  },
  {
    name: "RFC 3875 4.1.18 fields of one name become one value",
    source: {
      fields: [["Accept", "text/html"], ["Cookie", "a=1"], [
        "accept",
        "text/plain",
      ], ["Cookie", "b=2"]],
    },
    want: { HTTP_ACCEPT: "text/html, text/plain", HTTP_COOKIE: "a=1; b=2" },
  },
  {
    name: "RFC 3875 4.1 the bytes of a value arrive as they were sent",
    source: {
      fields: [
        ["X-Name", "\xc3\xa9"],
        ["X-Latin", "\xe9"],
        ["X-Both", "\xe9 \xc3\xa9"],
        ["Content-Type", "a/b; x=\xff"],
      ],
    },
    want: {
      HTTP_X_NAME: "é",
      HTTP_X_LATIN: "\udce9",
      HTTP_X_BOTH: "\udce9 é",
      CONTENT_TYPE: "a/b; x=\udcff",
    },
  },
  {
    name: "RFC 3875 4.1.12 REQUEST_METHOD keeps its case",
    source: { command: "Propfind" },
    want: { REQUEST_METHOD: "Propfind" },
  },
  {
    name: "RFC 3875 4.1.14 SERVER_NAME holds IPv6 in brackets",
    source: { serverName: "[::1]" },
    want: { SERVER_NAME: "[::1]" },
  },
  {
    name: "RFC 3875 4.1.16 SERVER_PROTOCOL is the version of the request",
    source: { requestVersion: "HTTP/1.0" },
    want: { SERVER_PROTOCOL: "HTTP/1.0" },
  },
  {
    name: "TLS sets HTTPS and REQUEST_SCHEME",
    source: { secure: true },
    want: { HTTPS: "on", REQUEST_SCHEME: "https" },
  },
];

Deno.test("requestEnvironment() builds the whole map", async (t) => {
  for (const { name, source, want } of ENVIRONMENTS) {
    await t.step(name, () => {
      const environment = requestEnvironment({ ...SOURCE, ...source });
      assertEquals(environment, { ...MINIMAL, ...want });
    });
  }
});

Deno.test("RFC 3875 4.1.8 REMOTE_ADDR is set for a client on a Unix socket", () => {
  const environment = requestEnvironment({
    ...SOURCE,
    clientAddress: { transport: "unix", path: "/run/verb.sock" },
  });
  const { REMOTE_PORT: _, ...want } = {
    ...MINIMAL,
    REMOTE_ADDR: "127.0.0.1",
  };
  assertEquals(environment, want);
});

const WORDS: readonly { query: string; command?: string; want: string[] }[] = [
  { query: "", want: [] },
  { query: "a+b%20c", want: ["a", "b c"] },
  { query: "a+b", command: "HEAD", want: ["a", "b"] },
  { query: "a+b", command: "POST", want: [] },
  { query: "a=b", want: [] },
  { query: "a%3Db", want: ["a=b"] },
  { query: "a+%zz", want: [] },
  { query: "a+%00", want: [] },
  { query: "a++b", want: [] },
  { query: "-s", want: [] },
  { query: "a+%2Ds", want: [] },
  { query: "$HOME%3B%60x%60", want: ["\\$HOME\\;\\`x\\`"] },
];

Deno.test("RFC 3875 4.4 indexedQueryWords() makes every word or none", async (t) => {
  for (const { query, command = "GET", want } of WORDS) {
    await t.step(`${command} ?${query}`, () => {
      assertEquals(indexedQueryWords(command, query), want);
    });
  }
});

const HOSTS: readonly { host: string | undefined; want?: string }[] = [
  { host: undefined },
  { host: "" },
  { host: "example.org", want: "example.org" },
  { host: "example.org:8000", want: "example.org" },
  { host: "[::1]:8000", want: "[::1]" },
  { host: "[::1]", want: "[::1]" },
  { host: "a b" },
  { host: "<script>" },
  { host: "::1" },
];

Deno.test("hostName() takes the host of a Host field", async (t) => {
  for (const { host, want } of HOSTS) {
    await t.step(String(host), () => assertEquals(hostName(host), want));
  }
});

Deno.test({
  name: "inheritedEnvironment() leaves out names that may not be read",
  permissions: { env: false },
  fn() {
    assertEquals(inheritedEnvironment(["PATH", "HOME"]), {
      PATH: "/usr/local/bin:/usr/bin:/bin",
    });
  },
});
