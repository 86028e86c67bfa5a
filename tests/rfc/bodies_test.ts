// RFC 9112 section 6, what frames a body.
import { get, ok, refusal, refused, request, table, taken } from "./_row.ts";

const post = (...fields: string[]) => request("POST /", ...fields);
const CHUNKED = "Transfer-Encoding: chunked";

table("RFC 9112 6: bodies", [
  taken(
    "9112 6.1, one chunk",
    post(CHUNKED) + "5\r\nhello\r\n0\r\n\r\n",
    "POST /",
    "transfer-encoding: chunked",
    "hello",
  ),
  taken(
    "9112 6.1, the name of the coding in any case",
    post("Transfer-Encoding: CHunked") + "0\r\n\r\n",
    "POST /",
    "transfer-encoding: CHunked",
  ),
  refused(
    "9112 6.1, twice chunked",
    post(CHUNKED, CHUNKED) + "0\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 6.1, chunked is not last",
    post("Transfer-Encoding: chunked, gzip") + "0\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 6.1, a coding before chunked",
    post("Transfer-Encoding: gzip, chunked") + "0\r\n\r\n",
    "501 Not Implemented",
  ),
  refused(
    "9112 6.1, a coding on a line before chunked",
    post("Transfer-Encoding: deflate", CHUNKED) + "0\r\n\r\n",
    "501 Not Implemented",
  ),
  refused(
    "9112 6.1, a disguise of chunked",
    post("Transfer-Encoding: x-chunked-fake") + "0\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 6.1, chunked twice in a word",
    post("Transfer-Encoding: chunkedchunked") + "0\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 6.1, pigeons",
    request("PUT /", "Transfer-Encoding: pigeons"),
    "501 Not Implemented",
  ),
  refused(
    "9112 6.1, an empty coding",
    post("Transfer-Encoding:", "Content-Length: 1") + "a",
    "400 Bad Request",
  ),
  refused(
    "9112 6.1, a length behind the coding",
    post(CHUNKED, "Content-Length: 5") + "0\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 6.1, a length before the coding",
    post("Content-Length: 5", CHUNKED) + "0\r\n\r\n",
    "400 Bad Request",
  ),
  refused(
    "9112 6.1, identity beside a length",
    post("Transfer-Encoding: identity", "Content-Length: 1") + "a",
    "400 Bad Request",
  ),
  refused(
    "9112 6.1, a coding on HTTP/1.0",
    "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "400 Bad Request",
  ),
  taken("9112 6.3, no framing is no body", post(), "POST /"),
  taken(
    "9112 6.3, a length of zero",
    post("Content-Length: 0"),
    "POST /",
    "content-length: 0",
  ),
  taken(
    "9112 6.3, spaces behind the length",
    post("Content-Length: 1    ") + "a",
    "POST /",
    "content-length: 1",
    "a",
  ),
  taken(
    "9112 6.3, tabs around the length",
    post("Content-Length:\t1\t") + "a",
    "POST /",
    "content-length: 1",
    "a",
  ),
  refused(
    "9112 6.3, spaces within the length",
    post("Content-Length: 4 2"),
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, two equal lengths",
    post("Content-Length: 0", "Content-Length: 0"),
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, two lengths",
    post("Content-Length: 1", "Content-Length: 2") + "a",
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, a list of equal lengths",
    post("Content-Length: 1, 1") + "a",
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, a hexadecimal length",
    post("Content-Length: 0x5"),
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, a length of letters",
    post("Content-Length: abc"),
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, a plus sign",
    post("Content-Length: +1") + "a",
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, a minus sign",
    post("Content-Length: -1"),
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, an empty length",
    post("Content-Length:"),
    "400 Bad Request",
  ),
  refused(
    "9112 6.3, a length of 2^64",
    request("PUT /", "Content-Length: 18446744073709551616"),
    "400 Bad Request",
  ),
  {
    rule: "9112 6.3, what stands behind the body is read as a request",
    raw: post("Content-Length: 5") + "helloEXTRA BYTES",
    want: ok("POST /\ncontent-length: 5\nhello") +
      refusal("400 Bad Request"),
  },
  {
    rule: "9112 6.3, a length ends with its request",
    raw: request("PUT /", "Content-Length: 0") + request("PUT /"),
    want: ok("PUT /\ncontent-length: 0") + ok("PUT /"),
  },
  {
    rule: "9112 6.3, a body of a request that asks for an upgrade",
    raw: post("Connection: Upgrade", "Content-Length: 1", "Upgrade: x") +
      "a" +
      get(),
    want: ok(
      "POST /\nconnection: Upgrade\ncontent-length: 1\nupgrade: x\na",
    ) + ok("GET /"),
  },
  refused(
    "9112 6.3, a body where the empty line should be",
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nhello",
    "400 Bad Request",
  ),
]);
