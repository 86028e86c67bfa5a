import { assert, assertEquals } from "@std/assert";
import { latin1Octets } from "../../lib/bytes/octets.ts";
import { HttpError } from "../../lib/facts/errors.ts";
import {
  type FormLimits,
  MultipartReader,
} from "../../lib/protocol/multipart_reader.ts";
import { crlf, eachSplit } from "../_wire.ts";
import { formMutations } from "../fuzz/_form_mutation.ts";

const LIMITS: FormLimits = { formFields: 10, partHeadBytes: 200 };

/** A body that comes in pieces; it counts how often it was read. */
class Body {
  reads = 0;
  #pieces: Uint8Array[];
  #at = 0;

  constructor(raw: string, splits: readonly number[] | "each") {
    const bytes = latin1Octets(raw);
    const ends = splits === "each" ? [...bytes.keys()] : splits;
    const edges = [0, ...ends, bytes.length];
    this.#pieces = edges.slice(1)
      .map((end, i) => bytes.slice(edges[i], end))
      .filter((piece) => piece.length > 0);
  }

  read(max = Infinity): Promise<Uint8Array | null> {
    this.reads++;
    assert(max > 0, "nothing was asked for");
    const piece = this.#pieces[this.#at];
    if (piece === undefined) return Promise.resolve(null);
    const rest = piece.subarray(max);
    if (rest.length > 0) this.#pieces[this.#at] = rest;
    else this.#at++;
    return Promise.resolve(piece.slice(0, max));
  }
}

function readerOf(
  raw: string,
  splits: readonly number[] | "each" = [],
  limits: FormLimits = LIMITS,
): MultipartReader {
  return new MultipartReader(new Body(raw, splits), "B", limits);
}

/** What a form holds: its parts as they are whole, and how it fails. */
async function readAll(reader: MultipartReader): Promise<string[]> {
  const seen: string[] = [];
  try {
    for (let part; (part = await reader.next()) !== null;) {
      let content = "";
      for (let run; (run = await part.read()) !== null;) {
        content += String.fromCharCode(...run);
      }
      const file = part.filename === undefined ? "" : `<${part.filename}>`;
      seen.push(`${part.name}${file}=${content}`);
    }
  } catch (error) {
    assert(error instanceof HttpError, String(error));
    seen.push(`${error.status} ${error.message}`);
  }
  return seen;
}

const A = `Content-Disposition: form-data; name="a"`;
const F = `Content-Disposition: form-data; name="f"; filename="f.txt"`;
const BREAKS_OFF = "400 The form breaks off";
const MALFORMED = "400 The form is malformed";

