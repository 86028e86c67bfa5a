// RFC 9112 section 2, messages: what has to be taken beside what has to be
// refused, so that strictness turns away nothing that is in order.
import { get, ok, refused, table, taken } from "./_row.ts";

const CLOSE = "Connection: close";

table("RFC 9112 2: messages", [
  taken("9112 2.1, a request of two lines", get(), "GET /"),
  taken("9112 2.2, one empty line before", `\r\n${get()}`, "GET /"),
  taken("9112 2.2, three empty lines before", `\r\n\r\n\r\n${get()}`, "GET /"),
  refused("9112 2.2, LF alone", get().replaceAll("\r", ""), "400 Bad Request"),
  refused(
    "9112 2.2, LF alone between fields",
    get("X-A: b\nX-C: d"),
    "400 Bad Request",
  ),
  refused(
    "9112 2.2, CR alone between fields",
    get("X-A: b\rX-C: d"),
    "400 Bad Request",
  ),
  refused(
    "9112 2.2, CR before a letter at the end of a value",
    "GET / HTTP/1.1\r\nHost: a\rX-After: x\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 2.2, whitespace between the request line and the first field",
    "GET / HTTP/1.1\r\n X-A: b\r\nHost: a\r\n\r\n",
    "400 Bad Request",
  ),
  { rule: "9112 2.2, nothing but empty lines", raw: "\r\n\r\n", want: "" },
  { rule: "9112 2.2, nothing at all", raw: "", want: "" },
  taken(
    "9112 2.3, HTTP/1.2 is served as 1.1",
    "GET / HTTP/1.2\r\nHost: a\r\n\r\n",
    "GET /",
  ),
  {
    rule: "9112 2.3, HTTP/1.0 is served, and closed",
    raw: "GET / HTTP/1.0\r\nHost: a\r\n\r\n",
    want: ok("GET /", CLOSE),
  },
  refused(
    "9112 2.3, the name in lower case",
    "GET / http/1.1\r\nHost: a\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 2.3, a zero before the major number",
    "GET / HTTP/01.1\r\nHost: a\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 2.3, two digits behind the point",
    "GET / HTTP/1.10\r\nHost: a\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 2.3, a number that is none",
    "GET / HTTP/5.6\r\nHost: a\r\n\r\n",
    "505 HTTP Version Not Supported",
  ),
  refused(
    "9112 2.3, the preface of HTTP/2",
    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "505 HTTP Version Not Supported",
  ),
  refused(
    "9112 2.3, another protocol",
    "GET / ICE/1.0\r\nHost: a\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 2.3, another protocol of the same number",
    "PUT / RTSP/1.1\r\nHost: a\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 2.3, bytes of no protocol",
    "\x16\x03\x01\r\n\r\n",
    "400 Bad Request",
  ),
]);
