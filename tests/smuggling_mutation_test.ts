// Transfer-Encoding disguised in every way that has fooled a server: an octet
// put before, into and behind its name and its value. The length covers the
// hidden request: whoever takes the disguise for a coding runs it.
import { assertEquals } from "@std/assert";
import { mirrored, refused, send } from "./_wire.ts";

const BODY = "0\r\n\r\nGET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

/** Where the octet goes. */
const PLACES: Record<string, (octet: string) => string> = {
  "before the value": (o) => `Transfer-Encoding:${o}chunked`,
  "behind the value": (o) => `Transfer-Encoding: chunked${o}`,
  "in the value": (o) => `Transfer-Encoding: chu${o}nked`,
  "before the name": (o) => `${o}Transfer-Encoding: chunked`,
  "behind the name": (o) => `Transfer-Encoding${o}: chunked`,
  "in the name": (o) => `Transfer${o}-Encoding: chunked`,
  "behind another field": (o) => `X: X${o}Transfer-Encoding: chunked`,
  "behind another field and CR": (o) => `X: X\r${o}Transfer-Encoding: chunked`,
  "between another field and LF": (o) => `X: X${o}\nTransfer-Encoding: chunked`,
  "before a field behind": (o) => `Transfer-Encoding: chunked${o}X: X`,
  "behind CR, before a field": (o) => `Transfer-Encoding: chunked\r${o}X: X`,
  "before LF and a field": (o) => `Transfer-Encoding: chunked${o}\nX: X`,
};

/** What this makes of the head, where it is not simply refused. */
const HARMLESS = [
  // Another field: its name is longer by a token character.
  /^[|-]?(?:X-)?Transfer[|-]*-Encoding[|-]?: chunked$/,
  // The value of another field.
  /^X: X[\t -~\x80-\xff]+$/,
];

const OCTETS = [
  0x00,
  0x01,
  0x04,
  0x08,
  0x09,
  0x0a,
  0x0b,
  0x0c,
  0x0d,
  0x1f,
  0x20,
  0x22,
  0x2c,
  0x2d,
  0x3b,
  0x7c,
  0x7f,
  0x80,
  0x85,
  0xa0,
  0xff,
];

function isHarmless(line: string): boolean {
  return line !== "Transfer-Encoding: chunked" &&
    HARMLESS.some((pattern) => pattern.test(line));
}

async function attack(line: string): Promise<void> {
  const raw = `POST /p HTTP/1.1\r\nHost: a\r\n${line}\r\n` +
    `Content-Length: ${BODY.length}\r\n\r\n${BODY}`;
  const got = await send(raw);
  if (isHarmless(line)) {
    assertEquals(got, mirrored(`POST /p [${BODY}]`));
    return;
  }
  const message = got.slice(got.lastIndexOf("\r\n\r\n") + 4);
  assertEquals(got, refused("400 Bad Request", message));
}

Deno.test("A disguised Transfer-Encoding never frames", async (t) => {
  for (const [place, disguise] of Object.entries(PLACES)) {
    for (const octet of OCTETS) {
      const line = disguise(String.fromCharCode(octet));
      await t.step(`${place}: ${JSON.stringify(line)}`, () => attack(line));
    }
  }
});

Deno.test("A misspelled Transfer-Encoding never frames", async (t) => {
  for (
    const line of [
      "Transfer-Encoding:\r\n chunked",
      "Transfer-Encoding:\n chunked",
      "Transfer Encoding: chunked",
      "Transfer-Encoding chunked",
      "Transfer-Encoding: cow\r\nTransfer-Encoding: chunked",
      "Transfer-Encoding: chunked\r\nTransfer-Encoding: cow",
      "Transfer-Encoding: chunked, cow",
      "Transfer-Encoding: cow, chunked",
      "Transfer-Encoding: cow chunked bar",
      "Transfer-Encoding: chunk",
      "Transfer-Encoding: 'chunked'",
      "TrAnSFer-EnCODinG: cHuNkeD",
      "TRANSFER-ENCODING: CHUNKED",
      "Transfer-Encoding: ch\x96nked",
      "Transf\x82r-Encoding: chunked",
    ]
  ) {
    await t.step(JSON.stringify(line), () => attack(line));
  }
});