const ROWS: {
  name: string;
  raw: string;
  want: string[];
  limits?: Partial<FormLimits>;
}[] = [
  {
    name: "a text and a file",
    raw: crlf`--B\n${A}\n\n1\n--B\n${F}\n\n2\r3\n--B--\n`,
    want: ["a=1", "f<f.txt>=2\r3"],
  },
  { name: "no part", raw: crlf`--B--\n`, want: [] },
  {
    name: "no line end at its end",
    raw: crlf`--B\n${A}\n\n1\n--B--`,
    want: ["a=1"],
  },
  {
    name: "a preamble and an epilogue",
    raw: crlf`before\n--A\n--B\n${A}\n\n1\n--B--\nafter\n--B\n`,
    want: ["a=1"],
  },
  {
    name: "an empty line in front",
    raw: crlf`\n--B\n${A}\n\n1\n--B--`,
    want: ["a=1"],
  },
  {
    name: "whitespace behind delimiters",
    raw: crlf`--B \t\n${A}\n\n1\n--B-- \t\n`,
    want: ["a=1"],
  },
  {
    name: "no content",
    raw: crlf`--B\n${A}\n\n\n--B\n${F}\n\n\n--B--`,
    want: ["a=", "f<f.txt>="],
  },
  {
    name: "no content and no line for it",
    raw: crlf`--B\n${A}\n\n--B\n${F}\n\n--B--`,
    want: ["a=", "f<f.txt>="],
  },
  {
    name: "content that looks like a delimiter",
    raw: crlf`--B\n${A}\n\n--b--B\r--B\n-B\n\n--\n--A\n\r\n\n--B--`,
    want: [crlf`a=--b--B\r--B\n-B\n\n--\n--A\n\r\n`],
  },
  {
    name: "bare LF before a delimiter is content",
    raw: `--B\r\n${A}\r\n\r\n1\n--B\n2\r\n--B--`,
    want: ["a=1\n--B\n2"],
  },
  {
    name: "a form within a part is its content",
    raw: crlf`--B\n${A}\nContent-Type: multipart/mixed; boundary=C\n
--C\n${F}\n\n1\n--C--\n\n--B--`,
    want: [crlf`a=--C\n${F}\n\n1\n--C--\n`],
  },
  {
    name: "as many parts as may be",
    raw: crlf`--B\n${A}\n\n1\n`.repeat(10) + "--B--",
    want: Array(10).fill("a=1"),
  },
  {
    name: "one part more",
    raw: crlf`--B\n${A}\n\n1\n`.repeat(11) + "--B--",
    want: [...Array(10).fill("a=1"), "413 The form has too many fields"],
  },
  {
    name: "a head as long as may be",
    raw: crlf`--B\n${A}\n\n1\n--B--`,
    limits: { partHeadBytes: A.length },
    want: ["a=1"],
  },
  {
    name: "a head one byte longer",
    raw: crlf`--B\n${A} \n\n1\n--B--`,
    limits: { partHeadBytes: A.length },
    want: ["413 The head of a part is too long"],
  },
  {
    name: "a head without end",
    raw: crlf`--B\n${A}\n` + "X: y\r\n".repeat(100),
    want: ["413 The head of a part is too long"],
  },
  { name: "nothing", raw: "", want: [BREAKS_OFF] },
  { name: "no delimiter", raw: crlf`a=1\nb=2\n`, want: [BREAKS_OFF] },
  {
    name: "the end of a form only",
    raw: crlf`1\n--B--\n`,
    want: [],
  },
  {
    name: "a delimiter with more behind it",
    raw: crlf`--B\n${A}\n\n1\n--B2\n--B--`,
    want: [MALFORMED],
  },
  {
    name: "a last delimiter with one dash",
    raw: crlf`--B\n${A}\n\n1\n--B-`,
    want: [MALFORMED],
  },
  {
    name: "a last delimiter with more behind it",
    raw: crlf`--B\n${A}\n\n1\n--B--x\n`,
    want: [MALFORMED],
  },
  {
    name: "a delimiter with LF alone",
    raw: crlf`--B\n${A}\n\n1\n--B` + "\n--B--",
    want: [MALFORMED],
  },
  {
    name: "endless whitespace behind a delimiter",
    raw: "--B" + " ".repeat(100) + crlf`\n${A}\n\n1\n--B--`,
    want: [MALFORMED],
  },
  {
    name: "a part without a head",
    raw: crlf`--B\n\n1\n--B--\n\n`,
    want: ["400 The head of a part is malformed"],
  },
  {
    name: "a head that a delimiter ends",
    raw: crlf`--B\n${A}\n--B\n${A}\n\n1\n--B--`,
    want: ["400 The head of a part is malformed"],
  },
  {
    name: "a head that is not UTF-8",
    raw: crlf`--B\n${A}; filename="\xff"\n\n1\n--B--`,
    want: ["400 The head of a part is not UTF-8"],
  },
  {
    name: "a second part that is malformed",
    raw: crlf`--B\n${A}\n\n1\n--B\nX: 1\n\n2\n--B--`,
    want: ["a=1", "400 The head of a part is malformed"],
  },
];

Deno.test("MultipartReader reads forms, however they are cut", async (t) => {
  for (const { name, raw, want, limits } of ROWS) {
    await t.step(name, async () => {
      await eachSplit(raw, async (splits, cut) => {
        const reader = readerOf(raw, splits, { ...LIMITS, ...limits });
        assertEquals(await readAll(reader), want, cut);
      });
    });
  }
});

Deno.test("MultipartReader takes no form that breaks off for a shorter one", async () => {
  const raw = crlf`--B\n${A}\n\n1\n--B\n${F}\n\n2\n--B--`;
  const firstEnd = raw.indexOf("\r\n--B", 5) + 7;
  for (let end = 0; end < raw.length; end++) {
    const cut = raw.slice(0, end);
    for (const splits of [[], "each"] as const) {
      const seen = await readAll(readerOf(cut, splits));
      const refusal = seen.pop();
      assert(refusal === BREAKS_OFF || refusal === MALFORMED, refusal);
      assertEquals(seen, end < firstEnd ? [] : ["a=1"], `${end}`);
    }
  }
});

