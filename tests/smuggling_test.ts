// Named attacks on the borders between requests. Each row hides a request in
// what another reader of the same octets would take for something else, and
// asserts the status, that the connection closed, and that the hidden request
// did not run: the whole text that the client gets is compared, and the log of
// what ran.
import { assert, assertEquals } from "@std/assert";
import { HttpRequestHandler, verb } from "../mod.ts";
import { exchange } from "../lib/testing/mod.ts";
import { eachSplit } from "./_wire.ts";

const HIDDEN = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";
const END = "0\r\n\r\n";

/** Notes what ran. */
class Victim extends HttpRequestHandler {
  static ran: string[] = [];
  override errorMessageFormat = "%(code)d";
  override errorContentType = "text/plain";
  override sendResponse(code: number, message?: string): void {
    this.sendResponseOnly(code, message);
  }

  @verb("*")
  async run(): Promise<void> {
    Victim.ran.push(this.path);
    await this.bytes();
    this.sendResponse(200);
    this.endHeaders();
  }
}

interface Attack {
  name: string;
  /** What stands between the request line and the hidden request. */
  raw: string;
  status?: string;
  /** What may have run before the body turned out to be wrong. */
  ran?: string[];
}

/** A POST with these field lines, and END where a body would be. */
function fields(...lines: string[]): string {
  return ["POST / HTTP/1.1", "Host: a", ...lines, "", END].join("\r\n");
}

/** A chunked POST that begins with these octets. */
function chunks(body: string): string {
  return `POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n${body}`;
}

const LENGTH = `Content-Length: ${END.length + HIDDEN.length}`;
const CHUNKED = "Transfer-Encoding: chunked";

/** Attacks by a length and a coding of which each reader heeds another. */
const FRAMING: Attack[] = [
  { name: "cl_te", raw: fields(LENGTH, CHUNKED) },
  { name: "te_cl", raw: fields(CHUNKED, LENGTH) },
  { name: "cl_te_zero", raw: fields("Content-Length: 0", CHUNKED) },
  { name: "cl_cl", raw: fields("Content-Length: 5", LENGTH) },
  { name: "cl_cl_equal", raw: fields(LENGTH, LENGTH) },
  { name: "cl_list", raw: fields("Content-Length: 5, 37") },
  { name: "cl_list_equal", raw: fields("Content-Length: 5, 5") },
  { name: "cl_plus", raw: fields("Content-Length: +5") },
  { name: "cl_minus", raw: fields("Content-Length: -5") },
  { name: "cl_hex", raw: fields("Content-Length: 0x5") },
  { name: "cl_octal", raw: fields("Content-Length: 05") },
  { name: "cl_space_inside", raw: fields("Content-Length: 5 7") },
  { name: "cl_empty", raw: fields("Content-Length:") },
  { name: "cl_vt", raw: fields("Content-Length: \v5") },
  { name: "cl_nul", raw: fields("Content-Length: 5\0") },
  { name: "cl_nbsp", raw: fields("Content-Length: \xa05") },
  { name: "cl_overflow", raw: fields("Content-Length: 18446744073709551621") },
  { name: "cl_space_colon", raw: fields("Content-Length : 5", LENGTH) },
  { name: "cl_folded", raw: fields("Content-Length:", " 5") },
  { name: "te_space_colon", raw: fields("Transfer-Encoding : chunked") },
  { name: "te_tab_colon", raw: fields("Transfer-Encoding\t: chunked") },
  { name: "te_leading_space", raw: fields(" Transfer-Encoding: chunked") },
  { name: "te_folded", raw: fields("Transfer-Encoding:", " chunked") },
  { name: "te_folded_tab", raw: fields("Transfer-Encoding:", "\tchunked") },
  { name: "te_under_other", raw: fields("X: y", " " + CHUNKED) },
  { name: "te_name_nul", raw: fields("Transfer-Encoding\0: chunked") },
  { name: "te_name_cr", raw: fields("X: y\rTransfer-Encoding: chunked") },
  { name: "te_name_lf", raw: fields("X: y\nTransfer-Encoding: chunked") },
  { name: "te_quote_name", raw: fields('"Transfer-Encoding": chunked') },
  { name: "te_vt", raw: fields("Transfer-Encoding: \vchunked") },
  { name: "te_ff", raw: fields("Transfer-Encoding: \fchunked") },
  { name: "te_nbsp", raw: fields("Transfer-Encoding: \xa0chunked") },
  { name: "te_nul", raw: fields("Transfer-Encoding: chunked\0") },
  { name: "te_cr", raw: fields("Transfer-Encoding: chunked\r") },
  { name: "te_x", raw: fields("Transfer-Encoding: xchunked") },
  { name: "te_suffix", raw: fields("Transfer-Encoding: chunkedx") },
  { name: "te_quoted", raw: fields('Transfer-Encoding: "chunked"') },
  { name: "te_semicolon", raw: fields("Transfer-Encoding: chunked;a=b") },
  { name: "te_comma_first", raw: fields("Transfer-Encoding: , chunked") },
  { name: "te_comma_last", raw: fields("Transfer-Encoding: chunked,") },
  { name: "te_te", raw: fields(CHUNKED, CHUNKED) },
  { name: "te_te_list", raw: fields("Transfer-Encoding: chunked, chunked") },
  { name: "te_identity", raw: fields(CHUNKED, "Transfer-Encoding: identity") },
  { name: "identity_te", raw: fields("Transfer-Encoding: identity", CHUNKED) },
  { name: "te_empty", raw: fields("Transfer-Encoding:", LENGTH) },
  { name: "te_last_gzip", raw: fields("Transfer-Encoding: chunked, gzip") },
  {
    name: "te_gzip",
    raw: fields("Transfer-Encoding: gzip, chunked"),
    status: "501 Not Implemented",
  },
  { name: "te_http10", raw: fields(CHUNKED).replace("1.1", "1.0") },
];

