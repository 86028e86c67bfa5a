// RFC 9112 section 3, request lines.
import { get, ok, refusal, refused, request, table, taken } from "./_row.ts";

table("RFC 9112 3: request lines", [
  taken(
    "9112 3.1, any token is a method",
    request("!#$%&'*+-.^_`|~09AZaz /"),
    "!#$%&'*+-.^_`|~09AZaz /",
  ),
  taken(
    "9112 3.1, a method that begins with H",
    request("HEADER /"),
    "HEADER /",
  ),
  taken("9112 3.1, a method of WebDAV", request("PROPFIND /"), "PROPFIND /"),
  taken("9112 3.1, M-SEARCH on a path", request("M-SEARCH /"), "M-SEARCH /"),
  taken("9112 3.1, PURGE", request("PURGE /"), "PURGE /"),
  taken("9112 3.1, QUERY", request("QUERY /"), "QUERY /"),
  taken("9112 3.1, names are case-sensitive", request("get /"), "get /"),
  taken(
    "9112 3.1, a long method",
    request("SUBSCRIBE-TO-MULTIPLE-FEEDS-AND-EVENTS /"),
    "SUBSCRIBE-TO-MULTIPLE-FEEDS-AND-EVENTS /",
  ),
  refused("9112 3.1, a method with @", request("G@T /"), "400 Bad Request"),
  refused(
    "9112 3.1, a method of high bytes",
    request("G\xc3\x8bT /"),
    "400 Bad Request",
  ),
  refused("9112 3, a space before the method", ` ${get()}`, "400 Bad Request"),
  refused(
    "9112 3, a space within the method",
    request("GE T /"),
    "400 Bad Request",
  ),
  refused("9112 3, a tab as separator", request("GET\t/"), "400 Bad Request"),
  refused("9112 3, two spaces", request("GET  /"), "400 Bad Request"),
  refused(
    "9112 3, a space behind the version",
    "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
    "400 Bad Request",
  ),
  refused("9112 3, no version", "GET /\r\nHost: a\r\n\r\n", "400 Bad Request"),
  refused(
    "9112 3, no target",
    "GET HTTP/1.1\r\nHost: a\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 3, a space within the target",
    request("GET /a b"),
    "400 Bad Request",
  ),
  {
    rule: "9112 3, a target at the limit",
    raw: request(`GET /${"x".repeat(50)}`),
    want: ok(`GET /${"x".repeat(50)}`),
    limits: { requestLineBytes: 64 },
  },
  {
    rule: "9112 3, a target over the limit",
    raw: request(`GET /${"x".repeat(51)}`),
    want: refusal("414 URI Too Long"),
    limits: { requestLineBytes: 64 },
  },
  taken(
    "9112 3.2.1, a query behind an absolute path",
    request("GET /?foo=bar&baz=qux"),
    "GET /?foo=bar&baz=qux",
  ),
  refused(
    "9112 3.2.1, a query without a path",
    request("GET ?a=b"),
    "400 Bad Request",
  ),
  refused(
    "9112 3.2.1, a path without a slash",
    request("GET a/b"),
    "400 Bad Request",
  ),
  taken(
    "9112 3.2.2, the absolute form",
    request("GET http://a/x?y"),
    "GET /x?y",
  ),
  taken(
    "9112 3.2.2, its host replaces the field",
    request("GET http://b:81/x"),
    "GET /x",
    "host: b:81",
  ),
  taken(
    "9112 3.2.2, a host that a query ends",
    request("GET http://b?q"),
    "GET /?q",
    "host: b",
  ),
  taken(
    "9112 3.2.2, a host with an underscore",
    request("GET http://a_b/"),
    "GET /",
    "host: a_b",
  ),
  taken(
    "9112 3.2.2, nothing behind the host",
    request("GET http://a"),
    "GET /",
  ),
  refused(
    "9112 3.2.2, a user before the host",
    request("GET http://user@a/"),
    "400 Bad Request",
  ),
  refused(
    "9112 3.2.3, the authority form is for CONNECT alone",
    request("GET a:80"),
    "400 Bad Request",
  ),
  refused(
    "9112 3.2.3, CONNECT: this is no proxy",
    "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
    "501 Not Implemented",
  ),
  refused(
    "9112 3.2.4, * is for OPTIONS alone",
    request("GET *"),
    "400 Bad Request",
  ),
  {
    rule: "9112 3.2.4, OPTIONS * asks about the server",
    raw: request("OPTIONS *"),
    want: "HTTP/1.1 204 No Content\r\nAllow: OPTIONS\r\n\r\n",
  },
]);
