// RFC 9110 section 5, fields, and 7.2, Host.
import { get, passed, refusal, refused, table, taken } from "./_row.ts";

const bad = (rule: string, ...fields: string[]) =>
  refused(rule, get(...fields), "400 Bad Request");

const LETTERS = characters(0x21, 0x7e);
const BEYOND = characters(0x80, 0xff);

function characters(from: number, to: number): string {
  return Array.from(
    { length: to - from + 1 },
    (_, i) => String.fromCharCode(from + i),
  ).join("");
}

/** What a handler writes for text, each byte a character. */
function utf8(text: string): string {
  return Array.from(
    new TextEncoder().encode(text),
    (byte) => String.fromCharCode(byte),
  ).join("");
}

table("RFC 9110 5: fields", [
  passed("9110 5.1, a name of one letter", "A: b"),
  passed("9110 5.1, a name of one sign", "!: yes"),
  passed("9110 5.1, a name of digits", "123: b"),
  passed("9110 5.1, a name of all signs of tokens", "!#$%&'*+-.^_`|~: b"),
  passed("9110 5.1, an underscore in a name", "X_Forwarded_For: 10.0.0.1"),
  passed("9110 5.1, a long name", `X-${"a".repeat(200)}: b`),
  taken(
    "9110 5.3, a name on two lines is a list",
    get("X-A: b", "X-A: c"),
    "GET /",
    "x-a: b, c",
  ),
  taken(
    "9110 5.3, Accept on two lines",
    get("Accept: text/html", "Accept: text/plain"),
    "GET /",
    "accept: text/html, text/plain",
  ),
  taken(
    "9110 5.3, sixty fields",
    get(...Array.from({ length: 60 }, (_, i) => `X-${i + 100}: ${i}`)),
    "GET /",
    ...Array.from({ length: 60 }, (_, i) => `x-${i + 100}: ${i}`),
  ),
  {
    rule: "9110 5.4, more fields than the limit",
    raw: get(...Array.from({ length: 60 }, (_, i) => `X-${i}: ${i}`)),
    want: refusal("431 Request Header Fields Too Large"),
    limits: { headerCount: 60 },
  },
  passed("9110 5.5, a value of a kilobyte", `X-A: ${"b".repeat(1024)}`),
  {
    rule: "9110 5.5, a value over the limit of the head",
    raw: get(`X-A: ${"b".repeat(1024)}`),
    want: refusal("431 Request Header Fields Too Large"),
    limits: { headBytes: 1024, requestLineBytes: 512 },
  },
  taken(
    "9110 5.5, bytes beyond ASCII are Latin-1",
    get("X-A: caf\xe9"),
    "GET /",
    // The handler writes text, which is UTF-8.
    "x-a: caf\xc3\xa9",
  ),
  taken(
    "9110 5.5, every byte that may stand in a value",
    get(`X-A: ${LETTERS}${BEYOND}`),
    "GET /",
    `x-a: ${LETTERS}${utf8(BEYOND)}`,
  ),
  passed(
    "9110 5.5, spaces within a value",
    "User-Agent: Mozilla/5.0 (compatible; bot 1.0)",
  ),
  passed("9110 5.5, a tab within a value", "X-A: b\tc"),
  passed("9110 5.5, braces and quotes", 'X-A: {"trace":"abc","span":"def"}'),
  passed("9110 5.5, colons", "X-Url: https://example.com:8080/path"),
  passed("9110 5.5, equals signs", "X-A: a=b=c==dd="),
  passed("9110 5.5, semicolons", 'X-A: a; b=1; c=2; d="e"'),
  passed("9110 5.5, a quote that stays open", 'X-A: "b'),
  bad("9110 5.5, NUL", "X-A: b\0c"),
  bad("9110 5.5, CR", "X-A: b\rc"),
  bad("9110 5.5, DEL", "X-A: b\x7fc"),
  bad("9110 5.5, a bell", "X-A: b\x07c"),
  bad("9110 5.5, a vertical tab", "X-A: b\vc"),
  passed("9110 5.6.1, a comma at the end of a list", "Accept-Encoding: gzip,"),
  passed("9110 5.6.1, empty members of a list", "Accept: , text/html,,"),
]);

/** A row of a Host that is taken. */
const host = (rule: string, value: string) =>
  taken(
    rule,
    `GET / HTTP/1.1\r\nHost: ${value}\r\n\r\n`,
    "GET /",
    `host: ${value}`,
  );
const badHost = (rule: string, value: string) =>
  refused(rule, `GET / HTTP/1.1\r\nHost: ${value}\r\n\r\n`, "400 Bad Request");

table("RFC 9110 7.2: Host", [
  host("9110 7.2, a port", "example.com:8080"),
  host("9110 7.2, no digits behind the colon", "example.com:"),
  host("9110 7.2, an IPv4 address", "127.0.0.1:80"),
  host("9110 7.2, an IPv6 address", "[::1]:80"),
  host("9110 7.2, a name in Punycode", "xn--80akhbyknj4f.xn--p1ai"),
  host("9110 7.2, a dot at the end", "example.com."),
  host("9110 7.2, an underscore", "my_service"),
  host("9110 7.2, a long name", `${"a".repeat(60)}.${"b".repeat(60)}.com`),
  refused("9110 7.2, none", "GET / HTTP/1.1\r\n\r\n", "400 Bad Request"),
  refused(
    "9110 7.2, none beside other fields",
    "GET / HTTP/1.1\r\nUser-Agent: test\r\n\r\n",
    "400 Bad Request",
  ),
  badHost("9110 7.2, an empty one", ""),
  bad("9110 7.2, two", "Host: b"),
  bad("9110 7.2, two that are equal", "Host: a"),
  badHost("9110 7.2, an IPv6 address without brackets", "::1"),
  badHost("9110 7.2, a port of letters", "example.com:abc"),
  badHost("9110 7.2, a port over 65535", "example.com:99999"),
  badHost("9110 7.2, a space", "example. com"),
  badHost("9110 7.2, a user", "user:pass@example.com"),
  badHost("9110 7.2, a question mark", "example.com?"),
  badHost("9110 7.2, a path", "example.com/x"),
]);