/** Attacks by the lines of a head. */
const HEADS: Attack[] = [
  { name: "bare_lf_line", raw: "GET / HTTP/1.1\nHost: a\r\n\r\n" },
  { name: "bare_lf_end", raw: "GET / HTTP/1.1\r\nHost: a\n\n" },
  { name: "bare_cr_line", raw: "GET / HTTP/1.1\rHost: a\r\r" },
  { name: "cr_cr_lf", raw: "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n" },
  { name: "space_line", raw: "GET / HTTP/1.1\r\nHost: a\r\n \r\n\r\n" },
  { name: "nul_in_value", raw: fields("X: \0") },
  { name: "no_colon", raw: fields("X") },
  { name: "empty_name", raw: fields(": y") },
  { name: "two_hosts", raw: fields("Host: b") },
  { name: "host_list", raw: fields().replace("Host: a", "Host: a, b") },
  { name: "host_userinfo", raw: fields().replace("Host: a", "Host: b@a") },
  { name: "no_version", raw: "GET /\r\nHost: a\r\n\r\n" },
  { name: "two_spaces", raw: "GET  / HTTP/1.1\r\nHost: a\r\n\r\n" },
  { name: "request_in_target", raw: "GET /GET /x HTTP/1.1\r\nHost: a\r\n\r\n" },
  {
    name: "http2_preface",
    raw: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    status: "505 HTTP Version Not Supported",
  },
  {
    name: "connect",
    raw: "CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
    status: "501 Not Implemented",
  },
  {
    name: "expect_unknown",
    raw: "POST / HTTP/1.1\r\nHost: a\r\nExpect: x\r\nContent-Length: 5\r\n\r\n",
    status: "417 Expectation Failed",
  },
];

