// RFC 9112 section 7, chunks.
import { get, ok, refusal, request, table } from "./_row.ts";

const post = (...fields: string[]) => request("POST /", ...fields);
const CHUNKED = "Transfer-Encoding: chunked";

const chunks = (body: string, ...seen: string[]) => ({
  raw: post(CHUNKED) + body,
  want: ok(["POST /", "transfer-encoding: chunked", ...seen].join("\n")),
});
const badChunks = (body: string) => ({
  raw: post(CHUNKED) + body,
  want: refusal("400 Bad Request"),
});

table("RFC 9112 7: chunks", [
  {
    rule: "9112 7.1, three chunks",
    ...chunks(
      "3\r\nabc\r\n4\r\ndefg\r\n5\r\nhijkl\r\n0\r\n\r\n",
      "abcdefghijkl",
    ),
  },
  {
    rule: "9112 7.1, a size in lower case",
    ...chunks("a\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
  },
  {
    rule: "9112 7.1, a size in upper case",
    ...chunks("A\r\n0123456789\r\n0\r\n\r\n", "0123456789"),
  },
  {
    rule: "9112 7.1, zeros before a size",
    ...chunks("0005\r\nhello\r\n000\r\n\r\n", "hello"),
  },
  {
    rule: "9112 7.1, a size that is none",
    ...badChunks("2g\r\nab\r\n0\r\n\r\n"),
  },
  {
    rule: "9112 7.1, a negative size",
    ...badChunks("-5\r\nhello\r\n0\r\n\r\n"),
  },
  { rule: "9112 7.1, no size", ...badChunks("\r\nhello\r\n0\r\n\r\n") },
  {
    rule: "9112 7.1, a line that ends with LF",
    ...badChunks("5\nhello\r\n0\r\n\r\n"),
  },
  {
    rule: "9112 7.1, a line that ends with CR",
    ...badChunks("5\rhello\r\n0\r\n\r\n"),
  },
  { rule: "9112 7.1, data without CRLF", ...badChunks("5\r\nhello0\r\n\r\n") },
  {
    rule: "9112 7.1, data with LF only",
    ...badChunks("5\r\nhello\n0\r\n\r\n"),
  },
  {
    rule: "9112 7.1, a space behind the size",
    ...badChunks("a \r\n0123456789\r\n0\r\n\r\n"),
  },
  { rule: "9112 7.1, no last chunk", ...badChunks("5\r\nhello\r\n") },
  {
    rule: "9112 7.1.1, an extension",
    ...chunks("5;ext=value\r\nhello\r\n0\r\n\r\n", "hello"),
  },
  {
    rule: "9112 7.1.1, extensions without and with values",
    ...chunks("5;a;b=c\r\nhello\r\n0;d;e=f\r\n\r\n", "hello"),
  },
  {
    rule: "9112 7.1.1, quoted values",
    ...chunks('5;a="b\\"c; d"\r\nhello\r\n0\r\n\r\n', "hello"),
  },
  {
    rule: "9112 7.1.1, no name behind the semicolon",
    ...badChunks("5;\r\nhello\r\n0\r\n\r\n"),
  },
  {
    rule: "9112 7.1.1, no semicolon",
    ...badChunks("5 a\r\nhello\r\n0\r\n\r\n"),
  },
  {
    rule: "9112 7.1.1, a quote that stays open",
    ...badChunks('5;a="b\r\nhello\r\n0\r\n\r\n'),
  },
  {
    rule: "9112 7.1.2, trailers",
    ...chunks(
      "5\r\nhello\r\n0\r\nVary: *\r\nX-Trace: abc\r\n\r\n",
      "hello",
      "(Vary: *)",
      "(X-Trace: abc)",
    ),
  },
  {
    rule: "9112 7.1.2, a folded trailer",
    ...badChunks("0\r\nX: y\r\n z\r\n\r\n"),
  },
  {
    rule: "9112 7.4, TE is no business of a request without a body",
    raw: get("TE: trailers", "Connection: TE"),
    want: ok("GET /\nconnection: TE\nte: trailers"),
  },
]);
