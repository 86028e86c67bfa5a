// RFC 9112 section 5, field lines.
import { get, refused, table, taken } from "./_row.ts";

table("RFC 9112 5: field lines", [
  taken(
    "9112 5, names in any case",
    "GET / HTTP/1.1\r\nhOsT: a\r\n\r\n",
    "GET /",
  ),
  taken("9112 5, no space behind the colon", get("X-A:b"), "GET /", "x-a: b"),
  taken("9112 5, spaces before the value", get("X-A:   b"), "GET /", "x-a: b"),
  taken("9112 5, a tab before the value", get("X-A:\tb"), "GET /", "x-a: b"),
  taken(
    "9112 5, five tabs before the value",
    get("X-A:\t\t\t\t\tb"),
    "GET /",
    "x-a: b",
  ),
  taken("9112 5, spaces behind the value", get("X-A: b   "), "GET /", "x-a: b"),
  taken("9112 5, an empty value", get("X-A:"), "GET /", "x-a: "),
  taken("9112 5, a value of spaces only", get("X-A:    "), "GET /", "x-a: "),
  taken(
    "9112 5, a value that begins with a colon",
    get("X-A: :b:c"),
    "GET /",
    "x-a: :b:c",
  ),
  refused(
    "9112 5.1, a space before the colon",
    get("X-A : b"),
    "400 Bad Request",
  ),
  refused(
    "9112 5.1, a tab before the colon",
    get("X-A\t: b"),
    "400 Bad Request",
  ),
  refused(
    "9112 5.1, a space within the name",
    get("X A: b"),
    "400 Bad Request",
  ),
  refused("9112 5.1, no colon", get("X-A"), "400 Bad Request"),
  refused("9112 5.1, no name", get(": b"), "400 Bad Request"),
  refused("9112 5.1, @ in a name", get("X@A: b"), "400 Bad Request"),
  refused("9112 5.1, a brace in a name", get("X{A: b"), "400 Bad Request"),
  refused("9112 5.1, a control in a name", get("X\x01A: b"), "400 Bad Request"),
  refused(
    "9112 5.1, a high byte in a name",
    get("X\xe9A: b"),
    "400 Bad Request",
  ),
  refused("9112 5.2, a folded line", get("X-A: b", " c"), "400 Bad Request"),
  refused(
    "9112 5.2, a line folded by a tab",
    get("X-A: b", "\tc"),
    "400 Bad Request",
  ),
  refused(
    "9112 5.2, lines of a certificate",
    get("X-SSL-Cert: -----BEGIN-----", "\tMIIFbTCC", "\t-----END-----"),
    "400 Bad Request",
  ),
  refused(
    "9112 5.1, a line of other separators",
    get("X-A: b\r\rX-C: d"),
    "400 Bad Request",
  ),
  refused(
    "9112 5.2, Connection over two lines",
    get("Connection: upgrade,", " keep-alive"),
    "400 Bad Request",
  ),
]);