/** Attacks by what stands between the data of chunks. */
const CHUNKS: Attack[] = ([
  ["size_0x", "0x0\r\n\r\n"],
  ["size_plus", "+0\r\n\r\n"],
  ["size_minus", "-0\r\n\r\n"],
  ["size_space", " 0\r\n\r\n"],
  ["size_space_behind", "0 \r\n\r\n"],
  ["size_underscore", "0_0\r\n\r\n"],
  ["size_empty", "\r\n\r\n"],
  ["size_nul", "0\0\r\n\r\n"],
  ["size_overflow_64", "10000000000000000\r\n\r\n"],
  ["size_overflow_32_padded", "00000000000000000\r\n\r\n"],
  ["size_lf", "0\n\r\n"],
  ["size_cr", "0\r\r\n\r\n"],
  ["ext_lf", "0;a\nb\r\n\r\n"],
  ["ext_cr", "0;a\rb\r\n\r\n"],
  ["ext_nul", "0;\0\r\n\r\n"],
  ["ext_bare", "0;\r\n\r\n"],
  ["ext_quote_open", '0;a="\r\n\r\n'],
  ["data_end_lf", "1\r\na\n0\r\n\r\n"],
  ["data_end_cr", "1\r\na\r0\r\n\r\n"],
  ["data_end_none", "1\r\na0\r\n\r\n"],
  ["data_too_long", "1\r\nab\r\n0\r\n\r\n"],
  ["last_lf", "0\r\n\n"],
  ["last_cr", "0\r\n\r\r\n"],
  ["trailer_lf", "0\r\nX: y\n\r\n"],
  ["trailer_te", "0\r\nTransfer-Encoding: chunked\r\n\r\n"],
  ["trailer_cl", "0\r\nContent-Length: 5\r\n\r\n"],
  ["trailer_host", "0\r\nHost: b\r\n\r\n"],
  ["trailer_folded", "0\r\nX: y\r\n z: a\r\n\r\n"],
  ["trailer_is_request", "0\r\n"],
] as const).map(([name, body]) => ({
  name: `chunk_${name}`,
  raw: chunks(body),
  ran: ["/"],
}));

function refusal(status: string): string {
  return `HTTP/1.1 ${status}\r\nContent-Type: text/plain\r\n` +
    `Content-Length: 3\r\nConnection: close\r\n\r\n${status.slice(0, 3)}`;
}

for (
  const [title, attacks] of [
    ["framing", FRAMING],
    ["heads", HEADS],
    ["chunks", CHUNKS],
  ] as const
) {
  Deno.test(`A request cannot be smuggled by ${title}`, async (t) => {
    for (const { name, raw, status = "400 Bad Request", ran = [] } of attacks) {
      await t.step(name, async () => {
        await eachSplit(raw + HIDDEN, async (splits, cut) => {
          Victim.ran = [];
          const got = await exchange(Victim, raw + HIDDEN, { splits });
          assertEquals(new TextDecoder().decode(got), refusal(status), cut);
          assertEquals(Victim.ran, ran, cut);
        });
      });
    }
  });
}

Deno.test("A request within a body is not run", async (t) => {
  const size = HIDDEN.length.toString(16);
  const bodies = {
    "a length":
      `POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    "a length on GET":
      `GET / HTTP/1.1\r\nHost: a\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
    "a chunk": chunks(`${size}\r\n${HIDDEN}\r\n${END}`),
    "a chunk behind one that looks like the end": chunks(
      `5\r\n${END}\r\n${size}\r\n${HIDDEN}\r\n${END}`,
    ),
    "a chunk extension": chunks(`0;a="${"GET /hidden"}"\r\n\r\n`),
    "underscores in a name":
      `POST / HTTP/1.1\r\nHost: a\r\nTransfer_Encoding: chunked\r\nContent-Length: ${HIDDEN.length}\r\n\r\n${HIDDEN}`,
  };
  const next = HIDDEN.replace("hidden", "next");
  for (const [name, raw] of Object.entries(bodies)) {
    await t.step(name, async () => {
      await eachSplit(raw + next, async (splits, cut) => {
        Victim.ran = [];
        await exchange(Victim, raw + next, { splits });
        assertEquals(Victim.ran, ["/", "/next"], cut);
      });
    });
  }
});

Deno.test("The hidden request runs where nothing is wrong", async () => {
  Victim.ran = [];
  await exchange(Victim, chunks(END) + HIDDEN);
  assert(Victim.ran.includes("/hidden"));
});