Deno.test("MultipartReader goes past what is not read of a part", async () => {
  const raw = crlf`--B\n${F}\n\n${"x".repeat(200_000)}\n--B\n${A}\n\n1\n--B--`;
  const reader = readerOf(raw);
  const first = await reader.next();
  assertEquals((await first?.read())?.[0], 0x78);
  const second = await reader.next();
  assertEquals(await first?.read(), null);
  assertEquals(second?.name, "a");
  assertEquals(await second?.read(), latin1Octets("1"));
  assertEquals(await second?.read(), null);
  assertEquals(await second?.read(), null);
  assertEquals(await reader.next(), null);
  assertEquals(await reader.next(), null);
});

Deno.test("MultipartReader gives the content away as the caller's own", async () => {
  const content = "x".repeat(100_000);
  const reader = readerOf(crlf`--B\n${F}\n\n${content}\n--B--`);
  const part = await reader.next();
  let seen = "";
  for (let run; (run = await part?.read());) {
    seen += new TextDecoder().decode(run);
    run.fill(0);
  }
  assertEquals(seen, content);
});

/** What a promise is rejected with. */
function failure(promise: Promise<unknown> | undefined): Promise<unknown> {
  return promise?.then(() => undefined, (error: unknown) => error) ??
    Promise.resolve();
}

Deno.test("MultipartReader throws again what it has thrown", async () => {
  const reader = readerOf(crlf`--B\n${F}\n\n1\n--Bx\n--B\n${A}\n\n1\n--B--`);
  const part = await reader.next();
  await part?.read();
  const first = await failure(part?.read());
  assert(first instanceof HttpError);
  assertEquals(await failure(reader.next()), first);
  assertEquals(await failure(part?.read()), first);
});

Deno.test("MultipartReader throws what the body throws", async () => {
  const gone = new Error("gone");
  const body = { read: () => Promise.reject(gone) };
  const reader = new MultipartReader(body, "B", LIMITS);
  assertEquals(await failure(reader.next()), gone);
});

Deno.test("MultipartReader joins small pieces to large runs", async () => {
  const raw = crlf`--B\n${F}\n\n${"\n--A".repeat(40_000)}\n--B--`;
  const reader = readerOf(raw, "each");
  const part = await reader.next();
  const sizes: number[] = [];
  for (let run; (run = await part?.read());) sizes.push(run.length);
  assertEquals(sizes.reduce((sum, size) => sum + size), 200_000);
  assert(sizes.length <= 7, `${sizes.length} runs`);
});

Deno.test("MultipartReader reads thousands of parts that hold nothing", async () => {
  const count = 5_000;
  const raw = crlf`--B\n${A}\n\n\n`.repeat(count) + "--B--";
  const limits = { ...LIMITS, formFields: count };
  const body = new Body(raw, []);
  const reader = new MultipartReader(body, "B", limits);
  assertEquals(await readAll(reader), Array(count).fill("a="));
  assert(body.reads < 20, `${body.reads} reads`);
});

Deno.test("MultipartReader has a head that is longer than its buffer", async () => {
  const head = `${A}\nX: ${"y".repeat(300_000)}`;
  const limits = { ...LIMITS, partHeadBytes: 400_000 };
  const raw = crlf`--B\n${head}\n\n1\n--B--`;
  assertEquals(await readAll(readerOf(raw, [], limits)), ["a=1"]);
});

const SEED = Math.floor(Math.random() * 2 ** 31);

Deno.test(`MultipartReader throws nothing but HttpError, seed ${SEED}`, async () => {
  for (const raw of formMutations(SEED, 3_000)) {
    const whole = await readAll(readerOf(raw));
    const half = await readAll(readerOf(raw, [raw.length >> 1]));
    const pieces = await readAll(readerOf(raw, "each"));
    assertEquals(half, whole, JSON.stringify(raw));
    assertEquals(pieces, whole, JSON.stringify(raw));
  }
});
