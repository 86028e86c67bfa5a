// What ChunkedDecoder.next() says, call by call, of bytes that are here: sizes,
// 0 at the end, -1 for more bytes, and how many it leaves for later.

import { assertEquals } from "@std/assert";
import { HttpError } from "../../lib/facts/errors.ts";
import { withLimits } from "../../lib/facts/limits.ts";
import { ByteReader } from "../../lib/bytes/byte_reader.ts";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { ChunkedDecoder } from "../../lib/protocol/chunked_decoder.ts";

const TOO_LONG = "400 A chunk line is too long";
const BARE_LF = "400 A line ends with LF alone";
const END = "400 A chunk does not end with CRLF";

interface Row {
  name: string;
  /** Pieces in the order in which they arrive. */
  pieces: string[];
  /** What each call gives; an error is the last one. */
  calls: (number | string)[];
  /** How many bytes are left. */
  left: number;
  trailers?: [string, string][];
}

const LIMITS = withLimits({
  bodyBytes: 50,
  chunkExtensionBytes: 10,
  trailerBytes: 6,
});

/** Calls `next()` until it ends, and once more for each piece it asks for. */
async function play({ pieces, calls, left, trailers = [] }: Row) {
  const arriving = pieces.map(latin1Octets);
  const reader = new ByteReader({
    read(p) {
      const piece = arriving.shift();
      if (piece === undefined) return Promise.resolve(null);
      p.set(piece);
      return Promise.resolve(piece.length);
    },
    write: (p) => Promise.resolve(p.length),
    close() {},
  });
  const decoder = new ChunkedDecoder(reader, LIMITS);
  await reader.fill();
  const got: (number | string)[] = [];
  for (let size = -1; size !== 0;) {
    try {
      got.push(size = decoder.next());
    } catch (error) {
      if (!(error instanceof HttpError)) throw error;
      got.push(`${error.status} ${error.message}`);
      break;
    }
    if (size > 0) reader.start += size;
    if (size < 0 && !(await reader.fill())) break;
  }
  assertEquals(got, calls);
  assertEquals(reader.available, left);
  assertEquals([...decoder.trailers], trailers);
}

const ROWS: Row[] = [
  {
    name: "chunks that are here are found without a wait",
    pieces: ["5\r\nhello\r\n1\r\n!\r\n0\r\n\r\n"],
    calls: [5, 1, 0],
    left: 0,
  },
  {
    name: "what follows the body is left",
    pieces: ["0\r\n\r\nGET"],
    calls: [0],
    left: 3,
  },
  {
    name: "the end of the data is taken by itself",
    pieces: ["1\r\na\r\n"],
    calls: [1, -1],
    left: 0,
  },
  {
    name: "a line feed behind a cut in the end of the data",
    pieces: ["1\r\na\r", "\n\n0\r\n\r\n"],
    calls: [1, -1, BARE_LF],
    left: 6,
  },
  {
    name: "one wrong byte behind the data is enough",
    pieces: ["1\r\nax"],
    calls: [1, END],
    left: 1,
  },
  {
    name: "a second wrong byte behind the data",
    pieces: ["1\r\na\r", "x"],
    calls: [1, -1, END],
    left: 2,
  },
  {
    name: "extensions of the limit",
    pieces: ["1;345678901\r\na\r\n0\r\n\r\n"],
    calls: [1, 0],
    left: 0,
  },
  {
    name: "an extension over the limit",
    pieces: ["1;3456789012\r\na\r\n"],
    calls: [TOO_LONG],
    left: 17,
  },
  {
    name: "extensions of two chunks that reach the limit",
    pieces: ["1;345\r\na\r\n1;345\r\nb\r\n0;\r\n\r\n"],
    calls: [1, 1, "400 A chunk line is malformed"],
    left: 6,
  },
  {
    name: "extensions of two chunks over the limit",
    pieces: ["1;345\r\na\r\n1;345678\r\nb\r\n"],
    calls: [1, TOO_LONG],
    left: 13,
  },
  {
    name: "the longest line that may still end",
    pieces: ["1;" + "x".repeat(41)],
    calls: [-1],
    left: 43,
  },
  {
    name: "a line that has not ended and is too long",
    pieces: ["1;" + "x".repeat(42)],
    calls: [TOO_LONG],
    left: 44,
  },
  {
    name: "what is left for a line when the extensions are used up",
    pieces: ["1;345678901\r\na\r\n1;" + "x".repeat(32)],
    calls: [1, TOO_LONG],
    left: 34,
  },
  {
    name: "a line far from the start of the window",
    pieces: ["28\r\n" + "a".repeat(40) + "\r\n1;345\r\nb\r\n0\r\n\r\n"],
    calls: [40, 1, 0],
    left: 0,
  },
  {
    name: "a body of the limit",
    pieces: ["19\r\n" + "a".repeat(25) + "\r\n19\r\n" + "b".repeat(25)],
    calls: [25, 25, -1],
    left: 0,
  },
  {
    name: "a body over the limit",
    pieces: ["19\r\n" + "a".repeat(25) + "\r\n1a\r\n"],
    calls: [25, "413 "],
    left: 4,
  },
  {
    name: "trailers of the limit",
    pieces: ["0\r\nA: b\r\n\r\n"],
    calls: [0],
    left: 0,
    trailers: [["A", "b"]],
  },
  {
    name: "trailers over the limit",
    pieces: ["0\r\nA: bc\r\n\r\n"],
    calls: ["431 The trailer fields are too long"],
    left: 9,
  },
  {
    name: "trailers over the limit that have not ended",
    pieces: ["0\r\nA: bcde", "f"],
    calls: [-1, "431 The trailer fields are too long"],
    left: 8,
  },
];

Deno.test("ChunkedDecoder.next() says what is here and waits for no more (9112 7.1)", async (t) => {
  for (const row of ROWS) await t.step(row.name, () => play(row));
});
