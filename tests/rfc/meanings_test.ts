// RFC 9110 sections 7 to 15: methods, and fields that clients send, taken as
// they are.
import {
  get,
  ok,
  OnePage,
  passed,
  refused,
  request,
  table,
  taken,
} from "./_row.ts";

table("RFC 9110 7.6 to 10: what other fields mean", [
  passed("9110 7.6.1, an option of no meaning here", "Connection: x-extension"),
  passed("9110 7.6.1, Keep-Alive", "Keep-Alive: timeout=60, max=100"),
  passed("9110 7.6.1, upgrade without Upgrade", "Connection: Upgrade"),
  passed("9110 7.6.2, Max-Forwards on GET", "Max-Forwards: 10"),
  passed(
    "9110 7.6.3, Via",
    "Via: 1.1 proxy1.example.com, 1.1 proxy2.example.com",
  ),
  taken(
    "9110 7.8, Upgrade that nobody takes up",
    get(
      "Connection: Upgrade",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Version: 13",
      "Upgrade: websocket",
    ),
    "GET /",
    "connection: Upgrade",
    "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
    "sec-websocket-version: 13",
    "upgrade: websocket",
  ),
  passed("9110 10.1.2, From", "From: webcrawler@example.com"),
  passed(
    "9110 10.1.3, Referer",
    "Referer: https://example.com/path?q=hello&n=42#frag",
  ),
  passed("9110 10.1.4, TE", "TE: trailers"),
  passed("9110 10.1.5, an empty User-Agent", "User-Agent: "),
  passed(
    "9110 10.1.5, a long User-Agent",
    `User-Agent: Mozilla/5.0 (${"x".repeat(900)})`,
  ),
  passed(
    "9110 6.6.1, Date in a request",
    "Date: Sun, 06 Nov 1994 08:49:37 GMT",
  ),
]);

table("RFC 9110 9 and 10.1.1: methods and expectations", [
  taken(
    "9110 9.3.1, GET with a body",
    request("GET /", "Content-Length: 5") + "hello",
    "GET /",
    "content-length: 5",
    "hello",
  ),
  {
    rule: "9110 9.3.2, HEAD with a body",
    raw: request("HEAD /", "Content-Length: 5") + "hello" + get(),
    want: "HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\n" + ok("GET /"),
  },
  taken(
    "9110 9.3.4, PUT",
    request("PUT /x", "Content-Length: 5", "Content-Type: text/plain") +
      "hello",
    "PUT /x",
    "content-length: 5",
    "content-type: text/plain",
    "hello",
  ),
  taken(
    "9110 9.3.5, DELETE with a body",
    request("DELETE /x", "Content-Length: 5") + "hello",
    "DELETE /x",
    "content-length: 5",
    "hello",
  ),
  taken(
    "9110 9.3.7, OPTIONS with a body",
    request("OPTIONS /", "Content-Length: 4") + "body",
    "OPTIONS /",
    "content-length: 4",
    "body",
  ),
  taken(
    "9110 9.3.8, TRACE is a method like others",
    request("TRACE /"),
    "TRACE /",
  ),
  taken(
    "5789 2, PATCH",
    request("PATCH /", "Content-Length: 14") + '{"hello":true}',
    "PATCH /",
    "content-length: 14",
    '{"hello":true}',
  ),
  taken(
    "9110 10.1.1, 100-continue without a body",
    get("Expect: 100-continue"),
    "GET /",
    "expect: 100-continue",
  ),
  refused(
    "9110 10.1.1, an expectation that is unknown",
    get("Expect: foo-bar"),
    "417 Expectation Failed",
  ),
]);

table("RFC 9110 11 to 14: credentials, preferences, conditions, ranges", [
  passed("9110 11.6.2, Basic", "Authorization: Basic dXNlcjpwYXNz"),
  passed("9110 11.6.2, a scheme without credentials", "Authorization: Bearer"),
  passed(
    "9110 11.6.2, Digest",
    'Authorization: Digest username="a", realm="b", uri="/"',
  ),
  passed(
    "9110 11.6.2, Negotiate",
    "Authorization: Negotiate YIIDSwYGKwYBBQUCo",
  ),
  passed(
    "9110 11.6.2, a signature of a cloud",
    "Authorization: AWS4-HMAC-SHA256 Credential=AK/20260521/us/s3/aws4_request, " +
      "SignedHeaders=host;x-amz-date, Signature=fe5f80f77d5fa3be",
  ),
  passed(
    "9110 11.7.2, credentials for a proxy",
    "Proxy-Authorization: Basic dXNlcjpwYXNz",
  ),
  passed("9110 12.5.1, */*", "Accept: */*"),
  passed("9110 12.5.1, a star alone", "Accept: *"),
  passed(
    "9110 12.5.1, qualities",
    "Accept: text/plain;q=0.5, text/html;q=0.9, */*;q=0.1",
  ),
  passed("9110 12.5.1, a quality of zero", "Accept: text/plain;q=0, text/html"),
  passed(
    "9110 12.5.1, parameters behind the quality",
    "Accept: text/html;q=0.9;level=2",
  ),
  passed(
    "9110 12.5.2, Accept-Charset",
    "Accept-Charset: utf-8, iso-8859-1;q=0.5",
  ),
  passed("9110 12.5.3, codings", "Accept-Encoding: gzip, deflate, br, zstd"),
  passed("9110 12.5.3, identity", "Accept-Encoding: identity"),
  passed("9110 12.5.3, none", "Accept-Encoding: "),
  passed(
    "9110 12.5.4, languages",
    "Accept-Language: en-US,en;q=0.9,fr;q=0.5,*;q=0.1",
  ),
  passed("9110 12.5.5, Vary in a request", "Vary: Accept-Encoding, Cookie"),
  passed("9110 13.1.1, If-Match: *", "If-Match: *"),
  passed("9110 13.1.2, If-None-Match", 'If-None-Match: W/"abc123"'),
  passed(
    "9110 13.1.3, a date in the future",
    "If-Modified-Since: Mon, 01 Jan 2099 00:00:00 GMT",
  ),
  passed(
    "9110 13.1.3, a date that is none",
    "If-Modified-Since: not-a-real-date",
  ),
  passed("9110 14.2, a range", "Range: bytes=0-99, 200-299, 500-599"),
]);

table("RFC 9110 15: refusals of a page that knows GET alone", [
  {
    rule: "9110 15.5.5, another path",
    raw: request("GET /other") + get(),
    want: lasting("404 Not Found") + ok("page"),
  },
  {
    rule: "9110 15.5.6, another method",
    raw: request("POST /") + get(),
    want: lasting("405 Method Not Allowed", "Allow: GET, HEAD, OPTIONS") +
      ok("page"),
  },
  {
    rule: "9110 15.6.2, a method that nobody knows",
    raw: request("WHATEVERMETHOD /") + get(),
    want: lasting("501 Not Implemented") + ok("page"),
  },
  {
    rule: "9110 9.1, get is not GET",
    raw: request("get /") + get(),
    want: lasting("501 Not Implemented") + ok("page"),
  },
  {
    rule: "9110 9.3.7, OPTIONS",
    raw: request("OPTIONS /") + get(),
    want: "HTTP/1.1 204 No Content\r\nAllow: GET, HEAD, OPTIONS\r\n\r\n" +
      ok("page"),
  },
], OnePage);

/** A refusal that leaves the connection open. */
function lasting(status: string, ...fields: string[]): string {
  const head = [`HTTP/1.1 ${status}`, ...fields, "Content-Type: text/plain"];
  return [...head, "Content-Length: 3", "", status.slice(0, 3)].join("\r\n");
}
